"""JSON -> JSON lines: a list of objects or of texts, or an object with one list in it; a list is never held whole."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from core.corpus.formats.output import Output
from core.corpus.formats.words import text_of
from core.problem import Problem

LONGEST_ITEM = 16 << 20  # characters of one item of a list
_TEXT = "text"
_BLANK = " \t\r\n\ufeff"
_PARTED = re.compile(r"[ \t\r\n,]*")


def read_json(path: Path, out: Output, name: str, encoding: str = "") -> None:
    """Convert a file. Raises Problem if it is no JSON, damaged, nested too deeply, or no list of records."""
    try:
        pieces = _begun(text_of(path, name, encoding))
        first = next(pieces, "")
        items = _items(pieces, first[1:], name) if first.startswith("[") else _inside(first, pieces, name)
        for item in items:
            _write(item, out)
    except RecursionError as error:
        raise Problem("{name} is nested too deeply to be read: save it as plain text (.txt).", name=name) from error
    if not out.begun:
        raise Problem("{name} holds no list of texts or of objects: write one object a line, such as {example}.",
                      name=name, example='{"text": "…"}')  # fmt: skip


def _begun(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces without the blanks before the first character."""
    for piece in pieces:
        if start := piece.lstrip(_BLANK):
            yield start
            break
    yield from pieces


def _items(pieces: Iterator[str], text: str, name: str) -> Iterator[Any]:
    """The items of a list whose bracket has been read, one by one."""
    decoder, wanted, done, place = json.JSONDecoder(), 1, 0, 0
    while True:
        place = _PARTED.match(text, place).end()  # type: ignore[union-attr]  # it always matches
        if text.startswith("]", place):
            return
        try:
            item, end = decoder.raw_decode(text, place)
            if end == len(text):  # a number may go on
                raise ValueError
        except ValueError as error:
            more = "".join(islice(pieces, wanted))
            if not more or len(text) - place > LONGEST_ITEM:
                raise _damaged(name, done) from error
            text, place, wanted = text[place:] + more, 0, 2 * wanted  # twice as much: a long item is not tried often
            continue
        yield item
        done, wanted, place = done + 1, 1, end


def _inside(first: str, pieces: Iterator[str], name: str) -> Iterable[Any]:
    """What is a record in one object: the items of its one list, or itself; or its lines, an object each."""
    text = first + "".join(pieces)
    try:
        value = json.loads(text)
    except ValueError as error:
        return _lines(text, name, error)
    if not isinstance(value, dict):
        return ()
    lists = [each for each in value.values() if isinstance(each, list)]
    of_records = [each for each in lists if each and isinstance(each[0], dict)]
    of_texts = [each for each in lists if _letters(each) > _letters(value.values())]
    if len(of_records) == 1 or len(of_texts) == 1:
        return (of_records or of_texts)[0]
    if value and all(isinstance(each, dict) for each in value.values()):
        return [{"id": key} | each for key, each in value.items()]
    return [value]


def _letters(values: Iterable[Any]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))


def _lines(text: str, name: str, error: ValueError) -> Iterator[Any]:
    """The objects of JSON lines, where there is one on the first line at least."""
    try:
        json.loads(text.partition("\n")[0])
    except ValueError:
        raise _damaged(name, 0) from error
    for line in text.split("\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _damaged(name: str, done: int) -> Problem:
    return Problem("{name} is no JSON, or is damaged after {count} items: save it again.", name=name, count=done)


def _write(item: Any, out: Output) -> None:
    """An object is a record, a text the text of one; other things hold no text."""
    if isinstance(item, dict):
        out.record(item)
    elif isinstance(item, str):
        out.record({_TEXT: item})
