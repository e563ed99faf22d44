"""Which encoding a file is in: its byte order mark, else strict UTF-8, else a guess that a person can change.

Guesses are among the few encodings that people's files are in, by the characters that come often and then by
charset-normalizer; on short text any guess is doubtful, so the others that fit are kept beside it.
"""

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.corpus.plausible import plausibility
from core.problem import Problem, marked

GUESSED = ("cp1252", "gb18030", "big5", "shift_jis", "euc_kr", "koi8_r", "cp1251", "euc_jp", "cp1250")
_WIDER = {"big5": "cp950", "shift_jis": "cp932", "euc_kr": "cp949"}  # with characters more
SAMPLE = 256 << 10  # bytes that a guess is made from
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem")
_WIDE = ("utf_16_le", "utf_16_be")
_HIGH = re.compile(rb"[\x80-\xff]+")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = re.compile(rb"[\x80\x82-\x8c\x8e\x91-\x9c\x9e-\xff]")  # what cp1252 says of one byte between ASCII ones
_LIKELY, _SURE = 0.6, 0.9  # plausibility that settles a guess, and one for an encoding that few files are in
_PDF, _PROGRAM, _PICTURE, _ARCHIVE = marked("a PDF"), marked("a program"), marked("a picture"), marked("an archive")
_MAGIC = {
    b"%PDF-": _PDF, b"\x7fELF": _PROGRAM, b"MZ\x90": _PROGRAM, b"\x89PNG": _PICTURE, b"\xff\xd8\xff": _PICTURE,
    b"GIF89a": _PICTURE, b"\xd0\xcf\x11\xe0": marked("an old Office document"), b"PK\x03\x04": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE, b"7z\xbc\xaf": _ARCHIVE, b"Rar!\x1a": _ARCHIVE, b"\xfd7zXZ": _ARCHIVE,
    b"BZh91AY&SY": _ARCHIVE, b"SQLite format": marked("a database"),
}  # fmt: skip


@dataclass(frozen=True)
class Encoding:
    """What a file is encoded in; certain, or a guess with the others that fit, best first."""

    name: str
    certain: bool = True
    others: tuple[str, ...] = ()


def check_encoding(name: str) -> str:
    """The name as Python knows it. Raises Problem if it is no text encoding."""
    try:
        known = codecs.lookup(name)
        if not name.isascii() or known.name in _NO_TEXT or "".encode(name) is None:  # encode refuses base64, zlib, …
            raise LookupError(name)
    except (LookupError, ValueError) as error:
        names = ", ".join(("utf-8", *GUESSED))
        raise Problem("There is no encoding called {name}; try one of {names}.", name=name[:40], names=names) from error
    return "utf-8" if known.name == "utf-8-sig" else known.name


def marked_encoding(head: bytes) -> Encoding | None:
    """The encoding that a byte order mark says."""
    return next((Encoding(encoding) for mark, encoding in _MARKS if head.startswith(mark)), None)


def from_head(head: bytes, name: str) -> Encoding | None:
    """What the first bytes of a file settle: UTF-16 by its zero bytes, or by making sense only so; ISO-2022-JP by its
    escapes. Problem if it is no text."""
    if b"\x1b$" in head and b"\x1b(" in head and _fits(head, "iso2022_jp"):
        return Encoding("iso2022_jp", False, ("iso2022_jp", "utf-8"))
    if 0 not in head:
        return _wide_without_zeros(head)
    wide = max(_WIDE, key=lambda encoding: _readable(head, encoding))
    bare = head.replace(b"\0", b"")
    narrow = len(bare) > 0.6 * len(head) and _fits(bare, "utf-8")  # letters of one byte, unless they make sense as two
    narrow = narrow and plausibility(head[: len(head) & ~1].decode(wide, "replace"), wide) < _SURE
    if _readable(head, wide) < 0.98 or narrow:
        raise _not_text(name)
    return Encoding(wide, False, _WIDE)


def _wide_without_zeros(head: bytes) -> Encoding | None:
    """UTF-16 of a script in which no character has a zero byte, where nothing else makes as much sense."""
    if _fits(head, "utf-8") or len(head) < 4 or (len(head) % 2 and len(head) < SAMPLE):
        return None
    even = head[: len(head) & ~1]
    scores = {wide: plausibility(even.decode(wide, "replace"), wide) for wide in _WIDE if _fits(even, wide)}
    best = max(scores, key=lambda wide: scores[wide], default="")
    if not best or scores[best] < _SURE:
        return None
    others = [plausibility(head.decode(other, "replace"), other) for other in GUESSED if _fits(head, other)]
    return Encoding(best, False, _WIDE) if scores[best] > max(others, default=0.0) else None


def _readable(head: bytes, encoding: str) -> float:
    """The share of characters such as stand in a text, and a little for the commonest of all."""
    text = head[: len(head) & ~1].decode(encoding, "replace")
    good = sum(unicodedata.category(c)[0] in "LMNPSZ" or c in "\n\r\t\f" for c in text) - text.count("\ufffd")
    return (good + sum(text.count(c) for c in " \n，。、")) / max(1, len(text))


