"""The tokenizer of a pre-trained model, out of its folder, made anew from the parts that are known here.

tokenizer.json is the tokenizers library's own format, of which some parts run what the file says (patterns, scripts):
only those on the lists below are taken over. Without it, vocab.txt (BERT's WordPiece), or vocab.json and merges.txt
(byte-level BPE). What is taken has no special symbols, so that [MASK] in a person's text is but a text.
"""

import json
from dataclasses import dataclass
from typing import Any

from core.corpus.tokenizers import CONTINUES
from core.problem import Problem

MOST_PIECES = 1_000_000
LONGEST_PIECE = 1000  # characters
_NORMALIZERS = {"BertNormalizer", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Sequence"}
_CUTTERS = {"BertPreTokenizer", "ByteLevel", "Whitespace", "WhitespaceSplit", "Punctuation", "Digits", "Sequence"}
SIGNS = {
    "WordPiece": ("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]"),
    "BPE": ("<unk>", "<pad>", "<s>", "</s>", "<mask>"),
}
END_OF_TEXT = "<|endoftext|>"


@dataclass(frozen=True)
class Told:
    """text: the tokenizer as JSON; pieces: each with its id; specials: ids of the special symbols, in the order of
    `core.encoders.networks.rows.SPECIALS`, -1 for one that is not there; all: every id that is no word."""

    text: str
    pieces: dict[str, int]
    specials: tuple[int, ...]
    all: frozenset[int]
    lowercase: bool


def tokenizer(files: dict[str, bytes]) -> Told:
    """The tokenizer of these files. Raises Problem for what is missing, damaged, or not on the lists."""
    if "tokenizer.json" in files:
        record = _json("tokenizer.json", files)
    elif "vocab.txt" in files:
        record = _of_lines(files)
    elif "vocab.json" in files and "merges.txt" in files:
        record = _of_pairs(files)
    else:
        raise Problem("The tokenizer is missing: bring tokenizer.json, or vocab.txt, or vocab.json and merges.txt.")
    try:
        return _told(record)
    except (TypeError, KeyError, AttributeError, ValueError, RecursionError) as error:
        if isinstance(error, Problem):
            raise
        raise _damaged("tokenizer.json") from error


def _json(name: str, files: dict[str, bytes]) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except (ValueError, RecursionError) as error:
        raise _damaged(name) from error
    if not isinstance(found, dict):
        raise _damaged(name)
    return found


def _damaged(name: str) -> Problem:
    return Problem("{name} is damaged, or not what its name says: fetch it again.", name=name)


def _of_lines(files: dict[str, bytes]) -> dict[str, Any]:
    """vocab.txt: a piece a line."""
    lines = files["vocab.txt"].decode("utf-8", "replace").splitlines()
    how = _json("tokenizer_config.json", files) if "tokenizer_config.json" in files else {}
    return {
        "normalizer": {"type": "BertNormalizer", "clean_text": True,
                       "handle_chinese_chars": bool(how.get("tokenize_chinese_chars", True)),
                       "strip_accents": how.get("strip_accents"), "lowercase": bool(how.get("do_lower_case", True))},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": CONTINUES,
                  "max_input_chars_per_word": 100, "vocab": {line: i for i, line in enumerate(lines)}},
    }  # fmt: skip


def _of_pairs(files: dict[str, bytes]) -> dict[str, Any]:
    """vocab.json and merges.txt: pieces, and the pairs that are joined, the first first."""
    lines = files["merges.txt"].decode("utf-8", "replace").split("\n")
    merges = [line for line in lines if line.count(" ") == 1 and not line.startswith("#version")]
    return {"normalizer": None, "pre_tokenizer": {"type": "ByteLevel"},
            "model": {"type": "BPE", "vocab": _json("vocab.json", files), "merges": merges}}  # fmt: skip


def _told(record: dict[str, Any]) -> Told:
    model = _model(record["model"])
    normalizer = _allowed(record.get("normalizer"), _NORMALIZERS)
    cutter = _allowed(record.get("pre_tokenizer"), _CUTTERS)
    if model["type"] == "BPE" and "ByteLevel" not in json.dumps(cutter):
        raise Problem("This BPE tokenizer does not work on bytes, and only such are read: take another model.")
    text: dict[str, Any] = dict.fromkeys(("truncation", "padding", "post_processor", "decoder"))
    text |= {"version": "1.0", "added_tokens": [], "normalizer": normalizer, "pre_tokenizer": cutter, "model": model}
    vocab = model["vocab"]
    added = {each["content"]: each["id"] for each in record.get("added_tokens") or ()}
    every = {str(name): int(i) for name, i in (vocab | added).items()}
    signs = [every.get(sign, -1) for sign in SIGNS[model["type"]]]
    if model["type"] == "BPE" and END_OF_TEXT in every:
        signs[0] = every[END_OF_TEXT]  # GPT-2 has no other sign
    unused = {i for name, i in vocab.items() if name.startswith("[unused") and name.endswith("]")}
    specials = frozenset({*signs, *map(int, added.values()), *unused} - {-1})
    return Told(json.dumps(text, ensure_ascii=False), vocab, tuple(signs), specials, '"lowercase": true' in json.dumps(
        normalizer) or '"Lowercase"' in json.dumps(normalizer))  # fmt: skip


def _model(model: dict[str, Any]) -> dict[str, Any]:
    """The model with what is known of it alone."""
    kind = model.get("type") or ("BPE" if "merges" in model else "WordPiece")
    if kind not in SIGNS:
        raise Problem("The tokenizer is of the type {kind}; read are {known}.", kind=str(kind)[:40],
                      known=", ".join(SIGNS))  # fmt: skip
    vocab = model["vocab"]
    if not 0 < len(vocab) <= MOST_PIECES or sorted(vocab.values())[-1] >= 2 * MOST_PIECES:
        raise Problem("The tokenizer has {count} pieces; 1 to {most} can be read.", count=len(vocab), most=MOST_PIECES)
    if len({*vocab.values()}) != len(vocab) or any(type(i) is not int or i < 0 for i in vocab.values()):
        raise ValueError
    if max(map(len, vocab)) > LONGEST_PIECE:
        raise Problem("A piece of the tokenizer is longer than {most} characters.", most=LONGEST_PIECE)
    if kind == "BPE":
        return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "vocab": vocab,
                "merges": model["merges"]}  # fmt: skip
    if model.get("continuing_subword_prefix", CONTINUES) != CONTINUES or "[UNK]" not in vocab:
        raise Problem("The tokenizer is no WordPiece of BERT's kind, with {sign} and [UNK].", sign=CONTINUES)
    return {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": CONTINUES,
            "max_input_chars_per_word": int(model.get("max_input_chars_per_word", 100)), "vocab": vocab}  # fmt: skip


def _allowed(part: dict[str, Any] | None, known: set[str], depth: int = 0) -> dict[str, Any] | None:
    """The part if it, and all in it, is on a list. A text begins as if behind a blank. Raises Problem."""
    if part is None:
        return None
    kind = str(part["type"])
    if kind not in known or depth > 3:
        raise Problem("A part of the tokenizer, {kind}, is not read here: take another model.", kind=kind[:40])
    if kind == "Sequence":
        key = "normalizers" if "normalizers" in part else "pretokenizers"
        return {"type": kind, key: [_allowed(each, known, depth + 1) for each in part[key]]}
    if kind == "ByteLevel":
        return {"type": kind, "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    return part
