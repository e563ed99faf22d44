"""Words from people's files inside a figure: data, never markup.

Plotly reads `<b>`, `<a href>`, `&amp;` and `$…$` in every text it draws, and `%{…}` in every template. A corpus is full
of such tokens, so every word goes through `plain` before it enters a figure.
"""

import html
import re

# Controls, and the marks that turn the writing direction of what follows them.
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def plain(text: str, longest: int = 60) -> str:
    """This text so that plotly shows it letter by letter; very long ones are cut for display only.

    >>> plain("<b>x & $y$ %{z}")
    '&lt;b&gt;x &amp; &#36;y&#36; %&#123;z}'
    """
    return html.escape(shown(text, longest), quote=False).replace("$", "&#36;").replace("%{", "%&#123;")


def shown(text: str, longest: int = 60) -> str:
    """This text for a place that reads no markup: its invisible characters made visible, very long ones cut."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return INVISIBLE.sub(_visible, short.replace(" ", "␣") if not short.strip(" ") else short) or "␣"


def _visible(match: re.Match[str]) -> str:
    """A picture of an ASCII control; the replacement mark for the others."""
    code = ord(match.group())
    if code == 0x0A:
        return "↵"
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"
