"""Compile every kernel into the cache on disk, at the lowest priority: `python -m core.jobs.warm [HOME]`.

A stamp in the cache says for which sources and versions this was done, so that it is done once.
"""

import hashlib
import logging
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from core.store.files import write_bytes
from core.store.home import default_home, environment, make_home

_CORE = Path(__file__).resolve().parents[1]
_STAMP = "semascope-warmed"

log = logging.getLogger("warm")


def needed(cache: Path) -> bool:
    """Whether there is something to compile."""
    stamp = cache / _STAMP
    return not stamp.exists() or stamp.read_text() != _made_of()


def _made_of() -> str:
    """A hash of what decides whether compiled kernels still fit: versions, the machine, the sources of kernels."""
    digest = hashlib.sha256(f"{sys.version} {version('numba')} {platform.machine()} {platform.node()}".encode())
    for path in sorted(_CORE.rglob("*.py")):
        if path.stem == "kernels" or "kernels" in path.parent.name:
            digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def warm() -> None:
    """Compile the kernels of the corpus, of the projections and of every encoder."""
    from core.corpus import kernels
    from core.encoders import ENCODERS
    from core.explore.projection import ProjectionOptions, project

    kernels.warm()
    vectors = np.random.default_rng(0).standard_normal((300, 8), np.float32)
    for method in ("umap", "tsne"):
        for _ in project(vectors, ProjectionOptions(method=method)):
            pass
    for encoder in ENCODERS.values():
        began = time.perf_counter()
        encoder.warm()
        log.info("%s: %.1f s", encoder.name, time.perf_counter() - began)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else default_home()
    make_home(home)
    os.nice(15)
    os.environ.update(environment(home))  # before numba is imported
    cache = Path(os.environ["NUMBA_CACHE_DIR"])
    cache.mkdir(parents=True, exist_ok=True)
    made_of = _made_of()
    if needed(cache):
        warm()
        write_bytes(cache / _STAMP, made_of.encode())


if __name__ == "__main__":
    main()
