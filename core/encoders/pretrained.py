"""Pre-trained models: BERT and GPT as others have trained them, on far more text than a person has.

Beside ENCODERS, not among them: their weights and vocabulary are brought (`core.store.importing.model` reads a folder
in the layout of Hugging Face), so no form offers them and the contract of training does not apply. The family of BERT:
Devlin et al. (2018); MiniLM, Wang et al. (2020); RoBERTa, Liu et al. (2019); DistilBERT, Sanh et al. (2019). GPT-2:
Radford, Wu, Child, Luan, Amodei and Sutskever (2019).
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Encoder, Estimate, Progress
from core.encoders.bert import BERT
from core.encoders.contextual import Transformer
from core.encoders.gpt import GPT
from core.encoders.networks.rows import Rows
from core.options import Options, option
from core.problem import Problem, marked

MOST_LAYERS, MOST_HEADS, MOST_WIDTH, MOST_CONTEXT = 48, 32, 2048, 4096


class PretrainedOptions(Options):
    """What is on record of a model that was brought: which one, its sizes, and which heads its weights have."""

    # fmt: off
    model: Literal["bert", "roberta", "distilbert", "gpt2"] = option(
        "bert", "Model", "Which network it is, as its configuration says.")
    file: str = option("", "File", "The names of the files that it was read from.")
    layers: int = option(12, "Layers", "Blocks of attention, one upon the other.", low=1, high=MOST_LAYERS, step=1)
    heads: int = option(12, "Heads", "Ways to look in each layer.", low=1, high=MOST_HEADS, step=1)
    width: int = option(768, "Width", "Numbers that stand for one token.", low=1, high=MOST_WIDTH, step=1)
    inner: int = option(3072, "Inner width", "Numbers of the layer inside each block.",
                        low=1, high=8 * MOST_WIDTH, step=1)
    context: int = option(512, "Context", "Tokens that it sees together.", low=8, high=MOST_CONTEXT, step=1)
    gelu: Literal["none", "tanh"] = option(
        "none", "GELU", "Exact, or by the approximation with the hyperbolic tangent.")
    epsilon: float = option(1e-12, "Epsilon", "What is added to a variance that is divided by.", low=0, high=1)
    masked_word: bool = option(False, "Masked words", "Whether its weights can guess a masked word.")
    next_sentence: bool = option(False, "Next sentence", "Whether its weights can tell if a sentence follows another.")
    second: bool = option(False, "Pairs", "Whether it reads two texts at once.")
    counts: Literal["rank"] = option(
        "rank", "Counts", "Whether the file says how often each word occurs, or only their order stands for it.")
    # fmt: on

    @property
    def shape(self) -> tuple[int, int, int]:
        """Layers, heads and width."""
        return self.layers, self.heads, self.width


class Brought(Transformer):
    """What all of them share: there is nothing to train, and their weights are taken as they are."""

    starts_from_vectors = False
    lacking: ClassVar[dict[str, tuple[str, ...]]] = {}  # option: what the network is without, where it is off

    def train(self, corpus: Corpus) -> Iterator[Progress]:  # noqa: ARG002
        raise _no_training()

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        raise _no_training()

    def state(self, training: bool = True) -> dict[str, np.ndarray]:  # noqa: ARG002
        return {name: weight.detach().cpu().numpy() for name, weight in self.network_.named_parameters()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up weights by their names in the network, one of each."""
        import torch

        from core.encoders.networks import transformer

        with torch.device("meta"):  # without memory, until the weights come
            network = self._network()
        for head, parts in self.lacking.items():
            for part in parts if not getattr(self.options, head) else ():
                delattr(network, part)
        weights = {name: torch.tensor(array) for name, array in state.items()}
        network.load_state_dict(weights, assign=True)
        self.network_ = network.to(transformer.device()).eval()


class PretrainedBERT(Brought, BERT):
    """A model of BERT's family; without the heads that its weights lack."""

    name, title = "pretrained", marked("Pre-trained BERT")
    Options: ClassVar[Any] = PretrainedOptions
    lacking: ClassVar = {"masked_word": ("transform", "bias"), "next_sentence": ("pool", "next")}

    def _network(self) -> Any:
        from core.encoders.networks.bert import Network

        (layers, heads, width), how = self.options.shape, self.options
        sizes = len(self.vocab), width, how.context, layers, heads
        return Network(*sizes, False, how.epsilon, how.gelu, how.inner)

    def _segments(self, texts: list[np.ndarray]) -> tuple[Rows, Sequence[int]]:
        return BERT._segments(self, texts) if self.options.second else Transformer._segments(self, texts)

    @classmethod
    def capabilities(cls, options: Any = None) -> tuple[str, ...]:
        """Without a head, it cannot answer for what that guesses."""
        every = Encoder.capabilities.__func__(cls)  # type: ignore[attr-defined]
        if options is None:
            return tuple(every)
        gone = {name for name, has in {
            "MaskedWord": options.masked_word, "Workings": options.masked_word, "NextSentence": options.next_sentence,
        }.items() if not has}  # fmt: skip
        return tuple(name for name in every if name not in gone)


class PretrainedGPT(Brought, GPT):
    """GPT-2."""

    name, title, year = "pretrained-gpt", marked("Pre-trained GPT"), 2019
    paper = "Radford et al. (2019), Language models are unsupervised multitask learners"
    Options: ClassVar[Any] = PretrainedOptions

    def _network(self) -> Any:
        from core.encoders.networks.gpt import Network

        (layers, heads, width), how = self.options.shape, self.options
        sizes = len(self.vocab), width, how.context, layers, heads
        return Network(*sizes, True, how.gelu, how.epsilon, how.inner)


def _no_training() -> Problem:
    return Problem("A pre-trained model is as it was brought; train an encoder on a corpus to see one learn.")
