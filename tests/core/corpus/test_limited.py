"""Child processes with limits: what goes wrong in one ends in a sentence, and nothing is left of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from core.corpus import Corpus, limited
from core.corpus.child import Child, Ended, Limits
from core.corpus.formats import converter
from core.corpus.formats.converter import Converter
from core.corpus.limited import limited_build, limited_preview
from core.corpus.reading import Reading, build
from core.corpus.settings import ReadSettings
from core.problem import Problem
from tests.core.corpus.made import docx, paragraph

LIMITS = Limits(1 << 30, 1 << 34, 1 << 20, 20, 30)
MODULE = "tests.core.corpus.misbehaving"


@pytest.fixture
def child():
    child = Child(MODULE)
    yield child
    child.close()


@pytest.fixture(autouse=True)
def no_child_is_left():
    before = {one.pid for one in psutil.Process().children(recursive=True)}  # a browser of other tests
    yield
    limited._looker.close()
    if before:  # whose processes end as they like, so that nothing can be told of ours
        return
    mine = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]
    until = time.monotonic() + 10  # what was killed may take a moment to be gone
    while time.monotonic() < until and any(map(_is_ours, mine)):
        time.sleep(0.05)
    assert not [one for one in mine if _is_ours(one)]


def _is_ours(process: psutil.Process) -> bool:
    """Whether this is a child that reads, and not one that has ended or is about to."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and ".corpus." in " ".join(process.cmdline())
    except psutil.Error:
        return False


def asked(child: Child, what: str, limits: Limits = LIMITS):
    child.ask({"do": what}, limits)
    return child.answer(30)


def test_a_child_answers_again_and_again(child) -> None:
    for _ in range(2):
        assert asked(child, "add") == {"sum": 3} and child.answer(30) == {"end": True}


def test_what_a_child_prints_is_no_answer(child) -> None:
    assert asked(child, "print") == {"printed": True}


def test_a_problem_and_a_bug_arrive_as_such(child) -> None:
    with pytest.raises(Problem, match="a told problem"):
        asked(child, "problem")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        asked(child, "bug")


def test_a_child_takes_no_more_memory_than_it_may(child) -> None:
    with pytest.raises(Ended):
        asked(child, "memory")


def test_a_child_takes_no_more_time_than_it_may(child) -> None:
    with pytest.raises(Ended) as ended:
        asked(child, "endless", Limits(1 << 30, 1 << 34, 1 << 20, 0, 30))
    assert ended.value.status == -signal.SIGXCPU


def test_a_child_writes_no_larger_file_than_it_may(child) -> None:
    assert asked(child, "write") == {"error": "File too large"}


def test_a_child_waits_until_more_is_asked_for(child) -> None:
    child.ask({"do": "count"}, LIMITS)
    first = [child.answer(30) for _ in range(4)]
    assert [message["count"] for message in first if message] == [0, 1, 2, 3] and child.answer(0.3) is None
    child.go_on()
    assert child.answer(30) == {"count": 4}


