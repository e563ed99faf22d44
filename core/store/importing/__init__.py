"""Word vectors out of files: word2vec text and binary, GloVe, fastText .vec, the projector's TSV pair, .npy and words.

A file is checked against its size before anything is made of it, read block by block in a limited child process, and
refused in a sentence with its line. Nothing is ever unpickled.
"""

from core.store.importing.limited import limited_import, limited_look
from core.store.importing.settings import FORMATS, MODEL, ImportSettings

__all__ = ["FORMATS", "MODEL", "ImportSettings", "limited_import", "limited_look"]