def find_encoding(chunks: Iterator[bytes], name: str, given: str = "", whole: bool = True) -> Iterator[int | Encoding]:
    """Read a whole file to find its encoding; yields the bytes read so far and, last, the encoding.

    given: what a person chose; it is taken as it is, unless a byte order mark says otherwise.
    whole: these are all the bytes of the file.
    Raises Problem for what is not text and for damaged UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    done, found, before = 0, Encoding(check_encoding(given)) if given else None, b""
    for number, chunk in enumerate(chunks):
        if number == 0:
            _refuse_other_kinds(chunk, name)
            found = marked_encoding(chunk) or found or from_head(chunk[:SAMPLE], name)
        if found is None:
            if b"\0" in chunk:
                raise _not_text(name)
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                place = done + len(chunk) - len(error.object) + error.start
                found = guess(_around(error.object, error.start), name, place)
            before = chunk
        done += len(chunk)
        yield done
    if found is None and whole and decoder.getstate()[0]:
        found = guess(_around(before, len(before)), name, done - len(decoder.getstate()[0]), cut=True)
    yield found or Encoding("utf-8")


def _refuse_other_kinds(head: bytes, name: str) -> None:
    for magic, thing in _MAGIC.items():
        if head.startswith(magic):
            raise Problem("{name} is {thing}, not text: save it as plain text (.txt) first.", name=name, thing=thing)


def _around(data: bytes, place: int) -> bytes:
    """Whole lines, as far as there are any, around a place."""
    begin, end = max(0, place - SAMPLE // 2), min(len(data), place + SAMPLE // 2)
    first = data.find(b"\n", begin, place) + 1 if begin else 0
    last = data.rfind(b"\n", place, end) if end < len(data) else end
    return data[first or begin : last if last > 0 else end]


def guess(sample: bytes, name: str, bad: int, cut: bool = False) -> Encoding:
    """The likeliest encoding of bytes that are not UTF-8, first at byte `bad` of the file, or only cut at its end."""
    valid, invalid = _utf8_characters(sample)
    western = not any(len(run) > 1 or not _WESTERN.match(run) for run in _HIGH.findall(sample))
    if valid >= 10 * invalid or (cut and valid) or (100 * invalid < len(sample) and not western):
        raise Problem(
            "{name} is damaged: it is UTF-8 but for byte {byte}. Choose the encoding utf-8 to read it with � in "
            "such places.",
            name=name,
            byte=bad,
        )
    ranked = _ranked(sample)
    if not ranked or len(_CONTROL.findall(sample)) > len(sample) // 100:
        raise _not_text(name) if not valid else Problem(
            "{name} is in no single encoding (not UTF-8 from byte {byte} on): save it again as UTF-8, or choose its "
            "encoding.",
            name=name,
            byte=bad,
        )  # fmt: skip
    return Encoding(ranked[0], False, tuple(ranked))


def _ranked(sample: bytes) -> list[str]:
    """The encodings in which the sample makes sense, best first."""
    fitting = [name for encoding in GUESSED for name in _fitting(sample, encoding)]
    telling = b"\n".join(line for line in sample.splitlines() if _HIGH.search(line))
    scores = {encoding: plausibility(telling.decode(encoding, "replace"), encoding) for encoding in fitting}
    ranked = sorted(fitting, key=lambda encoding: -scores[encoding])
    if ranked and scores[ranked[0]] >= _LIKELY:
        return ranked
    from charset_normalizer import from_bytes  # of texts in other languages it knows more

    found = [match.encoding for match in from_bytes(sample, cp_isolation=list(GUESSED[:7]))]
    return list(dict.fromkeys(found + ranked)) if found else []


def _fitting(sample: bytes, encoding: str) -> list[str]:
    """The encoding if the sample fits it, else what makers of systems have made of it, if that fits."""
    return [name for name in (encoding, _WIDER.get(encoding)) if name and _fits(sample, name)][:1]


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _utf8_characters(sample: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are right in UTF-8, and how many places are not."""
    text = sample.decode("utf-8", "replace")
    invalid = text.count("\ufffd")
    return sum(len(run) for run in re.findall("[^\x00-\x7f]+", text)) - invalid, invalid


def _not_text(name: str) -> Problem:
    return Problem("{name} is not text: save it as plain text (.txt) in UTF-8, or choose another file.", name=name)


def decoded(chunks: Iterator[bytes], encoding: str, name: str, strict: bool = True) -> Iterator[str]:
    """The text in pieces, line ends as \\n. strict: what does not fit the encoding is a Problem, else a �."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding  # a byte order mark is no character of the text
    decoder = codecs.getincrementaldecoder(codec)("strict" if strict else "replace")
    lines = io.IncrementalNewlineDecoder(decoder, translate=True)
    done = 0
    try:
        for chunk in chunks:
            piece = lines.decode(chunk)
            done += len(chunk)
            if piece:
                yield piece
        last = lines.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Problem(
            "{name} does not fit the encoding {encoding} near byte {byte}: choose another encoding, or choose this one "
            "to read it with � in such places.",
            name=name,
            encoding=encoding,
            byte=done + error.start,
        ) from error
    if last:
        yield last
