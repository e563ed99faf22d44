"""Reading in steps: progress, cancelling, a full disk, several files."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.corpus import Corpus, files
from core.corpus.files import ArrayFile
from core.corpus.reading import ReadSettings, build
from core.corpus.settings import changed_settings
from core.problem import Problem


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_text("the quick brown fox jumps over the lazy dog\n" * 60_000)
    return path


def test_progress_goes_up_to_the_end_of_each_phase(text, tmp_path) -> None:
    events = list(build([text], tmp_path / "out" / "c", ReadSettings()))
    size = text.stat().st_size
    for phase in ("Checking", "Reading", "Counting words"):
        done = [event.done for event in events if event.phase == phase]
        assert done == sorted(done) and done[-1] == size and len(done) >= 3
    assert {event.total for event in events} == {size} and [p.name for p in (tmp_path / "out").iterdir()] == ["c"]


def test_cancelling_at_any_event_leaves_nothing(text, tmp_path) -> None:
    events = len(list(build([text], tmp_path / "out" / "c", ReadSettings())))
    shutil.rmtree(tmp_path / "out")
    for stop in range(1, events + 1):
        reading = build([text], tmp_path / "out" / "c", ReadSettings())
        for _ in range(stop):
            next(reading)
        reading.close()
        assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_full_disk_is_said_and_leaves_nothing(text, tmp_path, monkeypatch) -> None:
    def full(self: ArrayFile, values: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ArrayFile, "append", full)
    with pytest.raises(Problem, match=r"The disk is full: \d+ MB are free and about 8 MB are needed"):
        Corpus.from_files([text], folder=tmp_path / "out" / "c")
    assert not list((tmp_path / "out").iterdir())


def test_a_disk_too_small_is_said_before_anything_is_written(text, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 7, 3_000_000))
    with pytest.raises(Problem, match="3 MB are free and about 8 MB are needed"):
        Corpus.from_files([text], folder=tmp_path / "out" / "c")
    assert not list((tmp_path / "out").iterdir())


def test_a_text_and_a_table_are_read_together(tmp_path) -> None:
    (tmp_path / "mine.txt").write_text("my own words")
    (tmp_path / "sample.jsonl").write_text('{"text": "sample words", "year": 1900}\n{"text": "more words"}\n')
    (tmp_path / "t.csv").write_text("label,text\nx,table words\n")
    corpus = Corpus.from_files(
        [tmp_path / name for name in ("mine.txt", "sample.jsonl", "t.csv")], label_column="label"
    )
    assert corpus.table["file"].tolist() == ["mine.txt", "sample.jsonl", "sample.jsonl", "t.csv"]
    assert corpus.table["year"].tolist()[1] == "1900" and corpus.labels == ["", "", "", "x"]
    assert corpus.vocab.counts[corpus.vocab.index("words")] == 4


def test_a_column_called_file_is_kept(tmp_path) -> None:
    (tmp_path / "t.csv").write_text("file,text\nmine.wav,hello there\n")
    assert Corpus.from_files(tmp_path / "t.csv").table["file"].tolist() == ["mine.wav"]


def test_one_bad_file_among_good_ones_is_left_out_and_said(text, tmp_path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2")
    corpus = Corpus.from_files([text, tmp_path / "bad.txt"], folder=tmp_path / "out" / "c")
    assert corpus.documents[:] == Corpus.from_files([text]).documents[:]
    assert [note["values"]["name"] for note in corpus.facts["skipped"]] == ["bad.txt"]


def test_bad_files_alone_are_refused_and_nothing_is_kept(tmp_path) -> None:
    for name in ("bad.txt", "worse.txt"):
        (tmp_path / name).write_bytes(b"\0\1\2")
    with pytest.raises(Problem, match="bad.txt is not text"):
        Corpus.from_files([tmp_path / "bad.txt", tmp_path / "worse.txt"], folder=tmp_path / "out" / "c")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("data", [b" \n\t " * 9, b"\xef\xbb\xbf", b"\n" * 5000, b"?! ...\n" * 9])
def test_a_file_without_words_is_named(tmp_path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(Problem, match="a.txt (is empty|holds no words): choose a file"):
        Corpus.from_files([tmp_path / "a.txt"])


@pytest.mark.parametrize(
    "bad", [{"tokenizer": "x"}, {"min_count": 0}, {"split": "pages"}, {"split_words": 1}, {"nope": 1}]
)
def test_bad_settings_are_problems(bad: dict) -> None:
    with pytest.raises(Problem):
        ReadSettings(**bad)


def test_one_word_and_all_words_unique(tmp_path) -> None:
    (tmp_path / "one.txt").write_text("hello")
    (tmp_path / "unique.txt").write_text(" ".join(f"w{i}" for i in range(3000)))
    assert Corpus.from_files([tmp_path / "one.txt"]).vocab.words == ["hello"]
    with pytest.raises(Problem, match="Choose a min count of at most 1 .*1: 3000"):
        Corpus.from_files([tmp_path / "unique.txt"], min_count=5)


def test_strange_words_are_kept_as_they_are(tmp_path) -> None:
    strange = "<s> <script>alert(1)</script> %{x} $x$ :red[x] =cmd() \u202eabc zero\u200bwidth 👨‍👩‍👧"
    (tmp_path / "a.txt").write_text(strange, encoding="utf-8")
    corpus = Corpus.from_files([tmp_path / "a.txt"], tokenizer="characters")
    assert corpus.documents[0] == strange and "".join(corpus.vocab.words[i] for i in corpus.tokens) == strange


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell a process' peak memory")
def test_memory_does_not_grow_with_the_text(tmp_path) -> None:
    code = (
        "import re, sys; from pathlib import Path; from core.corpus import Corpus; Corpus.from_files(sys.argv[1]); "
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    words = "".join(f"word{i % 7919} of the line\n" for i in range(100_000))
    megabytes = []
    for times in (6, 24):  # megabytes: 14, by when all room for blocks is in use, and 55
        (tmp_path / "a.txt").write_text(words * times)
        done = subprocess.run([sys.executable, "-c", code, tmp_path / "a.txt"], capture_output=True, check=True)
        megabytes.append(int(done.stdout))
    assert megabytes[1] < megabytes[0] + 25 and megabytes[1] < 400


def test_what_has_been_read_before_keeps_its_name(tmp_path) -> None:
    """Runs refer to corpora by these: settings that are left alone must not change them."""
    (tmp_path / "a.txt").write_text(
        "Chapter 1\n\nThe cat sat on the mat.\nIt was 1,234 years ago.\n\nChapter 2\n\nThe dog ran.\n"
    )
    (tmp_path / "b.csv").write_text("label,text,year\nx,some table words,1900\ny,other words 苹果,1901\n")
    assert Corpus.from_files(tmp_path / "a.txt").id == "b250ba1f55d7a4be02c9971a5f571192"
    assert Corpus.from_files(tmp_path / "a.txt", split="chapters").id == "7bf1bbc07527e9ae5a81561a1d9f486f"
    assert Corpus.from_files(tmp_path / "b.csv", label_column="label").id == "2b68637ff0052fde4c462bcdcc8c4ff1"
    assert Corpus.from_texts(["one two", "three"], labels=["a", "b"]).id == "223d04b1eec3bb1e85fe4dc52b0801ac"


def test_every_setting_that_changes_tokens_changes_the_name() -> None:
    assert changed_settings(ReadSettings(split="words", split_words=10, encoding="utf-8", text_column="x")) == ()
    assert changed_settings(ReadSettings(pieces="unigram", phrase_threshold=3, dictionary="石头记")) == ()
    changed = ReadSettings(strip_urls=True, phrases=True, phrase_threshold=3, script="simplified", date_column="year")
    assert dict(changed_settings(changed)) == {
        "strip_urls": True, "phrases": True, "phrase_threshold": 3.0, "script": "simplified", "date_column": "year"
    }  # fmt: skip
