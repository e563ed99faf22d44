"""Words from people's files in Markdown: data, never markup."""

import re

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&])")


def markdown_safe(text: str, longest: int = 60) -> str:
    """This text so that Markdown shows it letter by letter; very long words are cut for display only.

    >>> markdown_safe("a*b <b>")
    'a\\\\*b \\\\<b\\\\>'
    """
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return SPECIAL.sub(r"\\\1", short.replace("\n", "⏎"))
