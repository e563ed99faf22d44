"""Kernels are compiled once for what they are made of."""

import pytest

from core.jobs import warm


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """How often kernels were compiled into the cache of this home."""
    times = []
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(warm.os, "nice", lambda by: 0)
    monkeypatch.setattr(warm, "warm", lambda: times.append(1))
    monkeypatch.setattr(warm.sys, "argv", ["warm", str(tmp_path / "home")])
    return times


def test_once_and_not_again(compiled, tmp_path):
    assert warm.needed(tmp_path / "cache")
    warm.main()
    assert not warm.needed(tmp_path / "cache")
    warm.main()
    assert compiled == [1]


def test_again_for_other_sources(compiled, tmp_path, monkeypatch):
    warm.main()
    monkeypatch.setattr(warm, "version", lambda library: "another")
    assert warm.needed(tmp_path / "cache")
    warm.main()
    assert compiled == [1, 1]


def test_a_killed_compilation_is_begun_again(compiled, tmp_path, monkeypatch):
    monkeypatch.setattr(warm, "warm", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        warm.main()
    assert warm.needed(tmp_path / "cache")
