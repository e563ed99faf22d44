"""Pre-trained models: BERT and GPT as others have trained them, on far more text than a person has.

Beside ENCODERS, not among them: their weights and vocabulary are brought (`core.store.importing.model` reads a folder
in the layout of Hugging Face). They can go on learning from the text of a corpus, cut into their own pieces, see
`continuing.py`. The family of BERT: Devlin et al. (2018); MiniLM, Wang et al. (2020); RoBERTa, Liu et al. (2019);
DistilBERT, Sanh et al. (2019). GPT-2: Radford, Wu, Child, Luan, Amodei and Sutskever (2019).
"""

from collections.abc import Iterator, Sequence
from copy import copy
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

import numpy as np

from core.corpus import Corpus
from core.corpus.recut import Recut, recut
from core.encoders.base import Encoder, Estimate, Progress
from core.encoders.bert import BERT
from core.encoders.contextual import Transformer
from core.encoders.continuing import ContinuingMasked, ContinuingNewHead, ContinuingOptions, ContinuingPairs
from core.encoders.gpt import GPT
from core.encoders.networks.rows import Rows
from core.encoders.stepwise import Course
from core.options import option
from core.problem import Problem, marked

MOST_LAYERS, MOST_HEADS, MOST_WIDTH, MOST_CONTEXT = 48, 32, 2048, 4096
_PER_SECOND = 1_000_000  # characters that are cut into pieces


class PretrainedOptions(ContinuingPairs):
    """What is on record of a model that was brought: which one, its sizes, and which heads its weights have; and, of
    one that goes on learning, how."""

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
    pieces: int = option(30_000, "Pieces", "How many pieces its vocabulary has.", low=1, high=1_000_000, step=1000)
    new_head: bool = option(False, "New head", "Whether its weights had no head for masked words, so that one began "
                                               "anew.")
    # fmt: on

    @property
    def shape(self) -> tuple[int, int, int]:
        """Layers, heads and width."""
        return self.layers, self.heads, self.width


