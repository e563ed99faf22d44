"""Every format as others write it, to the last bit; and what is not in it, refused with its line."""

import gzip
import io
import json

import numpy as np
import pytest

from core.store.importing import stream as streams
from core.store.importing import text
from core.store.importing.looking import look
from core.store.importing.settings import check_size
from tests.core.store.importing.conftest import BINARY, TEXT, VECTORS, WORDS


def npy(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=array.dtype == object)
    return file.getvalue()


ROWS = "".join("\t".join(map(str, row.tolist())) + "\n" for row in VECTORS)
LIST = "\n".join(WORDS) + "\n"
GOOD = {
    "word2vec": ("a.txt", f"4 3\n{TEXT}"),
    "word2vec, trailing blanks": ("a.vec", f"4 3 \r\n{TEXT}".replace("\n", " \r\n")),
    "word2vec, a blank line at the end": ("a.txt", f"4 3\n{TEXT}\n\n"),
    "GloVe": ("a.txt", TEXT),
    "GloVe with tabs, without a last line end": ("a.tsv", TEXT.replace(" ", "\t").rstrip()),
    "GloVe with a mark of UTF-8": ("a.txt", b"\xef\xbb\xbf" + TEXT.encode()),
    "binary, as gensim writes it": ("a.bin", BINARY),
    "binary, as word2vec writes it": ("a.bin", BINARY.replace(b"king", b"\nking") + b"\n"),
    "projector": ("vectors.tsv", ROWS, "metadata.tsv", LIST),
    "projector, the other way round": ("m.tsv", LIST, "v.tsv", ROWS),
    "projector with columns": ("v.tsv", ROWS, "m.tsv", "id\tlabel\n" + "".join(f"x\t{word}\n" for word in WORDS)),
    ".npy": ("v.npy", npy(VECTORS), "w.txt", LIST),
    ".npy of columns": ("v.npy", npy(np.asfortranarray(VECTORS)), "w.txt", LIST.rstrip()),
    ".npy of doubles": ("w.txt", LIST, "v.npy", npy(VECTORS.astype(np.float64))),
}  # fmt: skip


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_gives_its_words_and_bits(brought, files, packed):
    squeeze = lambda content: gzip.compress(content if isinstance(content, bytes) else content.encode())  # noqa: E731
    given = [squeeze(part) if packed and i % 2 else part for i, part in enumerate(files)]
    vocab, vectors = brought(*given)
    assert vocab.words == WORDS and vectors.dtype == np.float32 and vectors.tobytes() == VECTORS.tobytes()
    assert vocab.counts.tolist() == [4, 2, 2, 1]  # 4 / rank


def test_counts_of_the_file_decide_the_order(brought):
    table = "word\tcount\n" + "".join(f"{word}\t{count}\n" for word, count in zip(WORDS, (5, 9, 7, 7)))
    vocab, vectors = brought("v.tsv", ROWS, "m.tsv", table)
    assert vocab.words == ["king", "北京", "café", "the"] and vocab.counts.tolist() == [9, 7, 7, 5]
    assert (vectors == VECTORS[[1, 2, 3, 0]]).all()


def test_counts_without_names_of_columns(brought):
    vocab, _ = brought("v.npy", npy(VECTORS), "w.tsv", "".join(f"{word}\t7\n" for word in WORDS))
    assert vocab.words == WORDS and vocab.counts.tolist() == [7] * 4


def test_a_word_may_hold_blanks_and_may_be_a_number(brought):
    vocab, vectors = brought("a.txt", "1 0.5 1\n. . . 2 3\nat x@y.org 4 5\n")
    assert vocab.words == ["1", ". . .", "at x@y.org"] and vectors.tolist() == [[0.5, 1], [2, 3], [4, 5]]


def test_numbers_in_every_spelling(brought):
    _, vectors = brought("a.txt", "a 1e-3 .5\nb 5. +2\nc -1E+2 0\n")
    assert vectors.tolist() == [[np.float32(0.001), 0.5], [5, 2], [-100, 0]]


def test_blocks_of_lines_and_pieces_of_files(brought, monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 7)
    monkeypatch.setattr(text, "MOST_NUMBERS", 6)
    for name in ("word2vec", "GloVe", "binary, as gensim writes it", "projector", ".npy"):
        vocab, vectors = brought(*GOOD[name])
        assert vocab.words == WORDS and vectors.tobytes() == VECTORS.tobytes()


