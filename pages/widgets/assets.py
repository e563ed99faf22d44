"""The files that a browser gets from us besides Streamlit's own: plotly.js of its wheel, and our components' scripts.

Their address holds a version made from what is in them, so a browser may keep each for ever and never has a stale one.
"""

import hashlib
from functools import cache
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPTS = tuple(sorted(path.name for path in FOLDER.glob("*.js")))


@cache
def assets() -> dict[str, Path]:
    """The name of each file a browser may ask for → where it lies."""
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None, "plotly is in requirements.txt"
    plotly = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return {"plotly.min.js": plotly} | {name: FOLDER / name for name in SCRIPTS}


@cache
def version() -> str:
    """Twelve letters that change when plotly.js or one of our scripts does."""
    content = b"".join((FOLDER / name).read_bytes() for name in SCRIPTS)
    return hashlib.sha256(package_version("plotly").encode() + content).hexdigest()[:12]


def address(name: str) -> str:
    """Where a browser finds this file, relative to the app's address."""
    return f"assets/{version()}/{name}"
