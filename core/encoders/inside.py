"""What can be asked of the inside of a transformer: where it looks, what it does with a text, why it guesses so."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np


class Attention(ABC):
    @abstractmethod
    def attention(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L, H, T, T): row t is how token t looks at the others; rows sum to 1."""


class Reading(ABC):
    """Everything that a transformer does with one text, piece by piece."""

    @abstractmethod
    def read(
        self,
        first: str,
        second: str | None = None,
        heads_off: Sequence[tuple[int, int]] = (),
        begin: int = 0,
        parts: bool = False,
    ) -> dict[str, np.ndarray]:
        """Of P pieces, special symbols among them, of W words:

        pieces str (P,), word int64 (P,): whose a piece is, counted through both texts, -1 for a special symbol; special
        bool (P,); segment int64 (P,); words str (W,); vectors float32 (L+1, P, d), layer 0 the token embedding alone;
        attention float32 (L, H, P, P), rows sum to 1. heads_off: (layer, head) of heads that are to be silent.
        A text longer than the context is read from its word `begin` on, as far as it fits: window int64 (3,) has the
        first word read, the one behind the last, and how many there are. parts: also query, key and value, float32
        (L, H, P, d / H). Raises Problem for a pair that is too long, or where there is no second segment.
        """


class Workings(ABC):
    """How a transformer comes to guess a word: layer by layer, with parts of it silenced, and from which pieces.

    Of a text longer than the context, the beginning. `at` is the number of a word: of what stands there, where words
    are hidden and guessed; else of what follows it. heads_off: (layer, head) of heads that are to be silent; placed:
    whether the network is told where each piece stands.
    """

    @abstractmethod
    def lens(
        self,
        text: str,
        at: int | None = None,
        heads_off: Sequence[tuple[int, int]] = (),
        placed: bool = True,
        k: int = 5,
    ) -> dict[str, Any]:
        """What would be guessed if the network ended at each layer (the logit lens), the word `at` hidden if given.

        pieces str (P,), word int64 (P,), special bool (P,) as `Reading.read` gives them; ids int32 (L + 1, P, k), the
        likeliest words; chances float32 (L + 1, P, k); attention float32 (L, H, P, P).
        """

    @abstractmethod
    def influence(self, text: str, at: int | None = None) -> dict[str, Any]:
        """What each piece of a text does to one guess, the first of its word `at` (else of the middle, or the last).

        Of the likeliest word there, `guess`, and its probability, `chance`: blank float32 (P,), how much that changes
        with a piece made unknown; slope float32 (P,), the length of the gradient of its logarithm by what goes in
        there. compared bool (P,): pieces of which both can be said. place: the piece where it is guessed. And pieces,
        word, special, attention as `lens`.
        """

    @abstractmethod
    def losses(
        self,
        texts: Sequence[str],
        heads_off: Sequence[tuple[int, int]] = (),
        placed: bool = True,
        shuffled: bool = False,
        seed: int = 0,
    ) -> Generator[float, None, np.ndarray]:
        """Yields the share done, returns float64 (n, 2): the nats of the guesses in each text and how many there are,
        the same ones for the same seed. shuffled: the words of each text stand in another order."""