@pytest.mark.parametrize(
    ("words", "language", "tokenizer", "lowercase"),
    [("the of and to in is that it", "en", "words", True), ("The Of And", None, "words", False),
     ("北京 天气 今天", "zh", "chinese", True)],
)  # fmt: skip
def test_language_and_case_are_told_by_the_words(brought, words, language, tokenizer, lowercase):
    vocab, _ = brought("a.txt", "".join(f"{word} 1 2\n" for word in words.split()))
    assert (vocab.tokenizer, vocab.lowercase) == (tokenizer, lowercase)
    assert vocab.language == language or language is None


def put(line: int, content: str) -> str:
    """The text with another line."""
    lines = TEXT.splitlines()
    lines[line - 1] = content
    return "\n".join(lines) + "\n"


BAD = {
    "empty": (("a.txt", ""), "a.txt is empty"),
    "empty inside": (("a.txt", gzip.compress(b"")), "a.txt is empty"),
    "a billion words": (("a.txt", "1000000000 300\nthe 1 2 3\n"), "says that it holds 1000000000 words"),
    "four million words": (("a.txt", "4000000 300\nthe 1 2 3\n"), "which need 2408000011 bytes or more; there are 22"),
    "a billion numbers": (("a.txt", "1 1000000000\nthe 1 2 3\n"), "a vector has 1000000000 numbers; 1 to 4096"),
    "a binary of a million words": (("a.bin", b"1000000 300\nthe \0\0\x80?"), "which need 1202000012 bytes"),
    "no words": (("a.txt", "0 3\nthe 1 2 3\n"), "says that it holds 0 words"),
    "fewer than announced": (("a.txt", f"5 3\n{TEXT}", "word2vec"), "announces 5 words and ends after 4"),
    "more than announced": (("a.txt", f"3 3\n{TEXT}"), "announces 3 words and goes on after them, at line 5"),
    "cut in a line": (("a.txt", f"4 3\n{TEXT[:-8]}"), "Line 5 of a.txt should have 3 numbers after its word; it has 1"),
    "a binary cut off": (("a.bin", BINARY[:-3]), "announces 4 words and ends after 3"),
    "a binary that goes on": (("a.bin", BINARY + b"more"), "goes on after the 4 words"),
    "one number too many": (("a.txt", put(2, "king 1 2 3 4")), "should have 3 numbers after its word; it has 4"),
    "one too few": (("a.txt", put(3, "北京 1 2")), "should have 3 numbers after its word; it has 2"),
    "a blank line": (("a.txt", put(3, "")), "Line 3 of a.txt should have 3 numbers after its word; it has 0"),
    "a word for a number": (("a.txt", put(4, "café 1 x 3")), "Line 4 of a.txt has x where a number should stand"),
    "a comma": (("a.txt", put(4, "café 1 2,5 3")), "Line 4 of a.txt has 2,5 where a number should stand"),
    "an underscore": (("a.txt", put(4, "café 1 2_5 3")), "Line 4 of a.txt has 2_5 where"),
    "nan": (("a.txt", put(2, "king 1 nan 3")), "Line 2 of a.txt holds a number that is not finite"),
    "inf": (("a.txt", f"4 3\n{put(3, 'x 1 -inf 3')}"), "Line 4 of a.txt holds a number that is not finite"),
    "too large for float32": (("a.txt", put(2, "king 1 1e39 3")), "Line 2 of a.txt holds a number that is not finite"),
    "nan in a binary": (("a.bin", BINARY.replace(VECTORS[1].tobytes(), b"\xff" * 12)), "The vector of word 2 of a.bin"),
    "a word twice": (("a.txt", put(4, "the 1 2 3")), "the stands on line 4 of a.txt and on line 1 before"),
    "a word twice, binary": (("a.bin", BINARY.replace("café".encode(), b"king")), "king stands on line 4"),
    "a word twice in a list": (("v.tsv", ROWS, "m.tsv", LIST.replace("king", "the")), "the stands on line 2 of m.tsv"),
    "no word": (("a.txt", put(2, " 1 2 3")), "Line 2 of a.txt has no word"),
    "not UTF-8": (("a.txt", TEXT.encode("utf-8").replace(b"king", b"k\xffng")), "Line 2 of a.txt is not UTF-8"),
    "UTF-16": (("a.txt", TEXT.encode("utf-16")), "Line 1 of a.txt is no word followed by numbers"),
    "GB18030": (("a.txt", TEXT.encode("gb18030")), "Line 3 of a.txt is not UTF-8"),
    "prose": (("a.txt", "It was the best of times.\n"), "is no word followed by numbers: choose another format"),
    "numbers alone": (("v.tsv", ROWS), "holds numbers without words"),
    "two lists of words": (("a.tsv", LIST, "b.tsv", LIST), "Neither a.tsv nor b.tsv is a file of numbers"),
    "more vectors than words": (("v.tsv", ROWS, "m.tsv", "the\nking\n"), "has 4 vectors, and there are 2 words"),
    "a count that is none": (("v.tsv", ROWS, "m.tsv", "word\tcount\nthe\tx\n"), "Line 2 of m.tsv has x where a count"),
    "three files": (("a", TEXT, "b", TEXT, "c", TEXT), "needs two files, one of numbers and one of words; 3 came"),
    "a .npy cut off": (("v.npy", npy(VECTORS)[:-1], "w.txt", LIST), "take 176 bytes; it has 175"),
    "a .npy of text": (("v.npy", npy(np.array(["a"])), "w.txt", LIST), "should hold a table of real numbers"),
    "a .npy of one row": (("v.npy", npy(VECTORS[0]), "w.txt", LIST), "should hold a table of real numbers"),
    "a .npy of objects": (("v.npy", npy(np.array([[{}]])), "w.txt", LIST), "should hold a table of real numbers"),
    "a .npy without a header": (("v.npy", b"\x93NUMPY\1\0\xff\xff{'descr'", "w.txt", LIST), "is no .npy file"),
    "nan in a .npy": (("v.npy", npy(VECTORS * np.nan), "w.txt", LIST), "Line 1 of v.npy holds a number that is not"),
    "a pickle": (("a.kv", b"\x80\x04\x95\0\0"), "looks like a pickle"),
    "a .zip": (("a.zip", b"PK\x03\x04rest"), "is a .zip: unpack it"),
    "a model of fastText": (("a.bin", b"\xba\x16\x4f\x2f\x0c\0\0\0"), "is a fastText model"),
    "a damaged .gz": (("a.txt.gz", gzip.compress(TEXT.encode())[:-20]), "is damaged or cut off after"),
    "a line without end": (("a.txt", TEXT.encode() + b"x" * (3 << 20)), "Line 5 of a.txt is longer than 1048576 bytes"),
    "a word without end": (("a.txt", "w" * 2000 + " 1 2\n"), "The word on line 1 of a.txt has 2000 bytes"),
    "a binary of other things": (("a.bin", b"9 3\n" + b"x" * 5000), "No word begins where word 1 of a.bin"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "says"), BAD.values(), ids=BAD)
