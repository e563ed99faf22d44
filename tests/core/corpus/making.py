"""Small corpora made with any of the reading settings."""

from typing import Any

from core.corpus import Corpus
from core.corpus.reading import build_texts
from core.corpus.settings import ReadSettings


def made(texts: list[str], **settings: Any) -> Corpus:
    """A temporary corpus of these documents."""
    return Corpus._built(None, lambda folder: build_texts(texts, {}, folder, ReadSettings(**settings)))
