import csv
import io

import numpy as np
import pandas as pd
import pytest

from core.corpus import Corpus
from core.explore.download import csv_bytes, tsv_bytes

FORMULAS = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=tab", "\r=1", "\n=1", "＝1", '=HYPERLINK("x","y")', "-"]
PLAIN = ["the", "王", "a=b", '"quoted"', "a,b", "a\tb", "two\nlines", "x\r=1", "'tis", "", " =1"]


def cells(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("write, delimiter", [(csv_bytes, ","), (tsv_bytes, "\t")])
def test_formulas_are_made_harmless_and_all_else_comes_back_whole(write, delimiter):
    back = cells(write(pd.DataFrame({"word": FORMULAS + PLAIN, "n": range(21)})), delimiter)
    assert [row[0] for row in back[1:]] == ["'" + word for word in FORMULAS] + PLAIN


def test_numbers_stay_numbers():
    frame = pd.DataFrame({"x": [-1.5, np.nan], "n": [-3, 4], "mixed": [-2, "-2"], "none": [None, "a"]})
    assert cells(csv_bytes(frame))[1:] == [["-1.5", "-3", "-2", ""], ["", "4", "'-2", "a"]]


def test_column_names_are_harmless_too_and_may_repeat():
    assert cells(csv_bytes(pd.DataFrame([[1, "=2"]], columns=["=a", "=a"]))) == [["'=a", "'=a"], ["1", "'=2"]]


def test_the_mark_is_there_unless_it_is_not_wanted():
    frame = pd.DataFrame({"词": ["红楼"]})
    assert csv_bytes(frame) == "\ufeff词\r\n红楼\r\n".encode()
    assert csv_bytes(frame, mark=False) == tsv_bytes(frame) == "词\r\n红楼\r\n".encode()


def test_categories_dates_and_lists_are_texts():
    frame = pd.DataFrame({"c": pd.Categorical(["=a", "b"]), "l": [["=a"], ("-b",)]})
    assert cells(csv_bytes(frame))[1:] == [["'=a", "['=a']"], ["b", "('-b',)"]]


def test_a_table_of_formulas_goes_in_and_comes_out_without_one(tmp_path):
    path = tmp_path / "formulas.csv"
    quoted = '"=HYPERLINK(""x"",""y"")"'
    path.write_text(f"label,text\n=1+1,{quoted}\n+cmd,@SUM(A1)\n-2,\t=tab\n" * 3, encoding="utf-8")
    corpus = Corpus.from_files([path], text_column="text", label_column="label")
    frame = corpus.table.assign(text=list(corpus.documents))
    assert any(str(cell).startswith("=") for cell in frame.to_numpy().ravel())
    written = [cell for row in cells(csv_bytes(frame)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in written)
