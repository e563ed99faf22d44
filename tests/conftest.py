"""What all tests share: kernels that `make install` has compiled, and libraries that keep to one thread."""

import os


def prepare() -> None:
    """Set the environment of this process and of all that it starts, before a numerical library is loaded.

    Several processes test at once (`make test`): a library that took every core, or spun while it waits, would slow
    the others.
    """
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("SEMASCOPE_COLD", "1")  # who answers a test makes nothing ready that is not asked for
    from core.store.home import default_home  # loads numpy

    os.environ.setdefault("NUMBA_CACHE_DIR", str(default_home() / "cache" / "numba"))


def without_a_clock() -> None:
    """Random examples may take their time: how long they take says only how busy the machine is."""
    from hypothesis import HealthCheck, settings

    settings.register_profile("without a clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("without a clock")


prepare()
without_a_clock()
