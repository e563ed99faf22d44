"""What corpora were read from: kept once, found again, thrown away when nothing refers to it."""

import errno
import hashlib
import os
import time

import pytest

from core.corpus import Corpus
from core.corpus.reading import ReadSettings
from core.problem import Problem
from core.store import inbox, originals
from core.store.queue import DAY, Queue
from core.store.samples import read_sample
from core.store.tables import corpora
from tests.core.store.conftest import TEXT, begin


def uploaded(store, name="mine.txt", text=TEXT):
    """A whole upload in the store's inbox."""
    data = text.encode()
    incoming = inbox.Incoming(store.home, name, len(data))
    incoming.write(data)
    return incoming.finish()


def read(store, paths, text=TEXT, **settings):
    """Queue a reading and register what it would give, as its worker does; the corpus's id."""
    run = store.queue_read(paths, ReadSettings(**settings), "Mine")
    begin(store, run).write(state="done")
    row = store.run(run)
    with store.database.writing() as connection:
        connection.execute(corpora.delete().where(corpora.c.id == run))
    return store.add_corpus(Corpus.from_texts([text]), "Mine", settings=store.settings_read(row)).id


def kept(store):
    return sorted(path.name for path in (store.home / "originals").iterdir())


def age(store, seconds=3 * DAY):
    for path in (store.home / "originals").iterdir():
        os.utime(path, (time.time() - seconds,) * 2)


def test_an_upload_becomes_an_original_without_a_copy(store):
    upload = uploaded(store)
    number = upload.path.stat().st_ino
    run = store.queue_read([(upload.path, upload.name)], ReadSettings(), "Mine")
    (path, name), *_ = store.run(run).paths
    assert os.stat(path).st_ino == number and name == "mine.txt" and not upload.path.parent.exists()
    assert kept(store) == [hashlib.sha256(TEXT.encode()).hexdigest()]


def test_a_pasted_text_too(store):
    path = store.inbox() / "upload"
    path.write_text(TEXT)
    corpus = read(store, [(path, "pasted.txt")])
    ((original, name),) = store.files_of(corpus)
    assert original.read_text() == TEXT and name == "pasted.txt" and not path.parent.exists()


def test_the_same_content_is_kept_once_under_both_names(store):
    first, second = uploaded(store, "a.txt"), uploaded(store, "b/a.txt")
    corpus = read(store, [(first.path, first.name), (second.path, second.name)])
    assert [name for _, name in store.files_of(corpus)] == ["a.txt", "b/a.txt"] and len(kept(store)) == 1


def test_a_damaged_original_is_mended_by_the_same_upload(store):
    read(store, [(uploaded(store).path, "a.txt")])
    (store.home / "originals" / kept(store)[0]).write_text("half")
    corpus = read(store, [(uploaded(store).path, "a.txt")])
    assert store.files_of(corpus)[0][0].read_text() == TEXT


