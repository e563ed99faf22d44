"""XML -> records where it is a list of like elements (<doc><title/><text/></doc>), else its text, a block a line.

It is read twice: once to see what it is, once to write it; a list of records is never held whole.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import entitydefs
from pathlib import Path
from typing import Any

from core.corpus.formats.output import Output
from core.corpus.formats.parts import entities, local
from core.corpus.formats.words import text_of
from core.problem import Problem

MOST_DEPTH = 500
_LOOKED = 1000  # elements of a level whose fields are looked at


@dataclass
class _Level:
    """What the elements at one depth are like: how many of each name, and how many of these are made like records."""

    names: Counter[str] = field(default_factory=Counter)
    flat: Counter[str] = field(default_factory=Counter)

    def look(self, element: Any) -> None:
        name = local(element.tag)
        self.names[name] += 1
        self.flat[name] += self.names[name] <= _LOOKED and _is_flat(element)

    def record(self) -> str:
        """The name of the elements that are records; "" if they are something else."""
        (name, count), *_ = self.names.most_common(1) or [("", 0)]
        alike = count >= 2 and 2 * count >= self.names.total() and self.flat[name] >= 0.8 * min(count, _LOOKED)
        return name if alike else ""


def read_xml(path: Path, out: Output, name: str, encoding: str = "") -> None:
    """Convert a document. Raises Problem for entities of its own, other files, deep nesting, and damage."""
    levels = {1: _Level(), 2: _Level()}
    for depth, element in _elements(path, name, encoding, (1, 2)):
        levels[depth].look(element)
    if wanted := levels[1].record():
        _write_records(path, out, name, encoding, 1, wanted)
    elif levels[1].names.total() == 1 and (wanted := levels[2].record()):
        _write_records(path, out, name, encoding, 2, wanted)
    else:
        for _depth, element in _elements(path, name, encoding, (0,)):
            for block in _blocks(element):
                out.text(" ".join(block.split()) + "\n")


def _write_records(path: Path, out: Output, name: str, encoding: str, depth: int, wanted: str) -> None:
    for _depth, element in _elements(path, name, encoding, (depth,)):
        if local(element.tag) == wanted:
            out.record(_fields(element))


def _elements(path: Path, name: str, encoding: str, depths: tuple[int, ...]) -> Iterator[tuple[int, Any]]:
    """(depth, element) at these depths, the root's being 0, as they end; after that their content is let go."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, iterparse

    parser, stack = DefusedXMLParser(encoding="utf-8"), list[Any]()
    parser.entity.update(entitydefs)  # &nbsp; and the like, which a document type that is not fetched would define
    try:
        for event, element in iterparse(_Recoded(path, name, encoding), ("start", "end"), parser):
            if event == "start":
                stack.append(element)
                if len(stack) > MOST_DEPTH:
                    raise Problem("{name} is nested too deeply to be read: save it as plain text (.txt).", name=name)
                continue
            stack.pop()
            if len(stack) in depths:
                yield len(stack), element
                element.clear()
                if len(stack) == 1:
                    del stack[0][:]
    except DefusedXmlException as error:
        raise entities(name) from error
    except ParseError as error:
        raise Problem("{name} is damaged: its XML breaks off or does not fit together ({reason}).",
                      name=name, reason=str(error)[:100]) from error  # fmt: skip


class _Recoded:
    """A file's text as UTF-8, whatever encoding it is in: the parser knows few."""

    def __init__(self, path: Path, name: str, encoding: str):
        self._pieces = text_of(path, name, encoding)

    def read(self, _size: int = -1) -> bytes:
        return next((piece.encode("utf-8", "replace") for piece in self._pieces if piece), b"")


def _is_flat(element: Any) -> bool:
    """Whether it has fields (children or attributes), and no text between children."""
    return bool(element.attrib or len(element)) and not (len(element) and _has_own_text(element))


def _has_own_text(element: Any) -> bool:
    return any((text or "").strip() for text in (element.text, *(child.tail for child in element)))


def _fields(element: Any) -> dict[str, str]:
    """A record's attributes and children by name, children of one name joined, and its own text."""
    found: dict[str, list[str]] = {}
    for key, value in element.attrib.items():
        found.setdefault(local(key), []).append(value)
    for child in element:
        found.setdefault(local(child.tag), []).append("\n".join(_blocks(child)))
    if not len(element) and (element.text or "").strip():
        found.setdefault("text", []).append(_lines(element.text))
    return {key: "\n".join(filter(None, values)) for key, values in found.items()}


def _blocks(element: Any) -> Iterator[str]:
    """The text of an element: that of each part within which there is text between elements, or no elements."""
    if not len(element) or _has_own_text(element):
        text = _lines("".join(element.itertext()))
        if text:
            yield text
        return
    for child in element:
        yield from _blocks(child)


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))