class Brought(Transformer):
    """What all of them share: weights that are taken up as they are, and may then learn more.

    Learned: brought_, the loss on held-out text before the first step, from which on it is there.
    """

    starts_from_vectors, needs_start = False, True
    lacking: ClassVar[dict[str, tuple[str, ...]]] = {}  # option: what the network is without, where it is off
    brought_: float | None = None

    @classmethod
    def continuing(cls, options: Any) -> type[ContinuingOptions]:  # noqa: ARG003
        """Which options there are for going on with a model of which this is on record."""
        return ContinuingOptions

    @classmethod
    def check(cls, options: Any, corpus: Corpus) -> None:
        """What a text is in the pieces of the model is known when it has been cut into them."""

    @classmethod
    def continued(cls, options: Any) -> dict[str, Any]:
        """Everything that is not how it learns."""
        kept: dict[str, Any] = options.model_dump(exclude=set(ContinuingPairs.fields()))
        return kept

    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """From the text of the corpus, whatever its tokens: they are cut anew. Raises Problem as `Stepwise.train`."""
        from core.encoders.networks import use_threads

        if not hasattr(self, "network_"):
            raise Problem("There are no weights to go on from: bring a pre-trained model in first.")
        steps = self.options.steps
        for share in recut(corpus, self.vocab):
            phase = marked("cutting the text into the pieces of the model")
            yield Progress(phase, self._done, steps, note=f"{share:.0%}")
        text = Recut(corpus, self.vocab)
        course = self._course(text)
        use_threads(self.options.threads)
        if not hasattr(self, "descent_"):
            self._descend()
        first: dict[str, float] = {}
        if self.brought_ is None:
            self._begin(text)
            first = course.look(self.network_)
            self.brought_ = first["held_out"]
        yield Progress(marked("learning"), self._done, steps, first | {"brought": self.brought_})
        yield from self._learn(course)

    @property
    def _done(self) -> int:
        return int(self.descent_.done) if hasattr(self, "descent_") else 0

    def _begin(self, text: Corpus) -> None:
        """What is to be known of the text before the first step."""

    def _course(self, corpus: Corpus) -> Course:
        """That of BERT or GPT, over stretches of the text."""
        how, other = self.options, copy(self)
        pairs = how.next_sentence and how.second and how.pairs
        other.options = how.model_copy(update={"context": min(how.stretch, how.context), "next_sentence": pairs})
        return super(Brought, other)._course(corpus)  # type: ignore[safe-super]

    def _descend(self) -> None:
        from core.encoders.networks import descent
        from core.encoders.networks.pretrained import below

        for name, weight in self.network_.named_parameters():
            weight.requires_grad_(not below(name, self.options.frozen))
        self.descent_ = descent.Descent(self.network_, self.options.lr, self.options.steps)

    @classmethod
    def _estimated(cls, options: Any, corpus: Corpus, guessed: float) -> Estimate:
        """guessed: the share of the pieces that are guessed."""
        learned = options.model_copy(update={"context": min(options.stretch, options.context)})
        seen = SimpleNamespace(vocab=range(options.pieces), tokens=range(2 * len(corpus.tokens)))
        cost = cls._cost(learned, seen, guessed)  # type: ignore[arg-type]
        spared = 2 / 3 * min(options.frozen, options.layers) / options.layers  # of a step: what learns nothing
        return Estimate((1 - spared) * cost.seconds + corpus.facts["characters"] / _PER_SECOND, cost.bytes)

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        if hasattr(self, "descent_"):
            before = {"brought": np.array([self.brought_])} if training and self.brought_ is not None else {}
            return self.descent_.state(training) | before
        return {name: weight.detach().cpu().numpy() for name, weight in self.network_.named_parameters()}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up weights by their names in the network, one of each; and how far it has learned, if it has."""
        import torch

        from core.encoders.networks import transformer

        network = self._network_of_sizes()
        known = {name for name, _ in network.named_parameters()}
        arrays = self._fresh() | {name: array for name, array in state.items() if name in known}
        network.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()}, assign=True)
        self.network_ = network.to(transformer.device()).eval()
        if "step" in state:
            self._descend()
            self.descent_.restore(state)
        if "brought" in state:
            self.brought_ = float(state["brought"][0])

    def _network_of_sizes(self) -> Any:
        """The network without memory, until weights come, and without the heads that these lack."""
        import torch

        with torch.device("meta"):
            network = self._network()
        for head, parts in self.lacking.items():
            for part in parts if not getattr(self.options, head) else ():
                delattr(network, part)
        return network

    def begin(self, state: dict[str, np.ndarray]) -> None:
        known = {name for name, _ in self._network_of_sizes().named_parameters()}
        self.restore({name: array for name, array in state.items() if name in known})

    def _fresh(self) -> dict[str, np.ndarray]:
        """Weights that no file has, as they begin."""
        return {}


class PretrainedBERT(Brought, BERT):
    """A model of BERT's family; without the heads that its weights lack."""

    name, title = "pretrained", marked("Pre-trained BERT")
    Options: ClassVar[Any] = PretrainedOptions
    lacking: ClassVar = {"masked_word": ("transform", "bias"), "next_sentence": ("pool", "next")}

    @classmethod
    def continuing(cls, options: Any) -> type[ContinuingOptions]:
        if not options.masked_word or options.new_head:
            return ContinuingNewHead
        return ContinuingPairs if options.next_sentence and options.second else ContinuingMasked

    @classmethod
    def continued(cls, options: Any) -> dict[str, Any]:
        """Masked words are what it learns from: where there is no head that guesses them, it gets one."""
        new = options.new_head or not options.masked_word
        return {**super().continued(options), "masked_word": True, "new_head": new}

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        return cls._estimated(options, corpus, options.chosen)

    def _begin(self, text: Corpus) -> None:
        """A new head begins by guessing by frequency."""
        if self.options.new_head:
            words = len(self.vocab)
            self.network_.expect(np.bincount(np.minimum(text.tokens, words), minlength=words + 1)[:-1])

    def _fresh(self) -> dict[str, np.ndarray]:
        from core.encoders.networks.pretrained import new_head

        return new_head(len(self.vocab), self.options.width) if self.options.new_head else {}

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

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        return cls._estimated(options, corpus, 1.0)

    def _network(self) -> Any:
        from core.encoders.networks.gpt import Network

        (layers, heads, width), how = self.options.shape, self.options
        sizes = len(self.vocab), width, how.context, layers, heads
        return Network(*sizes, True, how.gelu, how.epsilon, how.inner)
