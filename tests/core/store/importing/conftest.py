"""Small files of vectors, and readings of them in this process."""

import numpy as np
import pytest

from core.corpus import Vocab
from core.problem import Problem
from core.store.importing.looking import look
from core.store.importing.reading import read
from core.store.importing.settings import ImportSettings

WORDS = ["the", "king", "北京", "café"]
VECTORS = np.array([[0.5, -1.25, 3e-7], [1, 2, 3], [-0.1, 0.2, 1e30], [0, 0, 0]], np.float32)
TEXT = "".join(f"{word} {' '.join(map(str, row.tolist()))}\n" for word, row in zip(WORDS, VECTORS))
BINARY = b"4 3\n" + b"".join(word.encode() + b" " + row.tobytes() for word, row in zip(WORDS, VECTORS))


@pytest.fixture
def brought(tmp_path):
    """brought(name, content, …) -> what reading these files, in this process, gives: Vocab and vectors; or a sentence.

    The format is the one that a look guesses, unless it is given. A look must end well too.
    """

    def bring(*files, format=""):
        paths = []
        for name, content in zip(files[::2], files[1::2]):
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append((tmp_path / name, name))
        folder = tmp_path / "read"
        folder.mkdir(exist_ok=True)
        try:
            chosen = ImportSettings(format=format) if format else None
            seen = look(paths, chosen)
            for _phase, done, total in read(paths, folder, ImportSettings(format=seen["format"])):
                assert 0 <= done <= total
        except Problem as problem:
            return str(problem)
        array = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        return Vocab.load(folder), np.asarray(array)

    return bring
