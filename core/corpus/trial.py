"""What each step of cleaning does, or would do, to the head of some texts, before anything is read."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.corpus.boilerplate import STEP as BOILERPLATE
from core.corpus.boilerplate import without_boilerplate
from core.corpus.cleaning import STEPS, chosen, nothing_left, step
from core.corpus.duplicates import Duplicates
from core.corpus.settings import ReadSettings
from core.corpus.writing import sayable
from core.problem import Problem

_TRIED = 1 << 20  # characters that a step which is not chosen is tried on
_BEFORE, _SHOWN = 40, 120  # characters of an excerpt before the change, and in all
_BETWEEN = "\x1e"  # documents: white space to every step
_WORD = re.compile(r"[^\W_]")


@dataclass
class Trial:
    """The steps in their order: step, count of changes, and one place before and after. left: which documents are."""

    documents: list[str]
    found: list[dict[str, Any]] = field(default_factory=list)
    left: list[bool] = field(default_factory=list)
    emptied_by: str | None = None  # the first chosen step after which there is no word left

    @property
    def text(self) -> str:
        """What is left of all documents."""
        return "\n".join(text for text, left in zip(self.documents, self.left) if left)

    @property
    def share_left(self) -> float:
        """The share of the documents that are left."""
        return sum(self.left) / max(1, len(self.left))

    def problems(self, name: str) -> list[Problem]:
        """That a chosen step has left no word of the file called `name`, if one has."""
        return [nothing_left(self.emptied_by, name)] if self.emptied_by else []


class Frames:
    """Tries to cut the boilerplate of files or rows, and keeps the first place where there is some."""

    def __init__(self) -> None:
        self.cut: Counter[str] = Counter()
        self.shown = "", ""

    def without(self, text: str, *, file: bool, whole: bool) -> str:
        before = self.cut.total()
        kept = "".join(without_boilerplate([text], self.cut, notices=file, whole=whole))
        if self.cut.total() > before and not any(self.shown):
            self.shown = excerpt(text, kept)
        return kept


def try_cleaning(documents: Sequence[str], frames: Frames, settings: ReadSettings) -> Trial:
    """Try every step in order, each on what the chosen ones before it leave.

    documents: the heads of the documents, without boilerplate if that is chosen, which `frames` has tried.
    """
    wanted, text = chosen(settings), sayable(_BETWEEN.join(documents))
    trial = Trial(list(documents), [_entry(BOILERPLATE, frames.cut[BOILERPLATE], *frames.shown)])
    had_words = bool(_WORD.search(text))
    for name in STEPS[1:-1]:
        tried = text if name in wanted else text[:_TRIED]
        cleaned, count = step(name, settings)(tried)
        trial.found.append(_entry(name, count, *excerpt(tried, cleaned)))
        text = cleaned if name in wanted else text
        if had_words and name in wanted and not trial.emptied_by and not _WORD.search(text):
            trial.emptied_by = name
    if frames.cut and BOILERPLATE in wanted and not had_words:
        trial.emptied_by = BOILERPLATE
    parts = text.split(_BETWEEN)
    trial.documents = parts if len(parts) == len(documents) else [text]
    _try_duplicates(trial)
    if "drop_duplicates" not in wanted:
        trial.left = [True] * len(trial.documents)
    return trial


def _try_duplicates(trial: Trial) -> None:
    seen, shown = Duplicates(), ""
    for text in trial.documents:
        seen.add(text)
        known = seen.end()
        trial.left.append(not known)
        shown = shown or (text.strip()[:_SHOWN] if known else "")
    trial.found.append(_entry("drop_duplicates", trial.left.count(False), shown, ""))


def _entry(name: str, count: int, before: str, after: str) -> dict[str, Any]:
    return {"step": name, "count": count, "before": before, "after": after}


def excerpt(before: str, after: str) -> tuple[str, str]:
    """The surroundings of the first difference of two texts, in both; empty where there is none."""
    if before == after:
        return "", ""
    low, high = 0, min(len(before), len(after))
    while low < high:  # the longest common beginning
        middle = (low + high + 1) // 2
        low, high = (middle, high) if before[low:middle] == after[low:middle] else (low, middle - 1)
    begin = max(0, low - _BEFORE)
    blank = before.find(" ", begin, low)
    if begin and blank >= 0:  # not in the midst of a word
        begin = blank + 1
    begin = max(begin, before.rfind(_BETWEEN, begin, low) + 1)
    shown = slice(begin, begin + _SHOWN)
    return _one(before[shown], low - begin), _one(after[shown], low - begin)


def _one(text: str, change: int) -> str:
    """The beginning of a text, of one document."""
    end = text.find(_BETWEEN, change)
    return text if end < 0 else text[:end]
