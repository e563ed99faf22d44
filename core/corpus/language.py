"""Which language a text is in: by its script, and for the Latin script by its commonest function words."""

import re
from collections import Counter

UNKNOWN = "unknown"
_SCRIPTS = {
    "han": "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af", "kana": "\u3041-\u30ff", "hangul": "\uac00-\ud7af",
    "cyrillic": "\u0400-\u04ff", "greek": "\u0370-\u03ff", "arabic": "\u0600-\u06ff", "hebrew": "\u05d0-\u05ea",
    "hindi": "\u0900-\u097f", "thai": "\u0e00-\u0e7f", "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
}  # fmt: skip
_PATTERNS = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS.items()}
_WEIGHT = {"han": 3.0, "kana": 2.0, "hangul": 2.0}  # letters of a script for one of the others
_BY_SCRIPT = {"kana": "ja", "hangul": "ko", "greek": "el", "hebrew": "he", "thai": "th", "hindi": "hi"}
_FUNCTION_WORDS = {
    "en": "the of and to in is that it was for with as his on be at by this had not are but from or have an they which",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son elle",
    "es": "de la que el en y los se del las un por con no una su para es al lo como más pero sus le ya o este ha",
    "it": "di e il la che in a per un del è non con le si da i una dei nel alla come più anche della sono gli ma",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu",
    "nl": "de van een het en in is dat op te zijn met die voor niet aan er om ook als dan maar bij uit nog worden door",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan",
    "pl": "w i z na do się nie to że jest o jak po a od przez co za dla tym są który przy ale być tylko jego",
    "tr": "ve bir bu da de için ile çok olarak daha olan gibi sonra en kadar ne her ama o mi var değil diye",
    "la": "et in est non ad ut cum quod qui sed si quae ab ex de per esse sunt nec hoc atque eius enim ac",
    "vi": "và của là có được cho không các trong một những với người này đã khi để từ đến như cũng về nhiều",
}  # fmt: skip
_ENOUGH = 0.08  # share of the tokens that are function words of a language, in running text 0.2 to 0.5


def detect(text: str) -> str:
    """The language of a text ("en", "zh", …), or "unknown" where it cannot honestly be told."""
    letters = {name: len(pattern.findall(text)) * _WEIGHT.get(name, 1.0) for name, pattern in _PATTERNS.items()}
    script = max(letters, key=lambda name: letters[name])
    if not letters[script]:
        return UNKNOWN
    if script == "han":
        return "ja" if letters["kana"] > 0.1 * letters["han"] else "zh"
    if script == "cyrillic":
        return _cyrillic(text.lower())
    if script == "arabic":
        return "fa" if len(re.findall("[پچژگی]", text)) * 50 > letters["arabic"] else "ar"
    return _latin(text) if script == "latin" else _BY_SCRIPT[script]


def _cyrillic(text: str) -> str:
    if re.search("[іїєґ]", text) and not re.search("[ыэё]", text):
        return "uk"
    return "ru" if re.search("[ыэё]", text) else UNKNOWN


def _latin(text: str) -> str:
    words = Counter(re.findall(r"\b[^\W\d_]+\b", text.lower()))
    total = max(1, sum(words.values()))
    shares = {
        language: sum(words[word] for word in known.split()) / total for language, known in _FUNCTION_WORDS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= _ENOUGH else UNKNOWN
