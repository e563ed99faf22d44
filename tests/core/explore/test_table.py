import io

import numpy as np
import pandas as pd

from core.explore.download import csv_bytes
from core.explore.table import table, vectors_tsv

WORDS = ["the", "=1+1", "a\tb", "<b>", "-"]


def test_a_selection_with_all_that_is_known():
    xy = np.arange(10.0).reshape(5, 2)
    frame = table([3, 0], WORDS, np.array([9, 8, 7, 6, 5]), list("vwxyz"), xy)
    assert frame.to_dict("list") == {
        "word": ["<b>", "the"], "rank": [4, 1], "count": [6, 9], "cluster": ["y", "v"], "x": [6, 0], "y": [7, 1],
    }  # fmt: skip


def test_csv_keeps_words_whole_but_no_formula():
    frame = table(range(5), WORDS, xy=np.array([[-1.5, 0, 2]] * 5))
    back = pd.read_csv(io.BytesIO(csv_bytes(frame)))
    assert back.word.tolist() == ["the", "'=1+1", "a\tb", "<b>", "'-"]
    assert back.x.tolist() == [-1.5] * 5 and list(back) == ["word", "rank", "x", "y", "z"]


def test_csv_is_read_by_spreadsheets_in_every_script():
    assert csv_bytes(table([0], ["王"])).decode("utf-8-sig").splitlines() == ["word,rank", "王,1"]
    assert csv_bytes(pd.DataFrame({"=x": [1]})) == "\ufeff'=x\r\n1\r\n".encode()


def test_vectors_come_back_to_the_bit():
    vectors = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    text = vectors_tsv([2, 1], WORDS, vectors)
    back = pd.read_csv(io.BytesIO(text), sep="\t", header=None)
    assert back[0].tolist() == ["a\tb", "=1+1"]
    assert (back.iloc[:, 1:].to_numpy(np.float32) == vectors[[2, 1]]).all()
