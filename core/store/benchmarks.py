"""The test sets of word vectors at hand: those that ship with the app, and a person's own, kept under their hash.

home/benchmarks/HASH.txt is the text of an own set, HASH.json what is said of it. An id never changes its content.
"""

import hashlib
import json
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from core.problem import Problem, marked
from core.store.files import write_bytes, write_json

FOLDER = Path(__file__).parents[2] / "assets" / "evaluation"
_OWN = re.compile("own-[0-9a-f]{16}")


@dataclass(frozen=True)
class BenchmarkRow:
    """A test set. kind: as in `core.explore.evaluation_sets.KINDS`; language: "en", "zh" or "" for any; questions: how
    many. about and owed: what it is and whom it is owed to; created: seconds since 1970, of an own one."""

    id: str
    name: str
    kind: str
    language: str
    questions: int
    about: str = ""
    owed: str = ""
    created: float = 0.0

    @property
    def own(self) -> bool:
        return _OWN.fullmatch(self.id) is not None


_WORDSIM = "Finkelstein et al. (2002) · CC BY 4.0"
_HALVES = "Finkelstein et al. (2002), Agirre et al. (2009) · CC BY 4.0"
_OURS = "Semascope · MIT"
SHIPPED = {
    "en-wordsim353.tsv": BenchmarkRow(
        "en-wordsim353", "WordSim-353", "similarity", "en", 353,
        marked("pairs of words, scored by people for how related they are"), _WORDSIM),
    "en-wordsim353-sim.tsv": BenchmarkRow(
        "en-wordsim353-sim", "WordSim-353 SIM", "similarity", "en", 203,
        marked("its pairs that are similar (car, train), beside unrelated ones"), _HALVES),
    "en-wordsim353-rel.tsv": BenchmarkRow(
        "en-wordsim353-rel", "WordSim-353 REL", "similarity", "en", 252,
        marked("its pairs that are only related (computer, keyboard), beside unrelated ones"), _HALVES),
    "en-analogies.txt": BenchmarkRow(
        "en-analogies", "Analogies (English)", "analogies", "en", 396,
        marked("capitals, family, inflections and word formation"), _OURS),
    "en-categories.csv": BenchmarkRow(
        "en-categories", "Categories (English)", "categories", "en", 96, marked("twelve words of each of eight kinds"),
        _OURS),
    "zh-analogies.txt": BenchmarkRow(
        "zh-analogies", "类比(中文)", "analogies", "zh", 288,
        marked("capitals, provinces, family, languages, currencies, opposites"), _OURS),
    "zh-categories.csv": BenchmarkRow(
        "zh-categories", "类别(中文)", "categories", "zh", 96, marked("twelve words of each of eight kinds"), _OURS),
}  # fmt: skip


def benchmarks(home: Path) -> list[BenchmarkRow]:
    """All test sets: those that ship, then the person's own, the newest first."""
    own = [BenchmarkRow(**json.loads(path.read_text(encoding="utf-8"))) for path in _folder(home).glob("own-*.json")]
    return [*SHIPPED.values(), *sorted(own, key=lambda row: (-row.created, row.id))]


def benchmark_text(home: Path, identity: str) -> str:
    """The text of a test set. Raises Problem if there is none of this id (any more)."""
    shipped = next((file for file, row in SHIPPED.items() if row.id == identity), None)
    path = FOLDER / shipped if shipped else _folder(home) / f"{identity}.txt"
    if not (shipped or _OWN.fullmatch(identity)) or not path.exists():
        raise Problem("There is no test set called {name}; it may have been removed.", name=identity[:60])
    return path.read_text(encoding="utf-8")


def keep_benchmark(home: Path, text: str, name: str, kind: str, language: str, questions: int) -> BenchmarkRow:
    """Keep a person's own test set; the same text again is the same set, under its new name."""
    data = text.encode("utf-8", "replace")
    identity = f"own-{hashlib.sha256(kind.encode() + data).hexdigest()[:16]}"
    row = BenchmarkRow(identity, name[:80], kind, language, questions, created=time.time())
    _folder(home).mkdir(exist_ok=True)
    write_bytes(_folder(home) / f"{identity}.txt", data)
    write_json(_folder(home) / f"{identity}.json", asdict(row))
    return row


def forget_benchmark(home: Path, identity: str) -> None:
    """Take an own test set away."""
    if _OWN.fullmatch(identity):
        for ending in ("json", "txt"):
            (_folder(home) / f"{identity}.{ending}").unlink(missing_ok=True)


def _folder(home: Path) -> Path:
    return home / "benchmarks"
