import os
import time

import numpy as np
import pytest

from core.answers import ask, cache
from core.answers.cache import Answer, Asked
from core.problem import Problem


def asked(**arguments):
    return Asked("projection", None, None, arguments)


def test_what_was_written_comes_back(tmp_path):
    arrays = {"xy": np.ones((3, 2), np.float32).T, "none": np.zeros((0, 4)), "one": np.asarray(0.5)}
    path = tmp_path / "answers" / "a.safetensors"
    cache.write(path, Answer(arrays, {"名": "ünder", "n": np.int64(3)}))
    back = cache.read(path)
    assert back.facts == {"名": "ünder", "n": 3}
    for name, array in arrays.items():
        assert back.arrays[name].dtype == array.dtype and np.array_equal(back.arrays[name], array)


def test_missing_and_damaged_files_are_no_answers(tmp_path):
    path = tmp_path / "a.safetensors"
    assert cache.read(path) is None
    for data in (b"", b"\x00" * 20, b"\xff" * 64):
        path.write_bytes(data)
        assert cache.read(path) is None


def test_an_answer_about_a_run_lies_in_its_folder(tmp_path):
    (tmp_path / "runs" / "word2vec-001").mkdir(parents=True)
    assert cache.place(tmp_path, asked(run_id="word2vec-001")).parent == tmp_path / "runs" / "word2vec-001" / "answers"
    assert cache.place(tmp_path, Asked("next_word", "word2vec-001", None, {})).parent.parent.name == "word2vec-001"
    assert cache.place(tmp_path, asked(run_id="gone-002")).parent == tmp_path / "cache" / "answers"


def test_the_same_question_has_the_same_place(tmp_path):
    one, other = asked(a=1, b=np.float32(0.5), c=np.arange(2)), asked(c=[0, 1], b=0.5, a=np.int64(1))
    assert (
        cache.place(tmp_path, one) == cache.place(tmp_path, other) != cache.place(tmp_path, asked(a=2, b=0.5, c=[0, 1]))
    )


@pytest.mark.parametrize("run", ["../../etc", "a/b", ".hidden", "", "x" * 200])
def test_a_run_that_is_no_name_is_a_problem_when_the_answer_is_due(run, tmp_path):
    with pytest.raises(Problem, match="no run called"):
        cache.place(tmp_path, Asked("next_word", run, None, {}))
    with pytest.raises(Problem, match="no run called"):
        ask("projection", arguments={"run_id": run}).wait()


def test_a_question_that_is_too_long():
    with pytest.raises(Problem, match="33 MB long; the limit is 32 MB"):
        ask("preview", arguments={"paths": ["x" * 33_000_000]}).wait()


def test_the_oldest_answers_go_first_and_fresh_ones_stay(tmp_path):
    paths = [tmp_path / "runs" / "r" / "answers" / f"{i}.safetensors" for i in range(4)]
    for age, path in zip([300, 400, 100, 0], paths):
        cache.write(path, Answer({"x": np.zeros(1000)}))
        os.utime(path, (time.time() - age,) * 2)
    cache.prune(tmp_path, limit=paths[0].stat().st_size * 2)
    assert [path.exists() for path in paths] == [False, False, True, True]
    cache.prune(tmp_path, limit=0)
    assert [path.exists() for path in paths] == [False, False, False, True]


def test_left_overs_go_after_an_hour(tmp_path):
    folder = tmp_path / "cache" / "answers"
    folder.mkdir(parents=True)
    for name, age in (("old.picture", 4000), ("new.picture", 100), ("old.tmp", 4000)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age,) * 2)
    cache.prune(tmp_path)
    assert [path.name for path in folder.iterdir()] == ["new.picture"]


def test_reading_makes_an_answer_young(tmp_path):
    path = tmp_path / "a.safetensors"
    cache.write(path, Answer())
    os.utime(path, (1, 1))
    cache.read(path)
    assert time.time() - path.stat().st_mtime < 60