def test_what_is_no_such_file_is_refused_with_its_line(brought, files, says):
    *given, chosen = files if len(files) % 2 else (*files, "")
    said = brought(*given, format=chosen)
    assert isinstance(said, str) and says in said


def test_a_bomb_is_refused(brought, monkeypatch):
    monkeypatch.setattr(streams, "_RATIO_FROM", 1 << 16)
    bomb = gzip.compress(npy(np.zeros((2000, 64), np.float32)))
    assert "unpacks to more than 200 times its size" in brought("v.npy.gz", bomb, "w.txt", LIST)


def test_a_file_that_is_gone_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="cannot be opened"):
        look([(tmp_path / "gone.txt", "gone.txt")], None)


def test_the_bounds():
    check_size("a", 5_000_000, 4096)
    for words, width in ((5_000_001, 1), (1, 4097)):
        with pytest.raises(ValueError, match="can be read"):
            check_size("a", words, width)


def test_a_look_shows_format_size_and_first_lines(tmp_path):
    (tmp_path / "a").write_text(f"4 3\n{TEXT}")
    found = look([(tmp_path / "a", "a.vec")], None)
    assert (found["format"], found["words"], found["width"]) == ("word2vec", 4, 3) and json.dumps(found)
    assert found["lines"][1] == ["king", [1.0, 2.0, 3.0]]
