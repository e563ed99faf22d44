"""ENCODERS: the history, listed by hand. A new encoder is one new file (and its network or kernel) and one line."""

from core.encoders.base import Encoder
from core.encoders.bert import BERT
from core.encoders.cove import CoVe
from core.encoders.elmo import ELMo
from core.encoders.glove import GloVe
from core.encoders.gpt import GPT
from core.encoders.imported import Imported
from core.encoders.lsa import LSA
from core.encoders.ngram import NGram
from core.encoders.nnlm import NNLM
from core.encoders.onehot import OneHot
from core.encoders.pretrained import PretrainedBERT, PretrainedGPT
from core.encoders.tfidf import TfIdf
from core.encoders.word2vec import Word2Vec

ENCODERS: dict[str, type[Encoder]] = {
    encoder.name: encoder for encoder in (OneHot, NGram, TfIdf, LSA, NNLM, Word2Vec, GloVe, CoVe, ELMo, GPT, BERT)
}
BROUGHT: dict[str, type[Encoder]] = {  # learned elsewhere: runs have them, no form offers them
    encoder.name: encoder for encoder in (Imported, PretrainedBERT, PretrainedGPT)
}


def encoder_named(name: str) -> type[Encoder]:
    """The encoder that a run's record names, whether it was trained here or brought."""
    return ENCODERS[name] if name in ENCODERS else BROUGHT[name]
