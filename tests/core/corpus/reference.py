"""A slow tokeniser, one character at a time, that the compiled ones must agree with."""

import random
import unicodedata

JOINERS = "'’\u00ad\u200c\u200d"


def words(text: str, lowercase: bool = True) -> list[tuple[str, int]]:
    """Every word as it is counted, and the character where it begins."""
    found, i = [], 0
    while i < len(text):
        if not letter(text[i]):
            i += 1
            continue
        begin = i
        while i < len(text) and (letter(text[i]) or mark(text[i]) or joins(text, i)):
            i += 1
        found.append((fold(text[begin:i], lowercase), begin))
    return found


def characters(text: str, lowercase: bool = True) -> list[tuple[str, int]]:
    """Every character and where it stands; a run of white space is one."""
    found, i = [], 0
    while i < len(text):
        begin = i
        while i < len(text) and blank(text[i]):
            i += 1
        if i > begin:
            newline = any(c in "\n\x0b\x0c\x85\u2028\u2029" for c in text[begin:i])
            found.append(("\n" if newline else " ", begin))
        else:
            found.append((fold(text[i], lowercase), i))
            i += 1
    return found


def letter(c: str) -> bool:
    return unicodedata.category(c)[0] in "LN"


def mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def blank(c: str) -> bool:
    return unicodedata.category(c) in ("Zs", "Zl", "Zp") or c in "\t\r\n\x0b\x0c\x85"


def joins(text: str, i: int) -> bool:
    return text[i] in JOINERS and i + 1 < len(text) and letter(text[i + 1])


def fold(word: str, lowercase: bool) -> str:
    word = unicodedata.normalize("NFC", word.replace("’", "'"))
    return unicodedata.normalize("NFC", word.lower()) if lowercase else word


def random_text(seed: int, length: int) -> str:
    """Random characters from all of Unicode, the common ones often."""
    chance = random.Random(seed)
    ranges = [(97, 122), (32, 64), (0, 0x17F), (0x300, 0x36F), (0x370, 0x3FF), (0x600, 0x6FF), (0x2000, 0x206F),
              (0x4E00, 0x4E20), (0x1F1E6, 0x1F64F), (0x20000, 0x20010), (0, 0xD7FF), (0xE000, 0x10FFFF)]  # fmt: skip
    weights = [12, 6, 4, 2, 2, 1, 2, 2, 1, 1, 1, 1]
    picked = chance.choices(ranges, weights, k=length)
    return "".join(chance.choice([chr(chance.randint(*span)), "' "[chance.random() < 0.8]]) for span in picked)
