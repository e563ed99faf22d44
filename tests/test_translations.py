"""Every visible text has its Chinese, and every translation keeps the placeholders of its text."""

import re

from tests.translations import texts, translated


def test_every_text_has_its_translation():
    known = translated()
    assert [text for text in texts() if not known.get(text)] == []


def test_no_translation_is_left_over():
    assert sorted(set(translated()) - set(texts())) == []


def test_translations_keep_the_placeholders():
    wrong = [
        text for text, chinese in translated().items()
        if sorted(re.findall(r"{\w*}", text)) != sorted(re.findall(r"{\w*}", chinese))
    ]  # fmt: skip
    assert wrong == []
