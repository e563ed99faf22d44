import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.answers import Stopped, functions, lane, serve
from core.problem import Problem
from tests.core.answers.conftest import eventually, process_of


def test_a_long_home_gets_a_short_address(home):
    deep = home / ("deep" * 30)
    assert lane.address(home, "maps") == str(home / "answers" / "maps.sock")
    assert len(lane.address(deep, "models")) < lane.LONGEST and lane.address(deep, "maps") != lane.address(
        deep / "x", "maps"
    )


def test_only_this_user_may_enter(home):
    os.umask(os.umask(0))
    lane.socket_folder(home, "maps")
    assert stat.S_IMODE((home / "answers").stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(home, monkeypatch):
    lane.folder(home)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(Problem, match="somebody else"):
        lane.folder(home)


def test_a_lock_has_one_holder_at_a_time(home):
    first = lane.lock(home / "x.lock")
    assert (home / "x.lock").read_text() == str(os.getpid()) and lane.lock(home / "x.lock") is None
    first.close()
    lane.lock(home / "x.lock").close()


def test_several_starts_leave_one_process_and_it_cleans_up(home):
    logs = lane.folder(home)
    with open(logs / "maps.log", "ab") as out:
        processes = [lane._detached(home, "maps", out) for _ in range(3)]
    socket = Path(lane.address(home, "maps"))
    assert eventually(socket.exists) and eventually(lambda: sum(each.poll() is None for each in processes) == 1)
    (one,) = [each for each in processes if each.returncode is None]
    assert process_of(home, "maps") == one.pid and {each.returncode for each in processes} == {None, 0}
    one.terminate()
    assert one.wait(20) == 0 and not socket.exists()


@pytest.mark.parametrize("lane_name, cold, warmed", [("maps", "", [1]), ("maps", "1", []), ("models", "", [])])
def test_maps_are_made_ready_before_anybody_asks(home, monkeypatch, lane_name, cold, warmed):
    calls = []
    monkeypatch.setenv("SEMASCOPE_COLD", cold)
    monkeypatch.setattr(functions, "warm", lambda: calls.append(1))
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    monkeypatch.setattr(lane, "lock", lambda path: True)
    monkeypatch.setattr(serve.Answerer, "run", lambda answerer, going: eventually(lambda: calls == warmed))
    serve.main(home, lane_name)
    assert calls == warmed


def test_a_process_that_cannot_start_is_a_sentence(home, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    lane.start(home, "maps")
    process, _ = lane._started[lane.address(home, "maps")]
    process.wait(20)
    with pytest.raises(Stopped, match="maps.log"):
        lane.start(home, "maps")
    lane.start(home, "maps", since=time.monotonic())
    assert lane._started[lane.address(home, "maps")][0] is not process


def test_asking_is_light_enough_for_the_web_process():
    heavy = "{'numba', 'sklearn', 'scipy', 'umap', 'torch'} & set(sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, core.answers; print({heavy})"], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
