"""How to read text into a corpus: every setting once; the form, the record and the messages derive from it."""

from typing import Literal

from core.corpus.splitting import Split
from core.corpus.tokenizers import Tokenizer
from core.options import Options, option

PieceModel = Literal["bpe", "wordpiece", "unigram"]
Script = Literal["keep", "simplified", "traditional"]


class ReadSettings(Options):
    """How to read text into a corpus."""

    language: str = option("", "Language", "The language of the text, such as en or zh; empty: it is detected.")
    tokenizer: Tokenizer = option(
        "words",
        "Tokeniser",
        "Unicode words; Chinese words, by a dictionary; every character; or pieces of words, learned from the text.",
    )
    lowercase: bool = option(True, "Fold case", "Count Apple and apple as one word; the text itself is kept as it is.")
    min_count: int = option(1, "Min count", "Words that occur less often are left out.", low=1, high=1_000_000, step=1)
    text_column: str = option(
        "", "Text column", "The column that holds the text; empty: the one with the longest text."
    )
    label_column: str = option("", "Label column", "The column that holds the label; empty: there is none.")
    title_column: str = option("", "Title column", "The column that names a document; empty: there is none.")
    date_column: str = option("", "Date column", "The column that dates a document; empty: there is none.")
    group_column: str = option("", "Group column", "The column that groups documents; empty: there is none.")
    translation_column: str = option(
        "", "Translation column", "The column that holds the text in another language; empty: there is none."
    )
    encoding: str = option("", "Encoding", "The encoding of the files; empty: it is found.", advanced=True)
    split: Split = option("none", "Documents", "How a text file is split into documents.")
    split_words: int = option(300, "Words a document", "For a split by words.", low=10, high=100_000, step=10)

    # Cleaning: each is off unless asked for, and changes the text that is kept.
    strip_boilerplate: bool = option(
        False, "Boilerplate", "Cut what frames a text: Project Gutenberg's header and licence, notices of text sites."
    )
    strip_tags: bool = option(False, "HTML tags", "Take markup away and turn entities such as &amp; into characters.")
    strip_urls: bool = option(False, "Web addresses", "Take web and e-mail addresses away.")
    strip_numbers: bool = option(False, "Numbers", "Take numbers away; those in words (MP3) and 一二三 stay.")
    strip_punctuation: bool = option(False, "Punctuation", "Blanks for punctuation; sentences then end with lines.")
    drop_duplicates: bool = option(False, "Duplicates", "Keep the first of documents with the same text, case aside.")
    half_width: bool = option(
        False, "Full width", "Ｆｕｌｌ－ｗｉｄｔｈ letters and digits become half-width; ，。！？ of Chinese text stay."
    )
    script: Script = option("keep", "Chinese script", "Turn traditional characters into simplified ones, or back.")

    # Tokens: what counts as one.
    stop_words: str = option("", "Stop words", "Words, parted by white space, that are no tokens.", advanced=True)
    dictionary: str = option(
        "", "Dictionary", "Words, one a line, that the Chinese segmenter is to keep whole.", advanced=True
    )
    phrases: bool = option(
        False, "Phrases", "Join words that come together more often than chance, such as new york, into one token."
    )
    phrase_threshold: float = option(
        10.0, "Phrase threshold", "How much more often than chance; higher joins fewer.", low=0.1, high=10_000, step=1,
        advanced=True,
    )  # fmt: skip
    pieces: PieceModel = option("bpe", "Pieces", "How subword pieces are learned, for the tokeniser of pieces.")
    pieces_size: int = option(
        8000, "Number of pieces", "How many different pieces are learned.", low=100, high=100_000, step=100
    )


_IN_THE_TEXT = ("text_column", "encoding", "split", "split_words")  # told apart by the text and its bounds
_NAMED = ("language", "tokenizer", "lowercase", "min_count", "label_column")
_ONLY_WITH: dict[str, tuple[str, object]] = {
    "dictionary": ("tokenizer", "chinese"), "phrase_threshold": ("phrases", True), "pieces": ("tokenizer", "pieces"),
    "pieces_size": ("tokenizer", "pieces"),
}  # fmt: skip


def changed_settings(settings: ReadSettings) -> tuple[tuple[str, object], ...]:
    """(name, value) of what a corpus' identity must tell apart beside its text: (), where all is as by default."""
    changed = []
    for name, field in ReadSettings.fields().items():
        value, (other, needed) = getattr(settings, name), _ONLY_WITH.get(name, ("tokenizer", settings.tokenizer))
        if name not in _IN_THE_TEXT + _NAMED and value != field.default and getattr(settings, other) == needed:
            changed.append((name, value))
    return tuple(changed)
