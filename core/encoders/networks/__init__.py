"""The arithmetic of the papers that need torch."""

import os

os.environ.setdefault(
    "OMP_WAIT_POLICY", "PASSIVE"
)  # read when torch loads: else waiting threads spin on a busy machine


def use_threads(count: int) -> None:
    """How many processor cores torch uses from now on in this process."""
    import torch

    torch.set_num_threads(count)
