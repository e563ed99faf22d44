"""Interface text in English and Chinese: `_()` in pages, templates of core translated where they are shown."""

import gettext
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.problem import Problem

LANGUAGES = {"en": "English", "zh": "中文"}
TRANSLATED = ("title", "thing", "split")  # values of problems that are texts of ours
MARKUP = re.compile(r"([\\`*_{}\[\]<>$~|#&]|:(?=[a-z_/]+[:\[]))")
FOLDER = Path(__file__).parents[2] / "assets" / "translations"


def language() -> str:
    """The interface language: the switch, else the link, else the browser's."""
    chosen = st.session_state.get("language") or st.query_params.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    return "zh" if str(st.context.locale or "").lower().startswith("zh") else "en"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    """The translations of one language, compiled from its .po file when first asked for."""
    if code == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with open(FOLDER / f"{code}.po", "rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str) -> str:
    """This text in the reader's language."""
    return catalogue(language()).gettext(text) if text else ""


def sentence(problem: Problem | dict[str, Any]) -> str:
    """A problem in the reader's language, for a place that reads Markdown: its values are data, never markup."""
    if isinstance(problem, dict):
        problem = Problem.from_dict(problem)
    values = {name: _(value) if name in TRANSLATED else _inert(value) for name, value in problem.values.items()}
    return _(problem.template).format(**values)


def _inert(value: Any) -> Any:
    """Text without its markup; what reads the same in Markdown (dots, hyphens, digits) is left as it is."""
    return MARKUP.sub(r"\\\1", value) if isinstance(value, str) else value
