"""A pre-trained model out of a folder in Hugging Face's layout: config.json, weights as safetensors, a tokenizer.

Nothing in the folder is run or unpickled: model types and parts of tokenizers are those of a list, weights are looked
at before they are read, and each must have the shape that the configuration says. What comes out is a run's: the
weights under our own names, vectors.npy, vocab.json. Runs in a limited child process (`core.store.importing.limited`).
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus import Vocab
from core.corpus.brought import brought
from core.corpus.language import detect
from core.corpus.tokenizers import CONTINUES, Tokenization
from core.encoders import BROUGHT
from core.encoders.networks.pretrained import ALIASES, OUTPUTS, Part, bare, heads, parts
from core.encoders.pretrained import PretrainedOptions
from core.problem import Problem, marked
from core.store.files import room, write_arrays
from core.store.importing.bundle import Bundle
from core.store.importing.configuration import configuration
from core.store.importing.tensors import MOST_HEADER, NUMBERS, Tensor, header, opened
from core.store.importing.tokenizer import Told, tokenizer

MOST_PARAMETERS = 400_000_000
SHOWN = 12  # words
_LOOKED = 200  # words that tell the language: those of every text stand in front
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_TEXTS = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt")
Step = tuple[str, int, int]


def look_model(files: Sequence[tuple[Path, str]]) -> dict[str, Any]:
    """What a folder holds: see `Model.facts`. Raises Problem for what cannot be read, with the reason."""
    return Model(files).facts()


def read_model(files: Sequence[tuple[Path, str]], folder: Path) -> Iterator[Step]:
    """Write model.safetensors, vectors.npy, vocab.json and facts.json. Yields (phase, done, total) in weights."""
    model = Model(files)
    arrays: dict[str, np.ndarray] = {}
    for done, part in enumerate(model.parts):
        yield marked("Reading weights"), done, len(model.parts)
        arrays[part.name] = model.weight(part, folder)
    model.check_output(arrays["embedding"], folder)
    if model.options.model != "gpt2":
        arrays["segment"] = _segments(arrays.get("segment"), model.options.width)
    yield marked("Writing weights"), len(model.parts), len(model.parts)
    size, sha256 = write_arrays(folder / "model.safetensors", arrays)
    vectors = arrays["embedding"][: len(model.vocab)]
    with room(folder, vectors.nbytes + 100 * len(model.vocab)):
        np.save(folder / "vectors.npy", vectors)
        model.vocab.save(folder)
        facts = model.facts() | {"size": size, "sha256": sha256}
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


@dataclass(frozen=True)
class _Place:
    file: str
    tensor: Tensor
    begin: int


class Model:
    """A folder, checked as far as that goes without reading its weights.

    options: what a run's record says of it; vocab: its pieces as words, those of special symbols left out; parts: the
    weights that are read.
    """

    def __init__(self, files: Sequence[tuple[Path, str]]):
        self.bundle = Bundle(files)
        sizes = configuration(self.bundle)
        self._weights = self._announced(sizes["model"])
        self.told: Told = tokenizer({name: self.bundle.text(name) for name in _TEXTS if name in self.bundle.names})
        guesses, follows = heads(sizes["model"], set(self._weights))
        self.options = PretrainedOptions(**sizes, file=self.bundle.name, masked_word=guesses, next_sentence=follows)
        self.pieces = self._rows()
        self.parts = list(parts(sizes["model"], self.options, self.pieces, set(self._weights)))
        for part in self.parts:
            self._check(part)

    def facts(self) -> dict[str, Any]:
        """format, encoder, options, capabilities, parameters, pieces (V), bytes, and the first words."""
        name = "pretrained-gpt" if self.options.model == "gpt2" else "pretrained"
        return {
            "format": "model", "encoder": name, "bytes": self.bundle.stored,
            "options": self.options.model_dump() | {"pieces": len(self.vocab)},
            "capabilities": list(BROUGHT[name].capabilities(self.options)), "pieces": len(self.vocab),
            "parameters": sum(math.prod(self._weights[source].tensor.shape)
                              for part in self.parts for source in part.sources),
            "words": [word for word in self.vocab.words[:400] if word.isalpha()][:SHOWN],
            "language": self.vocab.language,
        }  # fmt: skip

    @cached_property
    def vocab(self) -> Vocab:
        """The pieces as words, in the order of their ids, which is about that of their frequency: most frequent first.

        Where single characters stand in front of all others, in the order of their codes, they go behind.
        """
        names = [self._named[i] for i in self._order]
        counts = -(-len(names) // np.arange(1, len(names) + 1, dtype=np.int64))
        language = detect(" ".join(name for name in names[:_LOOKED] if not name.startswith(CONTINUES)))
        how = Tokenization("pieces", self.told.lowercase, whole=self.told.text)
        return Vocab(names, counts, tokenization=how, language=None if language == "unknown" else language)

    def weight(self, part: Part, folder: Path) -> np.ndarray:
        """One of our weights, float32, as our networks have it."""
        some = [self._opened(source, folder) for source in part.sources]
        array = np.concatenate([each.T if part.turned else each for each in some]) if len(some) > 1 else some[0]
        array = array.T if part.turned and len(some) == 1 and array.ndim == 2 else array
        if part.rows == "pieces":
            array = array[self._order if array.ndim == 1 else [*self._order, *self._signs]]
        if part.rows == "positions":
            array = array[len(array) - self.options.context :]
        if part.rows == "follows":
            array = array[::-1]
        if not np.isfinite(array).all():
            raise Problem("{tensor} holds numbers that are not finite: the file is damaged.", tensor=part.sources[0])
        return array

    def check_output(self, embedding: np.ndarray, folder: Path) -> None:
        """Raises Problem where what guesses is an own layer, and not the embedding again."""
        name = OUTPUTS[self.options.model]
        if name not in self._weights or self._weights[name].tensor.shape != (self.pieces, self.options.width):
            return
        if not np.array_equal(self._opened(name, folder)[self._order], embedding[: len(self._order)]):
            raise Problem("The output layer of this model, {tensor}, is not its word embedding again; only such models "
                          "are read.", tensor=name)  # fmt: skip

    def _announced(self, model: str) -> dict[str, _Place]:
        """Every tensor that the files announce, by its bare name. Raises Problem if there are no weights to read."""
        files = [name for name in self.bundle.names if name.endswith(".safetensors")]
        if not files:
            raise self._no_weights()
        found: dict[str, _Place] = {}
        for file in files:
            tensors, begin = header(self.bundle.head(file, 8 + MOST_HEADER), self.bundle.size(file), file)
            for name, tensor in tensors.items():
                found[bare(model, name)] = _Place(file, tensor, begin)
        for name, other in ALIASES.items():
            if name in found:
                found.setdefault(other, found[name])
        if sum(math.prod(place.tensor.shape) for place in found.values()) > MOST_PARAMETERS:
            raise Problem("The model has more than {most} million parameters, the limit: take a smaller one.",
                          most=MOST_PARAMETERS // 1_000_000)  # fmt: skip
        return found

    def _no_weights(self) -> Problem:
        pickled = [name for name in self.bundle.names if name.endswith(_PICKLES)]
        if pickled:
            return Problem("{name} is a pickle, which can run code and is never opened here: bring the weights as "
                           "safetensors (model.safetensors).", name=pickled[0])  # fmt: skip
        return Problem("The weights are missing: bring model.safetensors beside config.json.")

    def _rows(self) -> int:
        """The rows of the embedding. Raises Problem for a tokenizer with pieces or signs beyond them."""
        model = self.options.model
        part = next(iter(parts(model, self.options, 0, set())))
        place = self._weights.get(part.sources[0])
        if place is None:
            raise _missing(part.sources[0])
        rows = place.tensor.shape[0] if place.tensor.shape else 0
        if max(self.told.pieces.values()) >= rows:
            raise Problem("The tokenizer has a piece number {number}, and the model {rows} pieces: the files do not "
                          "belong together.", number=max(self.told.pieces.values()), rows=rows)  # fmt: skip
        lacking = [place for place in ((0,) if model == "gpt2" else (0, 2, 3)) if self.told.specials[place] < 0]
        if lacking:
            raise Problem("The tokenizer lacks the signs that this model reads, such as those around a text.")
        return rows

    @cached_property
    def _signs(self) -> list[int]:
        """The rows behind those of words: for signs, of which one that is not there is read as unknown."""
        unknown, *others = self.told.specials
        return [unknown] if self.options.model == "gpt2" else [unknown, *(i if i >= 0 else unknown for i in others)]

    @cached_property
    def _named(self) -> dict[int, str]:
        return brought(self.told.text).names

    @cached_property
    def _order(self) -> list[int]:
        """The ids of the words, most frequent first."""
        ids = [i for i in sorted(self._named) if i not in self.told.all]
        single = [len(self._named[i]) == 1 for i in ids]
        leading = sum(single[: sum(single)]) > 0.7 * sum(single) and sum(single) < len(ids) / 5
        return sorted(ids, key=lambda i: len(self._named[i].removeprefix(CONTINUES)) == 1) if leading else ids

    def _check(self, part: Part) -> None:
        for source in part.sources:
            place = self._weights.get(source)
            if place is None:
                raise _missing(source)
            if place.tensor.shape != part.shape or place.tensor.kind not in NUMBERS:
                raise Problem(
                    "{tensor} is {found} {kind}; by config.json it is {shape} real numbers. The files do not belong "
                    "together.", tensor=source, found=" × ".join(map(str, place.tensor.shape)),
                    kind=place.tensor.kind, shape=" × ".join(map(str, part.shape)),
                )  # fmt: skip

    def _opened(self, source: str, folder: Path) -> np.ndarray:
        place = self._weights[source]
        return opened(self._path(place.file, folder), place.tensor, place.begin)

    def _path(self, file: str, folder: Path) -> Path:
        if file not in self._paths:
            self._paths[file] = self.bundle.place(file, folder)
        return self._paths[file]

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {}


def _segments(array: np.ndarray | None, width: int) -> np.ndarray:
    """float32 (2, D), also of a model that knows one segment, or none."""
    if array is None:
        return np.zeros((2, width), np.float32)
    return array if len(array) == 2 else np.repeat(array, 2, 0)


def _missing(tensor: str) -> Problem:
    return Problem("{tensor} is missing in the weights: the file is of another model, or a part of one.", tensor=tensor)
