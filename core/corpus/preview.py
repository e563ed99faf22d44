"""A look at files before anything is kept: how they would be read, and what a person may want to change.

HEAD bytes of a file are read, and of text files COUNTED bytes in all to count the documents that a split would give.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from core.corpus.boilerplate import without_boilerplate
from core.corpus.cleaning import Cleaner
from core.corpus.doubts import doubts
from core.corpus.encodings import Encoding, decoded, find_encoding
from core.corpus.language import detect
from core.corpus.reading import ReadSettings, added, documents, layout_of
from core.corpus.roles import guess_roles, guess_translation
from core.corpus.sources import Paths, Source, find_sources
from core.corpus.splitting import SPLITS, Piece, split_text
from core.corpus.tokenizers import Tokenization
from core.corpus.trial import Frames, excerpt, try_cleaning
from core.problem import Problem

HEAD = 256 << 10  # bytes of a file
COUNTED = 4 << 20  # bytes of text whose documents are counted
MOST_FILES = 20
_SHOWN = 2000  # characters of text
_TOKENIZED = 20_000  # characters


@dataclass
class _Look:
    """One file: how it is read, and the head of what is read from it."""

    source: Source
    head: bytes = b""
    whole: bool = True  # the head is all there is
    encoding: Encoding = field(default_factory=lambda: Encoding("utf-8"))
    heads: list[dict[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    text_column: str | None = None
    label_column: str | None = None
    documents: list[str] = field(default_factory=list)
    rows: list[dict[str, str | None]] = field(default_factory=list)
    problem: Problem | None = None


def preview(paths: Paths, settings: ReadSettings) -> dict[str, Any]:
    """What would be read, as JSON.

    files: name, folder, kind ("text", "table", "lines"), bytes (as stored), encoding, certain, encodings (name and
    head of the text in it, the one taken first), columns, text_column, label_column, title_column, date_column and
    group_column, translation_column (guesses; title, date and group may be a column that reading adds: "file",
    "folder", "title"), rows (the other columns of the first documents), problem. more_files: how many were not looked
    at. columns: all that the documents will have. cleaning: step, count, before, after: what each step does, or would
    do, in what was looked at, and its first place. stopped: the same of the stop words, with `of`, how many tokens were
    looked at; None without a list.
    head: the first text, after the steps that are chosen.
    language; tokens: the first of them; words: about how many there are in all, documents too; exact: whether these
    two were counted. splits: split, documents, exact, titles. skipped, warnings: Problems.
    Raises Problem if nothing can be read at all.
    """
    with ExitStack() as stack:
        sources, skipped = find_sources(paths, stack, COUNTED, settings.encoding)
        frames = Frames()
        looks = [_look(source, settings, frames) for source in sources[:MOST_FILES]]
        splits = _splits([look for look in looks if look.source.kind == "text" and not look.problem], settings)
    heads = [part for look in looks for part in look.documents]
    is_empty = not frames.cut and not any(map(str.strip, heads))
    if is_empty and all(look.whole and not look.problem for look in looks) and len(sources) <= MOST_FILES:
        raise Problem("{name} is empty: choose a file with text in it.", name=looks[0].source.name)
    trial = try_cleaning(heads, frames, settings)
    text = trial.text
    language = settings.language or detect(text[: HEAD // 2])
    tokens, unfit = _tokens(text[:_TOKENIZED], settings)
    share, exact = _share_read(looks, sources), all(look.whole for look in looks) and len(looks) == len(sources)
    words = round(len(tokens) * max(1.0, len(text) / _TOKENIZED) / share)
    count = round(_documents(looks, sources, splits, settings, share) * trial.share_left)
    warnings = [*trial.problems(looks[0].source.name), *unfit]
    warnings += doubts(text, tokens, words, count, language, settings.tokenizer, splits) if tokens else []
    columns, roles = _columns(looks)
    return {
        "files": [_file(look, roles) for look in looks],
        "columns": columns,
        "cleaning": trial.found,
        "stopped": _stopped(text, settings),
        "more_files": len(sources) - len(looks),
        "head": text[:_SHOWN],
        "language": language,
        "tokens": tokens[:200],
        "words": words,
        "documents": count,
        "exact": exact and len(text) <= _TOKENIZED,
        "splits": [split for split in splits if split["documents"] > 1],
        "skipped": [item.why.to_dict() for item in skipped[:MOST_FILES]],
        "warnings": [item.to_dict() for item in warnings],
    }


def _tokens(text: str, settings: ReadSettings) -> tuple[list[str], list[Problem]]:
    """The tokens of a text before anything is learned, and settings that do not go together."""
    try:
        return Tokenization.of(settings).tokenize(text), []
    except Problem as problem:
        return Tokenization(settings.tokenizer, settings.lowercase).tokenize(text), [problem]


def _stopped(text: str, settings: ReadSettings) -> dict[str, Any] | None:
    """How many of the tokens are stop words, and the first tokens with them and without."""
    try:
        how = Tokenization.of(settings)
    except Problem:  # which `_tokens` tells
        return None
    if not how.stop_words:
        return None
    every, stopped = replace(how, stop_words=()).tokenize(text[:HEAD]), {*how.stop_words}
    kept = [token for token in every if token not in stopped]
    before, after = excerpt(" ".join(every), " ".join(kept))
    return {"step": "stop_words", "count": len(every) - len(kept), "of": len(every), "before": before, "after": after}


def _columns(looks: list[_Look]) -> tuple[list[str], dict[str, str]]:
    """The columns that the documents will have, with those that reading adds; and what they may be for."""
    rows = [{**added(look.source), **row} for look in looks for row in look.rows]
    label = next((look.label_column for look in looks if look.label_column), None)
    return list(dict.fromkeys(column for row in rows for column in row)), guess_roles(rows, None, label)


def _look(source: Source, settings: ReadSettings, frames: Frames) -> _Look:
    look = _Look(source)
    try:
        for chunk in source.chunks(HEAD + 1):
            look.head += chunk
        look.head, look.whole = look.head[:HEAD], len(look.head) <= HEAD
        for event in find_encoding(iter([look.head]), source.name, settings.encoding, whole=look.whole):
            look.encoding = event if isinstance(event, Encoding) else look.encoding
        look.heads = _heads(look.head, look.encoding)
        pieces = decoded(iter([look.head]), look.encoding.name, source.name, strict=False)
        _read(look, "".join(pieces), settings, frames)
    except Problem as problem:
        look.problem = problem
        look.heads = look.heads or _heads(look.head[:HEAD], Encoding("utf-8", False, ("cp1252", "gb18030")))
    return look


def _heads(head: bytes, encoding: Encoding) -> list[dict[str, str]]:
    """The head of the text in the encoding taken and, if that was a guess, in the others that fit."""
    names = dict.fromkeys((encoding.name, *encoding.others))
    return [{"name": name, "head": head[:1200].decode(name, "replace")[:300]} for name in names]


def _read(look: _Look, text: str, settings: ReadSettings, frames: Frames) -> None:
    source, skipped = look.source, Counter[str]()
    if source.kind == "text":
        framed = frames.without(text, file=True, whole=look.whole)
        text = framed if settings.strip_boilerplate else text
    else:
        layout = layout_of(source, text, settings)
        look.columns, look.text_column, look.label_column = list(layout.columns), layout.text, layout.label
    parts: list[str] = []
    for piece in documents(source, iter([text]), settings, skipped, Cleaner(ReadSettings())):
        if isinstance(piece, str):
            parts.append(piece)
        else:
            look.documents.append("".join(parts))
            look.rows.append(piece)
            parts = []
    if not look.whole and source.kind != "text" and len(look.documents) > 1:  # the last row may be cut
        del look.documents[-1], look.rows[-1]
    if source.kind != "text":
        framed_rows = [frames.without(part, file=False, whole=True) for part in look.documents]
        look.documents = framed_rows if settings.strip_boilerplate else look.documents


def _file(look: _Look, roles: dict[str, str]) -> dict[str, Any]:
    source = look.source
    label = roles.get("label") if look.label_column and look.label_column == roles.get("date") else look.label_column
    return {
        "name": source.name, "folder": source.folder, "kind": source.kind, "bytes": source.stored,
        "encoding": look.encoding.name, "certain": look.encoding.certain, "encodings": look.heads,
        "columns": look.columns, "text_column": look.text_column, "label_column": label,
        **{f"{role}_column": roles.get(role) for role in ("title", "date", "group")},
        "translation_column": guess_translation(look.columns, look.text_column),
        "rows": look.rows[:5], "problem": look.problem.to_dict() if look.problem else None,
    }  # fmt: skip


def _share_read(looks: list[_Look], sources: list[Source]) -> float:
    """About what share of all text has been read."""
    read = sum(len(look.head) for look in looks)
    unread = sum(source.size for source in sources[len(looks) :])
    cut = sum(max(0, look.source.size - len(look.head)) for look in looks if not look.whole)
    return read / (read + unread + cut) if read else 1.0


def _splits(looks: list[_Look], settings: ReadSettings) -> list[dict[str, Any]]:
    """How many documents each split would give."""
    texts = [_counted(look, COUNTED // len(looks), settings) for look in looks]
    read, total = sum(size for _, size, _ in texts), sum(size for _, _, size in texts)
    found: list[dict[str, Any]] = []
    for how in SPLITS if read else ():
        rows = [row for pieces, _, _ in texts for row in _rows(split_text(iter(pieces), how, settings.split_words))]
        titles = [row["title"] for row in rows if row.get("title")]
        documents = round(len(rows) * total / read)
        found.append({"split": how, "documents": documents, "exact": read == total, "titles": titles[:8]})
    return found


def _rows(pieces: Iterator[Piece]) -> Iterator[dict[str, str | None]]:
    return (piece for piece in pieces if isinstance(piece, dict))


def _counted(look: _Look, most: int, settings: ReadSettings) -> tuple[list[str], int, int]:
    """(at most about `most` bytes of a text, how many, how many there are in about)."""
    chunks: list[bytes] = []
    try:
        chunks.extend(look.source.chunks(most))
    except Problem as problem:
        look.problem = problem
    read = sum(map(len, chunks))
    pieces = list(decoded(iter(chunks), look.encoding.name, look.source.name, strict=False))
    if settings.strip_boilerplate:
        pieces = list(without_boilerplate(pieces, Counter(), whole=read < most))
    return pieces, read, read if read < most else max(read, look.source.size)


def _documents(
    looks: list[_Look], sources: list[Source], splits: list[dict[str, Any]], settings: ReadSettings, share: float
) -> int:
    """About how many documents there will be."""
    texts = sum(source.kind == "text" for source in sources) - sum(look.problem is not None for look in looks)
    of_texts = next((split["documents"] for split in splits if split["split"] == settings.split), 0)
    looked = sum(look.source.kind == "text" and not look.problem for look in looks)
    of_rows = sum(len(look.documents) for look in looks if look.source.kind != "text")
    return round(of_texts * max(0, texts) / max(1, looked)) + round(of_rows / share)
