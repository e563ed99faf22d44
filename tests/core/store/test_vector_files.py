"""Vectors as files: what gensim, Arrow and our own import read back, to the bit."""

import warnings
import zipfile

import numpy as np
import pytest

from core.corpus import Vocab
from core.store import vector_files
from core.store.importing.looking import look
from core.store.importing.reading import read
from core.store.importing.settings import ImportSettings
from core.store.vector_files import WRITERS, about_bytes

WORDS = ["the", "new york", "北京", "a\tb", "1", ". . .", "café", "\u3000"]
SAFE = ["the", "new␣york", "北京", "a␉b", "1", ".␣.␣.", "café", "\\u3000"]


@pytest.fixture
def written(tmp_path):
    """written(kind) -> the path of a file; with .vectors and .vocab, of extremes and rounding."""
    random = np.random.default_rng(3)
    written_vectors = random.standard_normal((len(WORDS), 5)).astype(np.float32)
    written_vectors[0] = [np.float32(1e-38), np.finfo(np.float32).max, -0.0, np.float32(0.1), 1 / 3]

    def write(kind):
        WRITERS[kind](tmp_path / kind, write.vectors, write.vocab)
        return tmp_path / kind

    write.vectors, write.vocab = written_vectors, Vocab(WORDS, [90, 80, 70, 60, 50, 40, 30, 30])
    return write


def loaded(path, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gensim.models import KeyedVectors

        return KeyedVectors.load_word2vec_format(str(path), **how)


@pytest.mark.parametrize(
    ("kind", "how"), [("word2vec", {}), ("binary", {"binary": True}), ("glove", {"no_header": True})]
)
def test_gensim_reads_every_format_it_knows_to_the_bit(written, kind, how):
    found = loaded(written(kind), **how)
    assert found.index_to_key == SAFE and found.vectors.tobytes() == written.vectors.tobytes()


@pytest.mark.parametrize("kind", [kind for kind in WRITERS if kind != "parquet"])
@pytest.mark.parametrize("rows", [3, 5000])
def test_what_is_written_is_read_back_to_the_bit(written, tmp_path, monkeypatch, kind, rows):
    monkeypatch.setattr(vector_files, "ROWS", rows)
    path, folder = written(kind), tmp_path / "read"
    folder.mkdir()
    files = [(path, path.name)]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path)
        files = [(tmp_path / name, name) for name in archive.namelist()]
    assert look(files, None)["format"] == kind
    for _ in read(files, folder, ImportSettings(format=kind)):
        pass
    vocab, vectors = Vocab.load(folder), np.load(folder / "vectors.npy")
    assert vocab.words == SAFE and vectors.tobytes() == written.vectors.tobytes()
    assert kind not in ("projector", "npy") or vocab.counts.tolist() == written.vocab.counts.tolist()


def test_numpy_reads_the_array_and_the_projector_its_pair(written):
    with zipfile.ZipFile(written("npy")) as archive, archive.open("vectors.npy") as file:
        assert np.load(file).tobytes() == written.vectors.tobytes()
    with zipfile.ZipFile(written("projector")) as archive:
        rows, words = (archive.read(name).decode() for name in ("vectors.tsv", "metadata.tsv"))
    # TensorBoard's rule: no first line in vectors.tsv; of several columns the metadata's first line names them
    assert len(rows.splitlines()) == len(WORDS) and words.splitlines()[:2] == ["word\tcount", "the\t90"]
    assert all(len(row.split("\t")) == 5 for row in rows.splitlines())


def test_parquet_holds_words_counts_and_vectors(written):
    import pyarrow.parquet as pq

    table = pq.read_table(written("parquet"))
    assert table.column_names == ["word", "count", "vector"] and table["word"].to_pylist() == WORDS
    assert table["count"].to_pylist() == written.vocab.counts.tolist()
    found = table["vector"].combine_chunks().flatten().to_numpy().reshape(-1, 5)
    assert found.tobytes() == written.vectors.tobytes()


@pytest.mark.parametrize("kind", WRITERS)
def test_the_size_is_told_beforehand(written, kind):
    vectors = np.random.default_rng(0).standard_normal((2000, 50)).astype(np.float32)
    written.vectors, written.vocab = vectors, Vocab([f"w{i}" for i in range(2000)], np.arange(2000, 0, -1))
    assert 0.7 < written(kind).stat().st_size / about_bytes(kind, vectors.nbytes) < 1.3


def test_half_a_character_is_written_as_its_code():
    assert vector_files.text_words(["a\ud800"]) == ["a\\ud800"]
