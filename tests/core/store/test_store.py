"""Opening a store: where it is, what it refuses, what importing it loads."""

import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from core.problem import Problem
from core.store import Store, tables
from core.store.home import default_home, environment

HEAVY = "torch numba sklearn scipy umap pandas pyarrow streamlit".split()


def test_importing_and_opening_a_store_loads_nothing_heavy(tmp_path):
    program = f"import sys; from core.store import Store; Store({str(tmp_path)!r}).runs(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "sqlalchemy" in loaded and not set(HEAVY) & set(loaded)


def test_the_home_is_named_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SEMASCOPE_HOME", str(tmp_path / "mine"))
    store = Store()
    assert store.home == tmp_path / "mine" and (store.home / "semascope.db").exists()
    store.close()


def test_without_a_name_the_home_is_the_persons_own(tmp_path, monkeypatch):
    monkeypatch.delenv("SEMASCOPE_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_home() == tmp_path / "semascope"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_home().parts[-3:] == ("Library", "Application Support", "semascope")


def test_another_database_is_a_url(tmp_path, monkeypatch):
    monkeypatch.setenv("SEMASCOPE_DATABASE", f"sqlite:///{tmp_path}/elsewhere.db")
    Store(tmp_path / "home").close()
    assert (tmp_path / "elsewhere.db").exists() and not (tmp_path / "home" / "semascope.db").exists()


def test_postgres_would_take_every_table():
    for table in tables.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_a_home_that_cannot_be_made_is_a_problem(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Problem, match="cannot be written to .*SEMASCOPE_HOME"):
        Store(tmp_path / "file" / "home")


def test_a_database_that_cannot_be_opened_is_a_problem(tmp_path):
    (tmp_path / "semascope.db").mkdir()
    with pytest.raises(Problem, match="cannot be written to .*SEMASCOPE_HOME"):
        Store(tmp_path)


def test_a_damaged_database_is_a_problem(store, corpus):
    store.close()
    path = store.home / "semascope.db"
    path.write_bytes(path.read_bytes()[:4096] + b"nonsense" * 10_000)
    with pytest.raises(Problem, match="semascope.db is damaged .*move it away to begin anew"):
        store.corpora()
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(Problem, match="semascope.db is damaged"):
        Store(store.home)


def test_a_newer_schema_is_refused(store):
    with store.database.writing() as connection:
        connection.execute(tables.schema.update().values(version=tables.VERSION + 1))
    with pytest.raises(Problem, match=f"schema {tables.VERSION + 1}, this one knows {tables.VERSION}"):
        Store(store.home)


def test_the_journal_is_one_that_this_sqlite_keeps_safely(store, monkeypatch):
    with store.database.reading() as connection:
        journal, version = (
            connection.scalar(sa.text(sql)) for sql in ("PRAGMA journal_mode", "SELECT sqlite_version()")
        )
        sync = connection.scalar(sa.text("PRAGMA synchronous"))
    assert journal == ("wal" if tuple(map(int, version.split("."))) >= (3, 51, 3) else "truncate") and sync == 2


def test_many_threads_write_and_read_at_once(store, corpus):
    def queue():
        for _ in range(5):
            ids.append(store.queue_train("word2vec", {}, corpus.id, min_count=1))
            store.runs()

    ids: list[str] = []
    threads = [threading.Thread(target=queue) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(ids) == [f"word2vec-{number:03d}" for number in range(1, 21)]


def test_the_environment_of_our_processes(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    environ = environment(tmp_path, threads=2)
    assert environ["OMP_WAIT_POLICY"] == "PASSIVE" and environ["OMP_NUM_THREADS"] == "2"
    assert environ["NUMBA_CACHE_DIR"] == str(tmp_path / "cache" / "numba")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/kept")
    assert environment(tmp_path)["NUMBA_CACHE_DIR"] == "/kept"


def test_a_reserve_of_room_is_kept_and_given_up(store):
    store.keep_reserve()
    assert (store.home / "reserve").stat().st_size == 1_000_000
    store.free_reserve()
    store.free_reserve()
    assert not (store.home / "reserve").exists()
