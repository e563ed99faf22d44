"""ENCODERS: the history, listed by hand. A new encoder is one new file (and its network or kernel) and one line."""

from core.encoders.base import Encoder
from core.encoders.gpt import GPT
from core.encoders.lsa import LSA
from core.encoders.ngram import NGram
from core.encoders.onehot import OneHot
from core.encoders.tfidf import TfIdf
from core.encoders.word2vec import Word2Vec

ENCODERS: dict[str, type[Encoder]] = {encoder.name: encoder for encoder in (OneHot, NGram, TfIdf, LSA, Word2Vec, GPT)}
