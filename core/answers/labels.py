"""Labels of occurrences out of a file or pasted lines, found in a corpus before they are kept."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from core.answers.corpora import Answered, opened, table
from core.problem import marked

if TYPE_CHECKING:
    from core.store import Store


def labels_found(
    store: "Store", corpus_id: str, name: str, path: str = "", text: str = ""
) -> Generator[Any, None, Answered]:
    """The occurrences that a file (or a text of lines) labels, and what was left out, as Problems."""
    from core.corpus.labelling import import_labels, import_lines, open_labels

    corpus = opened(store, corpus_id)
    yield marked("Looking up")
    found = import_labels(open_labels(path, name), corpus) if path else import_lines(text, corpus, name)
    return {}, {"table": table(found.table), "notes": [note.to_dict() for note in found.notes]}
