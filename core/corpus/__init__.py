"""Bytes -> documents -> tokens -> vocabulary: a Corpus on disk, memory-mapped. Importing this loads nothing heavy."""

from core.corpus.corpus import Corpus
from core.corpus.vocab import Vocab

__all__ = ["Corpus", "Vocab"]
