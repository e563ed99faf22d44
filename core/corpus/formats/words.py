"""The text of a file that may say itself which encoding it is in: a page, XML, JSON."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from core.corpus.encodings import Encoding, check_encoding, find_encoding
from core.problem import Problem

CHUNK = 1 << 18
_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.I)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252",
          "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "sjis": "cp932",
          "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs"}  # fmt: skip  # what browsers read


def text_of(path: Path, name: str, encoding: str = "") -> Iterator[str]:
    """The text, in pieces, in the encoding chosen, declared, or found; what does not fit it is \ufffd.

    Raises Problem where no encoding fits, and for damaged UTF-8.
    """
    chosen = check_encoding(encoding) if encoding else _encoding(path, name)
    decoder = codecs.getincrementaldecoder("utf-8-sig" if chosen == "utf-8" else chosen)("replace")
    for chunk in _chunks(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def declared_encoding(head: bytes) -> str:
    """The encoding that markup says it is in, "" if it says none that is known; a byte order mark goes before."""
    match = _DECLARED.search(head[:1024]) or _CHARSET.search(head[:8192])
    if match is None or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    said = match[1].decode("ascii").lower()
    try:
        known = check_encoding(_WIDER.get(said, said))
    except Problem:
        return ""
    return "" if known.startswith(("utf-16", "utf-32")) else known  # its own name could not be read in it


def _encoding(path: Path, name: str) -> str:
    with open(path, "rb") as file:
        declared = declared_encoding(file.read(CHUNK))
    if declared and _fits(path, declared):
        return declared
    found = Encoding("utf-8")
    for event in find_encoding(_chunks(path), name):
        found = event if isinstance(event, Encoding) else found
    return found.name


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
