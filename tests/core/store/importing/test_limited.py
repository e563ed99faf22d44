"""A file of vectors is read in a child with limits; whatever is in it, the end is a sentence and soon."""

import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.problem import Problem
from core.store.importing import ImportSettings, limited, limited_import, limited_look
from core.store.importing.looking import look
from core.store.importing.reading import read
from core.store.importing.settings import FORMATS
from tests.core.store.importing.conftest import BINARY, TEXT, VECTORS

QUIETLY = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def file(tmp_path, content, name="a.txt"):
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return [(tmp_path / name, name)]


def test_a_child_reads_and_looks(tmp_path):
    files = file(tmp_path, TEXT)
    assert limited_look(files)["format"] == "glove"
    (tmp_path / "read").mkdir()
    steps = list(limited_import(files, tmp_path / "read", ImportSettings(format="glove")))
    assert steps[-1][1] == steps[-1][2] == len(TEXT.encode())
    assert np.load(tmp_path / "read" / "vectors.npy").tobytes() == VECTORS.tobytes()


def test_a_problem_of_the_file_arrives_as_itself(tmp_path):
    with pytest.raises(Problem, match="announces 9 words"):
        list(limited_import(file(tmp_path, "9 3\na 1 2 3\n"), tmp_path, ImportSettings()))
    with pytest.raises(Problem, match="no word followed by numbers"):
        limited_look(file(tmp_path, "prose"))


def test_more_memory_than_there_may_be_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(limited, "MEMORY", 1 << 20)
    files = file(tmp_path, "".join(f"word{i} 1 2 3\n" for i in range(200_000)))
    with pytest.raises(Problem, match="needs more memory"):
        list(limited_import(files, tmp_path, ImportSettings(format="glove")))


def test_closing_ends_the_child(tmp_path):
    files = file(tmp_path, "".join(f"word{i} 1 2 3\n" for i in range(200_000)))
    events = limited_import(files, tmp_path, ImportSettings(format="glove"))
    next(events)
    events.close()
    with pytest.raises(StopIteration):
        next(events)


def outcome(tmp_path, files, kind) -> None:
    """Vectors, or a Problem; any other exception is a fault."""
    chosen = ImportSettings(format=kind)
    for action in (lambda: look(files, None), lambda: look(files, chosen)):
        with contextlib.suppress(Problem):
            action()
    (tmp_path / "read").mkdir(exist_ok=True)
    with contextlib.suppress(Problem):
        for _step in read(files, tmp_path / "read", chosen):
            continue
        assert np.isfinite(np.load(tmp_path / "read" / "vectors.npy")).all()


FIELD = st.sampled_from(
    ["0.5", "1", "-3e5", "nan", "inf", "1e99", "x", "", "the", "北京", '"', "1_0", "0x1", "+.5", "\x00"]
)
LINE = st.lists(FIELD, max_size=5).map(lambda fields: " ".join(fields))
LINES = st.tuples(st.sampled_from(["", "2 2\n", "3 1\n", "1000000000 9\n", "0 0\n"]), st.lists(LINE, max_size=6))


@QUIETLY
@given(made=LINES, ending=st.sampled_from(["\n", "\r\n", "\n\n"]), kind=st.sampled_from(["word2vec", "glove"]))
def test_no_text_breaks_the_reader(tmp_path, made, ending, kind):
    first, rows = made
    outcome(tmp_path, file(tmp_path, first + ending.join(rows)), kind)


@QUIETLY
@given(content=st.binary(max_size=200), kind=st.sampled_from(list(FORMATS)))
def test_no_bytes_break_the_reader(tmp_path, content, kind):
    two = kind in ("projector", "npy")
    files = file(tmp_path, content) + (file(tmp_path, "a\nb\n", "words.txt") if two else [])
    outcome(tmp_path, files, kind)


@QUIETLY
@given(place=st.integers(0, len(BINARY) - 1), byte=st.integers(0, 255), cut=st.integers(0, len(BINARY)))
def test_no_change_of_a_binary_breaks_the_reader(tmp_path, place, byte, cut):
    changed = BINARY[:place] + bytes([byte]) + BINARY[place + 1 :]
    outcome(tmp_path, file(tmp_path, changed[:cut]), "binary")
    outcome(tmp_path, file(tmp_path, changed), "binary")


@QUIETLY
@given(head=st.binary(max_size=60), cut=st.integers(0, 200))
def test_no_header_of_npy_breaks_the_reader(tmp_path, head, cut):
    np.save(tmp_path / "good.npy", VECTORS)
    good = (tmp_path / "good.npy").read_bytes()
    words = file(tmp_path, "a\nb\nc\nd\n", "words.txt")
    for content in (b"\x93NUMPY\x01\x00" + head, good[:8] + head + good[8 + len(head) :], good[:cut]):
        outcome(tmp_path, file(tmp_path, content, "v.npy") + words, "npy")
