"""How much memory a training may take: of this machine, and of the group of processes that it was started in."""

from pathlib import Path

import psutil

from core.encoders.base import Estimate
from core.problem import Problem

_GROUP = Path("/sys/fs/cgroup")


def available() -> int:
    """Bytes that can be taken without swapping, as far as the system tells."""
    free = int(psutil.virtual_memory().available)
    try:
        limit, used = ((_GROUP / name).read_text().strip() for name in ("memory.max", "memory.current"))
        return free if limit == "max" else max(0, min(free, int(limit) - int(used)))
    except (OSError, ValueError):  # no such group, or of another kind: the machine's own figure must do
        return free


def too_much(cost: Estimate) -> Problem | None:
    """What to tell a person whose training would not fit; None if it fits."""
    free = available()
    if cost.bytes <= free:
        return None
    return Problem(
        "This needs about {needed} GB of memory, and {free} GB are free: choose a smaller size, batch or context, "
        "raise the min count, or close other programs.",
        needed=round(cost.bytes / 1e9, 1), free=round(free / 1e9, 1),
    )  # fmt: skip