def test_a_disk_without_second_names_keeps_it_too(store, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(originals.os, "link", refuse)
    upload = uploaded(store)
    corpus = read(store, [(upload.path, "mine.txt")])
    assert store.files_of(corpus)[0][0].read_text() == TEXT and not upload.path.parent.exists()


def test_a_corpus_is_read_again_with_other_settings(store):
    corpus = read(store, [(uploaded(store).path, "mine.txt")])
    run = store.run(store.queue_read_again(corpus, ReadSettings(lowercase=False), "Again"))
    assert run.kind == "read" and run.options["lowercase"] is False and run.name == "Again"
    assert run.paths == [[str(path), name] for path, name in store.files_of(corpus)]
    assert store.corpus_row(run.id).settings["files"] == store.corpus_row(corpus).settings["files"]


def test_the_same_corpus_from_other_files_refers_to_those(store):
    first = read(store, [(uploaded(store, text="one").path, "one.txt")])
    second = read(store, [(uploaded(store, text="two").path, "two.txt")])
    assert first == second and [name for _, name in store.files_of(first)] == ["two.txt"]


def test_a_sample_is_found_where_it_ships(store):
    row = store.corpus_row(read_sample(store, "en-shakespeare.txt.gz"))
    ((path, name),) = store.files_of(row.id)
    assert path.exists() and name == "en-shakespeare.txt.gz" and kept(store) == []
    assert row.settings["files"] == [["sample:en-shakespeare.txt.gz", name]]


def test_a_file_elsewhere_is_left_there_and_not_kept(store, tmp_path):
    (tmp_path / "x.txt").write_text(TEXT)
    corpus = read(store, [tmp_path / "x.txt", uploaded(store).path])
    assert (tmp_path / "x.txt").exists() and "files" not in store.corpus_row(corpus).settings
    with pytest.raises(Problem, match="Mine was not read from files that are kept"):
        store.files_of(corpus)


def test_files_that_are_gone_are_named(store):
    corpus = read(store, [(uploaded(store).path, "mine.txt")])
    (store.home / "originals" / kept(store)[0]).unlink()
    with pytest.raises(Problem, match="Mine cannot be read again: mine.txt is here no longer"):
        store.files_of(corpus)
    with pytest.raises(Problem, match="no such corpus"):
        store.files_of("nothing")


@pytest.mark.parametrize("reference", ["sample:../x", "../../etc/passwd", "sample:/etc/passwd", "", "A" * 64])
def test_a_reference_never_leads_elsewhere(store, reference):
    assert originals.place_of(store.home, reference) is None


def test_what_nothing_refers_to_is_purged_after_a_day(store):
    queue, wanted = Queue(store), uploaded(store, text="wanted")
    corpus = read(store, [(wanted.path, "wanted.txt")])
    originals.keep(store.home, uploaded(store, text="stray").path)
    assert len(kept(store)) == 2 and queue.purge(time.time() - DAY) == [] and len(kept(store)) == 2
    age(store)
    queue.purge(time.time() - DAY)
    assert kept(store) == [wanted.sha256] and store.files_of(corpus)


def test_a_deleted_corpus_keeps_its_files_while_it_can_be_brought_back(store):
    corpus = read(store, [(uploaded(store).path, "mine.txt")])
    store.delete_corpus(corpus)
    age(store)
    Queue(store).purge(time.time() - DAY)
    store.restore_corpus(corpus)
    assert store.files_of(corpus)
    store.delete_corpus(corpus)
    Queue(store).purge(time.time() + 1)
    assert kept(store) == []


def test_a_waiting_reading_keeps_its_files(store):
    run = store.queue_read([(uploaded(store).path, "mine.txt")], ReadSettings(), "Mine")
    age(store)
    originals.purge_originals(store, time.time() - DAY)
    assert len(kept(store)) == 1
    store.command(run, "stop")
    originals.purge_originals(store, time.time() - DAY)
    assert kept(store) == []


def test_settings_with_files_still_say_how_it_was_read(store):
    corpus = read(store, [(uploaded(store).path, "mine.txt")], lowercase=False)
    row = store.corpus_row(corpus)
    assert "files" in row.settings and row.read_settings() == ReadSettings(lowercase=False)


def test_the_disk_used_is_counted(store, corpus):
    before = store.disk()
    upload = uploaded(store)
    assert before["corpora"] > 0 == before["originals"] and store.disk()["inbox"] > before["inbox"] >= 0
    store.queue_read([(upload.path, "mine.txt")], ReadSettings(), "Mine")
    assert store.disk()["originals"] == len(TEXT) and store.disk()["free"] > 0


def test_an_upload_is_whole_or_not_there(store):
    incoming = inbox.Incoming(store.home, "mine.txt", 10)
    incoming.write(b"12345")
    assert inbox.find(store.home, incoming.id) is None
    with pytest.raises(inbox.Cut, match="should have 10 bytes, and 5 came"):
        incoming.finish()
    incoming.discard()
    assert list((store.home / "inbox").iterdir()) == []


def test_more_bytes_than_were_said_are_refused(store):
    incoming = inbox.Incoming(store.home, "mine.txt", 3)
    with pytest.raises(inbox.Cut):
        incoming.write(b"1234")
    incoming.discard()


def test_a_full_disk_is_said_before_and_meanwhile(store, monkeypatch):
    incoming = inbox.Incoming(store.home, "mine.txt", 8)
    free = inbox.RESERVE + 3
    monkeypatch.setattr(inbox.shutil, "disk_usage", lambda _: type("usage", (), {"free": free}))
    incoming.write(b"12345")
    with pytest.raises(inbox.DiskFull, match="The disk is full: 500.0 MB are free"):
        inbox.Incoming(store.home, "mine.txt", 8)
    free = inbox.RESERVE
    with pytest.raises(inbox.DiskFull):
        incoming.write(b"6")
    incoming.discard()


NAMES = [
    ("../../x.txt", "../../x.txt"),
    ("a\0b\r\n.txt", "ab.txt"),
    ("C:\\texts\\小说.txt", "C:/texts/小说.txt"),
    ("<b>🦊</b>.txt", "<b>🦊</b>.txt"),
    ("\u202etxt.exe", "txt.exe"),
    ("\0", ""),
    ("/etc/passwd", "etc/passwd"),
]


@pytest.mark.parametrize("name, shown", NAMES)
def test_a_name_is_only_data(store, name, shown):
    upload = uploaded(store, name)
    assert upload.name == (shown or "unnamed") and inbox.find(store.home, upload.id) == upload
    assert upload.path == store.home / "inbox" / upload.id / "upload"


def test_a_long_name_keeps_its_ending():
    shown = inbox.cleaned("x" * 500 + ".csv.gz")
    assert len(shown) == inbox.NAME and shown.endswith("xxx.csv.gz") and "…" in shown


@pytest.mark.parametrize("identity", ["", "..", "../inbox", "a" * 32, "A" * 32, "0" * 31 + "/", "0" * 33])
def test_what_is_no_id_finds_and_removes_nothing(store, identity):
    uploaded(store)
    assert inbox.find(store.home, identity) is None and inbox.remove(store.home, identity) is False
    assert len(list((store.home / "inbox").iterdir())) == 1


def test_an_upload_is_taken_away(store):
    upload = uploaded(store)
    assert inbox.remove(store.home, upload.id) is True and inbox.find(store.home, upload.id) is None
    assert list((store.home / "inbox").iterdir()) == []


def test_a_reading_records_what_it_read_and_can_be_done_again(store):
    """With the worker's own code: a corpus folded, then the same file read as it stands."""
    from tests.core.jobs.conftest import work

    first = uploaded(store, text="The King and the Queen. " * 40)
    folded = work(store, store.queue_read([(first.path, first.name)], ReadSettings(), "Folded"))
    again = work(store, store.queue_read_again(folded.corpus_id, ReadSettings(lowercase=False), "Whole"))
    assert (folded.state, again.state) == ("done", "done"), (folded.message, again.message)
    assert "King" in store.corpus(again.corpus_id).vocab and "King" not in store.corpus(folded.corpus_id).vocab.words
    age(store)
    Queue(store).purge(time.time() - DAY)
    assert store.files_of(folded.corpus_id) == store.files_of(again.corpus_id) and kept(store) == [first.sha256]