def test_a_child_leaves_when_its_parent_is_killed() -> None:
    code = (
        f"import time; from core.corpus.child import Child; child = Child('{MODULE}'); "
        "print(child._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])
    assert parent.stdout is not None
    with parent.stdout:
        orphan = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    psutil.wait_procs([orphan], timeout=20)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def convert(tmp_path, name: str, kind: str = "docx"):
    converting = Converter(tmp_path)
    try:
        return converting.convert(kind, tmp_path / name, name)
    finally:
        converting.close()


def test_a_document_that_needs_too_much_time_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(converter, "WALL_SECONDS", 0)
    docx(tmp_path / "a.docx", paragraph("x"))
    with pytest.raises(Problem, match="a.docx took longer than 0 s"):
        convert(tmp_path, "a.docx")
    monkeypatch.undo()
    monkeypatch.setattr(converter, "CPU_SECONDS", 0)
    with pytest.raises(Problem, match="b.docx took longer than 0 s"):
        docx(tmp_path / "b.docx", paragraph("words and words") * 200_000)
        convert(tmp_path, "b.docx")


def test_a_document_that_needs_too_much_memory_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(converter, "MEMORY", 30 << 20)
    docx(tmp_path / "a.docx", paragraph("x" * 1000) * 10_000)
    with pytest.raises(Problem, match="a.docx needs more memory than 30 MB"):
        convert(tmp_path, "a.docx")


def test_a_document_that_gives_too_much_text_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(converter, "RATIO_FROM", 1 << 20)
    monkeypatch.setattr(converter, "MOST_RATIO", 0)
    (tmp_path / "a.html").write_text("<p>words" * 400_000)
    with pytest.raises(Problem, match="a.html gives more than 1 MB of text"):
        convert(tmp_path, "a.html", "html")


def test_the_document_after_a_deadly_one_is_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(converter, "MEMORY", 120 << 20)
    bad = docx(tmp_path / "bad.docx", paragraph("x" * 1000) * 40_000)
    good = docx(tmp_path / "good.docx", paragraph("good words"))
    corpus = Corpus.from_files([bad, good])
    assert list(corpus.documents) == ["good words\n"]
    assert "bad.docx needs more memory" in str(Problem.from_dict(corpus.facts["skipped"][0]))


@pytest.fixture
def novel(tmp_path):
    path = tmp_path / "novel.txt"
    path.write_text("".join(f"chapter {i} of the long story\n" for i in range(20_000)))
    return path


def test_reading_in_a_child_gives_the_same_corpus(novel, tmp_path) -> None:
    events = list(limited_build([(novel, "n.txt")], tmp_path / "a", ReadSettings()))
    same = list(build([(novel, "n.txt")], tmp_path / "b", ReadSettings()))
    assert events[-1] == same[-1] and all(isinstance(event, Reading) for event in events)
    assert Corpus.open(tmp_path / "a").facts == Corpus.open(tmp_path / "b").facts
    assert Corpus.open(tmp_path / "a").id == Corpus.open(tmp_path / "b").id
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "novel.txt"]


def test_reading_that_is_given_up_leaves_nothing(novel, tmp_path) -> None:
    for steps in (1, 5):
        events = limited_build([novel], tmp_path / "a", ReadSettings(split="lines"))
        for _ in range(steps):
            next(events)
        events.close()  # type: ignore[attr-defined]
        assert os.listdir(tmp_path) == ["novel.txt"]


def test_what_cannot_be_read_is_a_problem_and_leaves_nothing(tmp_path) -> None:
    (tmp_path / "a.txt").write_text(" ")
    with pytest.raises(Problem, match="b.txt is empty"):
        list(limited_build([(tmp_path / "a.txt", "b.txt")], tmp_path / "a", ReadSettings()))
    assert os.listdir(tmp_path) == ["a.txt"]
    with pytest.raises(Problem, match="exists already"):
        list(limited_build([tmp_path / "a.txt"], tmp_path, ReadSettings()))


@pytest.mark.parametrize(
    "bound, said", [("MEMORY", "needs more memory than"), ("BUILD_CPU", "took longer"), ("BUILD_WALL", "took longer")]
)
def test_reading_beyond_a_limit_is_a_problem(novel, tmp_path, monkeypatch, bound, said) -> None:
    monkeypatch.setattr(limited, bound, 50 << 20 if bound == "MEMORY" else 0)
    novel.write_text(novel.read_text() * (30 if bound == "BUILD_CPU" else 1))
    monkeypatch.setattr(limited, "BUILD_CPU_PER_MEGABYTE", 0)
    monkeypatch.setattr(limited, "BUILD_WALL_PER_MEGABYTE", 0)
    with pytest.raises(Problem, match=f"novel.txt {said}"):
        list(limited_build([novel], tmp_path / "a", ReadSettings()))
    assert os.listdir(tmp_path) == ["novel.txt"]


def test_a_look_is_the_same_and_its_child_is_kept(novel) -> None:
    from core.corpus.preview import preview

    assert limited_preview([novel], ReadSettings()) == preview([novel], ReadSettings())
    kept = limited._looker._child
    limited_preview([novel], ReadSettings(split="lines"))
    assert limited._looker._child is kept and kept is not None
    with pytest.raises(Problem, match="cannot be opened"):
        limited_preview(["/nowhere"], ReadSettings())
    assert limited._looker._child is kept


def test_a_look_after_its_child_was_killed_has_a_new_one(novel, monkeypatch) -> None:
    limited_preview([novel], ReadSettings())
    assert limited._looker._child is not None
    limited._looker._child._process.kill()
    time.sleep(0.05)
    assert limited_preview([novel], ReadSettings())["files"]
    monkeypatch.setattr(limited, "PREVIEW_WALL", 0)
    with pytest.raises(Problem, match="took longer than 0 s"):
        limited_preview([novel], ReadSettings())
