"""Senses sorted by hand: renamed, merged, occurrences moved. Every change is a new state, so that it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.problem import Problem

LONGEST_NAME = 60


@dataclass(frozen=True)
class Sorted:
    """values: of n occurrences, each an index into names, or -1 for none. aside: names that are labels and no senses,
    as "both" and "undecided"; they stand last."""

    values: tuple[int, ...]
    names: tuple[str, ...]
    aside: frozenset[str] = frozenset()

    @property
    def senses(self) -> int:
        """How many of the names are senses; they come first."""
        return sum(name not in self.aside for name in self.names)

    @property
    def groups(self) -> list[int]:
        """The values, -1 for those aside: what is measured."""
        return [value if value < self.senses else -1 for value in self.values]

    def renamed(self, sense: int, name: str) -> "Sorted":
        """One sense under another name; under that of another sense, the two become one. Raises Problem for no name."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise Problem("A sense needs a name: type one.")
        if name in self.names and self.names.index(name) != sense:
            return self.merged(sense, self.names.index(name))
        return replace(self, names=(*self.names[:sense], name, *self.names[sense + 1 :]))._dense()

    def merged(self, sense: int, into: int) -> "Sorted":
        """The occurrences of one sense in another; the emptied one goes."""
        values = np.where(np.array(self.values) == sense, into, self.values)
        return replace(self, values=tuple(values.tolist()))._dense()

    def moved(self, rows: list[int], name: str) -> "Sorted":
        """Some occurrences in the sense of this name, which is made if there is none; "" takes them out of any."""
        name = " ".join(name.split())[:LONGEST_NAME]
        names = self.names if not name or name in self.names else (*self.names, name)
        values = np.array(self.values)
        values[rows] = names.index(name) if name else -1
        return replace(self, values=tuple(values.tolist()), names=names)._dense()

    def draft(self) -> dict[str, Any]:
        """What `of` makes this from again, as JSON can say it."""
        return {"values": list(self.values), "names": list(self.names)}

    @classmethod
    def of(cls, draft: Mapping[str, Any], aside: frozenset[str]) -> "Sorted":
        """From a draft."""
        return cls(tuple(draft["values"]), tuple(draft["names"]), aside)

    def _dense(self) -> "Sorted":
        kept = sorted({*self.values} - {-1}, key=lambda i: (self.names[i] in self.aside, i))
        places = {old: new for new, old in enumerate(kept)} | {-1: -1}
        values = tuple(places[value] for value in self.values)
        return replace(self, values=values, names=tuple(self.names[i] for i in kept))

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """document, start, end, label of the occurrences that have a sense. frame: see `core.explore.senses`."""
        labels = [self.names[value] if value >= 0 else "" for value in self.values]
        found = frame[["document", "begin", "end"]].set_axis(["document", "start", "end"], axis=1).assign(label=labels)
        return found[found["label"] != ""].reset_index(drop=True)


def by_value(values: list[str], most: int = 11, other: str = "…", aside: frozenset[str] = frozenset()) -> Sorted:
    """Sorted by what stands in a column, the most frequent first; "" is none, the rarest share `other`."""
    counts = pd.Series([value for value in values if value], dtype=object).value_counts()
    names = counts.index.tolist()
    kept = names if len(names) <= most + 1 else [*names[:most], other]
    places = {name: i for i, name in enumerate(kept)}
    found = tuple(places.get(value, len(kept) - 1) if value else -1 for value in values)
    return Sorted(found, tuple(kept), aside)._dense()
