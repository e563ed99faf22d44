"""The child's side of `core.corpus.child`: take limits on, answer requests in JSON lines, leave with the parent."""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from core.problem import Problem

IDLE_SECONDS = 600.0
AHEAD = 4  # steps that may be taken before the parent has asked for them
NEEDS_MEMORY = 71  # exit status of a child that its limit of memory has ended
_START = {"VmSize": 0, "VmData": 0}  # bytes that were mapped before the first request

Request = dict[str, Any]
Answerer = Callable[[Request], Iterator[dict[str, Any]]]


def serve(answerer: Answerer) -> None:
    """Answer requests until the parent is gone or nothing has been asked for IDLE_SECONDS.

    The messages of `answerer` go out as they come, each when the parent has let one more step be taken.
    """
    out, steps, requests = _own_output(), threading.Semaphore(0), SimpleQueue[dict[str, Any]]()
    _START.update(_mapped())
    threading.Thread(target=_listen, args=(requests, steps), daemon=True).start()
    _first_to_go()
    try:
        while asked := _next(requests):
            while steps.acquire(blocking=False):
                continue
            steps.release(AHEAD)
            confine(asked["limits"])
            _answer(answerer, asked["request"], steps, out)
    finally:
        os._exit(0)  # a thread that waits for a line would keep the interpreter from ending in order


def _next(requests: "SimpleQueue[dict[str, Any]]") -> dict[str, Any] | None:
    try:
        return requests.get(timeout=IDLE_SECONDS)
    except Empty:
        return None


def _answer(answerer: Answerer, request: Request, steps: threading.Semaphore, out: IO[bytes]) -> None:
    try:
        for message in answerer(request):
            steps.acquire()
            _tell(out, message)
        _tell(out, {"end": True})
    except Problem as problem:
        _tell(out, {"problem": problem.to_dict()})
    except MemoryError:
        os._exit(NEEDS_MEMORY)
    except Exception:
        _tell(out, {"bug": traceback.format_exc()})
        raise


def _tell(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(json.dumps(message, default=str).encode() + b"\n")
    out.flush()


def _own_output() -> IO[bytes]:
    """The pipe to the parent, which nothing else can write to from now on."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _listen(requests: "SimpleQueue[dict[str, Any]]", steps: threading.Semaphore) -> None:
    """A line is a request, an empty one a step. When there are no more, the parent is gone: so are we."""
    for line in sys.stdin.buffer:
        if line.strip():
            requests.put(json.loads(line))
        else:
            steps.release()
    os._exit(0)


def confine(limits: dict[str, int]) -> None:
    """Hold this process to limits, where the system can: what it takes from now on, not what it began with."""
    try:
        import resource
    except ImportError:  # Windows: the parent's watch on the time is what holds there
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    wanted = {
        resource.RLIMIT_CPU: int(usage.ru_utime + usage.ru_stime) + 1 + limits["cpu"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        wanted[resource.RLIMIT_DATA] = _START["VmData"] + limits["memory"]
        wanted[resource.RLIMIT_AS] = _START["VmSize"] + limits["address"]
    for which, bound in wanted.items():
        _, hard = resource.getrlimit(which)
        soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(which, (soft, hard))


def _mapped() -> dict[str, int]:
    """Bytes mapped by this process, of all kinds and of data."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return {}
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) << 10 for name in _START}


def _first_to_go() -> None:
    """Where memory runs out for all, the kernel is to take this process before those that people look at."""
    try:
        Path("/proc/self/oom_score_adj").write_text("800")
    except OSError:  # another system, or not allowed
        return
