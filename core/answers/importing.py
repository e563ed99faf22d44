"""A look at files of vectors before they are imported; what is wrong with them is part of the answer."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.answers.corpora import Steps
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.store import Store


def vectors_preview(_store: "Store", paths: Sequence[Sequence[str]], kind: str = "") -> Steps:
    """What these files, each a path and a name, seem to hold; see `core.store.importing.looking.look`. Facts: those of
    the look, or problem."""
    from core.store.importing import limited_look

    yield marked("Looking into the file")
    try:
        return {}, limited_look([(Path(path), name) for path, name in paths], kind)
    except Problem as problem:
        return {}, {"problem": problem.to_dict()}
