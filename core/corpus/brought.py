"""The tokenizer of a pre-trained model: the tokenizers library cuts a text by itself, pieces are named as ours are.

A piece that goes on with a word begins with ##. WordPiece (Schuster and Nakajima 2012) writes them so; byte-level BPE
(Radford et al. 2019) marks instead the blank before a word, and its pieces are bytes: the mark goes, a piece that
begins with a letter or digit and has none gets ##, and what is no whole letter is shown as its bytes (\\xe5). A text
begins as if it stood behind a blank, so that a word has the same pieces in every place.
"""

import json
from functools import lru_cache
from typing import Any

from core.corpus.pieces import loaded
from core.corpus.tokenizers import CONTINUES, Span

BLANK = "\u0120"  # what a blank is in byte-level pieces
_VISIBLE = str.maketrans({" ": "␣", "\n": "␊", "\t": "␉", "\r": "␍"})


class Brought:
    """names: what each piece of the model is called here, by its id; unknown: the id of the sign for what has none."""

    def __init__(self, text: str):
        model = json.loads(text)["model"]
        self._model = loaded().Tokenizer.from_str(text)
        self._is_bytes = model["type"] == "BPE"
        tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
        self.names = {model["vocab"][token]: name for token, name in zip(tokens, self._named(tokens))}
        self.unknown = model["vocab"].get(model.get("unk_token"))

    def spans(self, text: str) -> list[Span]:
        """The pieces of a text, each with the character where it begins; what no piece covers stands as it is."""
        ids, begins, ends = self.encoded(text)
        return [(text[begin:end] if piece == self.unknown else self.names[piece], begin)
                for piece, begin, end in zip(ids, begins, ends)]  # fmt: skip

    def encoded(self, text: str) -> tuple[list[int], list[int], list[int]]:
        """The model's ids of the pieces of a text, the character where each begins, and the one behind it."""
        found: Any = self._model.encode(text, add_special_tokens=False)
        places = found.offsets
        begins, ends = [begin for begin, _ in places], [end for _, end in places]
        if self._is_bytes:  # a piece that has the blank before a word
            begins = [begin + (end - begin > 1 and text[begin].isspace()) for begin, end in places]
        return found.ids, begins, ends

    def _named(self, tokens: list[str]) -> list[str]:
        """One name a token, none twice."""
        if not self._is_bytes:
            return tokens
        names, taken = [], set()
        for token in tokens:
            name = _spelt(token)
            while name in taken:  # "\\xe5" as text, and as a byte
                name += "′"
            taken.add(name)
            names.append(name)
        return names


def _spelt(token: str) -> str:
    """A byte-level piece as text: Ġthe -> the, ing -> ##ing, "," -> ",", Ġ, -> ␣,."""
    codes = _bytes()
    if any(letter not in codes for letter in token):
        return token
    data = bytes(codes[letter] for letter in token.removeprefix(BLANK))
    text = data.decode("utf-8", "backslashreplace")
    inside = text[:1].isalnum() or (data[:1] >= b"\x80" and text.startswith("\\x"))
    text = text.translate(_VISIBLE)
    if token.startswith(BLANK):
        return text if inside else "␣" + text
    return CONTINUES + text if inside else text


@lru_cache(maxsize=1)
def _bytes() -> dict[str, int]:
    """Which byte a letter of byte-level pieces stands for: itself where it can be seen, else one from U+0100 on."""
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [code for code in range(0x100) if code not in seen]
    return {chr(code): code for code in seen} | {chr(0x100 + i): code for i, code in enumerate(hidden)}


@lru_cache(maxsize=4)
def brought(text: str) -> Brought:
    """The tokenizer of this JSON."""
    return Brought(text)
