"""Kept states: whole or not there, checked by their hash, the right ones let go."""

import errno

import numpy as np
import pytest

from core.store import artifacts, files
from core.store.artifacts import Kept, load_newest, outdated, restorable, surplus
from core.store.files import Damaged, DiskFull, pack, unpack, write_arrays, write_bytes

STATE = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "b": np.array([2**40]),
    "text": np.frombuffer(b"hi", np.uint8),
}


def checkpoint(step, held_out=None):
    return Kept("run-001", f"{step}", "checkpoint", step, 1, "", held_out)


def choices(attempt):
    with attempt.store.database.reading() as connection:
        return restorable(connection, attempt.run_id)


def test_a_state_comes_back_to_the_bit(attempt):
    attempt.keep("checkpoint", 5, STATE)
    state, one, damaged = load_newest(attempt.folder, choices(attempt))
    assert all((state[name] == STATE[name]).all() and state[name].dtype == STATE[name].dtype for name in STATE)
    assert (one.step, damaged) == (5, [])


@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(attempt, harm):
    attempt.keep("checkpoint", 5, STATE)
    attempt.keep("checkpoint", 6, STATE)
    path = attempt.folder / choices(attempt)[-1].file
    data = path.read_bytes()
    {"flip": lambda: path.write_bytes(data[:-1] + bytes([data[-1] ^ 1])), "cut": lambda: path.write_bytes(data[:-9]),
     "gone": path.unlink}[harm]()  # fmt: skip
    _, one, damaged = load_newest(attempt.folder, choices(attempt))
    assert one.step == 5 and [each.step for each in damaged] == [6]


def test_the_last_two_and_the_best_checkpoint_stay():
    several = [checkpoint(1, 3.0), checkpoint(2, 2.0), checkpoint(3, 2.5), checkpoint(4), checkpoint(5, 2.6)]
    assert [one.step for one in outdated(several)] == [1, 3]
    assert [one.step for one in outdated(several[3:])] == []


def test_moments_thin_out_evenly_over_the_logarithm():
    moments: list[Kept] = []
    for step in (2**i for i in range(20)):
        moments.append(checkpoint(step))
        moments = [one for one in moments if one not in surplus(moments, 12)]
    steps = [one.step for one in moments]
    assert len(steps) == 12 and steps[0] == 1 and steps[-1] == 2**19
    assert np.diff(np.log2(steps)).max() <= 3


def test_what_a_killed_attempt_left_is_swept(attempt):
    attempt.keep("checkpoint", 5, STATE)
    for stray in (
        "checkpoints/000000000006-1.safetensors",
        "moments/x.tmp",
        "final-1.safetensors",
        "vectors.npy.9.tmp",
    ):
        (attempt.folder / stray).parent.mkdir(exist_ok=True)
        (attempt.folder / stray).touch()
    (attempt.folder / "vectors.npy").touch()
    attempt.sweep()
    left = {path.name for path in attempt.folder.rglob("*") if path.is_file()}
    assert left == {"000000000005-1.safetensors", "vectors.npy", "vocab.json"}


def test_a_row_goes_before_its_file(attempt, monkeypatch):
    attempt.keep("checkpoint", 5, STATE)
    one = choices(attempt)[0]
    attempt.drop([one])
    assert choices(attempt) == [] and not (attempt.folder / one.file).exists()


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_behind_and_names_the_bytes(tmp_path, monkeypatch, call, number):
    def full(*_):
        raise OSError(number, "no space")

    monkeypatch.setattr(files.os, call, full)
    with pytest.raises(DiskFull, match=r"MB are free, 2.5 MB are needed") as raised:
        write_bytes(tmp_path / "x", bytes(2_500_000))
    assert list(tmp_path.iterdir()) == [] and raised.value.values["free"] > 0


def test_another_error_of_the_system_stays_itself(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_bytes(tmp_path / "missing" / "x", b"")


def test_a_file_is_replaced_whole(tmp_path):
    write_bytes(tmp_path / "x", b"one")
    write_bytes(tmp_path / "x", b"two", durable=False)
    assert (tmp_path / "x").read_bytes() == b"two" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("data", [b"", b"short", pack(STATE)[:40], b"\xff" * 8 + pack(STATE)])
def test_damaged_bytes_are_refused(data):
    with pytest.raises(Damaged, match="x is damaged"):
        unpack(data, "x")


def test_arrays_of_every_type_and_shape_are_safetensors(tmp_path):
    types = "f8 f4 f2 i8 i4 i2 i1 u8 u4 u2 u1 ?".split()
    arrays = {kind: np.arange(24).reshape(2, 3, 4).astype(kind) for kind in types}
    arrays |= {
        "empty": np.zeros((0, 3)),
        "one": np.array(7.5),
        "turned": arrays["f4"].T,
        "strided": arrays["i8"][:, ::2],
    }
    size, sha256 = write_arrays(tmp_path / "x", arrays)
    found = files.read_checked(tmp_path / "x", sha256)
    assert size == (tmp_path / "x").stat().st_size and found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape and (found[name] == array).all()


def test_kinds_are_told_apart(attempt):
    attempt.keep("moment", 3, STATE)
    attempt.keep("final", 9, STATE)
    with attempt.store.database.reading() as connection:
        assert [one.step for one in artifacts.kept(connection, attempt.run_id, "moment")] == [3]
    assert [one.kind for one in choices(attempt)] == ["final"]
