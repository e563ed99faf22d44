"""Test sets: those that ship, and a person's own, out of a file or pasted; looked at before they are kept."""

from typing import Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.problem import Problem
from core.store.benchmarks import benchmarks, forget_benchmark, keep_benchmark
from pages.widgets import evaluating
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.drop import drop
from pages.widgets.i18n import _, sentence
from pages.widgets.state import store
from pages.widgets.text import markdown_safe

ENDINGS = ["txt", "csv", "tsv", "tab"]


def kinds() -> dict[str, str]:
    return {"similarity": _("similarity"), "analogies": _("analogies"), "categories": _("categories")}


def show() -> None:
    """A set to bring on the left, those at hand on the right."""
    left, right = st.columns([1, 1.3], gap="large")
    with left:
        _bring()
    with right:
        _at_hand()


def _at_hand() -> None:
    st.subheader(_("At hand"), anchor=False)
    for row in benchmarks(store().home):
        with st.container(border=True):
            text, button = st.columns([5, 1.2], vertical_alignment="center")
            said = _("{kind}, {n} questions").format(kind=kinds()[row.kind], n=f"{row.questions:,}")
            text.markdown(f"**{markdown_safe(row.name)}** :gray[· {said}]")
            language = evaluating.languages().get(row.language, _("any language"))
            text.caption(" · ".join(part for part in (_(row.about), row.owed, language if row.own else "") if part))
            if row.own:
                button.button(_("Remove"), key=f"forget-{row.id}", type="tertiary", icon=":material/delete:",
                              on_click=forget_benchmark, args=(store().home, row.id))  # fmt: skip
    st.caption(_(
        "There is no Chinese set of similarity here: people's scores cannot be made up, and the sets that we found "
        "(wordsim-240, wordsim-296) come without a clear licence to pass them on. Bring yours."
    ))  # fmt: skip


def _bring() -> None:
    st.subheader(_("Bring a test set"), anchor=False)
    st.caption(_(
        "SimLex-999, MEN, Rare Words, wordsim-240 and many others come without a licence to pass them on with a "
        "program; a file of your own can be read, Google's analogies too. It stays on this machine."
    ))  # fmt: skip
    asked = _source()
    if asked is None:
        _formats()
        return
    guess = {"": _("as it looks")} | kinds()
    kind = choice(st.selectbox, _("It holds"), guess, "set-kind")
    found = answer("set_preview", kind=kind, **asked)
    if found is not None:
        _preview(found, asked.get("name", ""))


def _source() -> dict[str, Any] | None:
    """What the set is read from: a file, or a pasted text; None while there is neither."""
    ways = {"file": _("A file"), "paste": _("Paste")}
    way = choice(st.segmented_control, _("Where from"), ways, "set-from", required=True, label_visibility="collapsed")
    if way == "paste":
        text = st.text_area(
            _("The test set"), height=180, key="pasted-set", placeholder="tiger cat 7.35\nbook paper 7.46"
        )
        return {"text": text} if text.strip() else None
    given = drop(_("A test set"), "set-files", accept=ENDINGS, most_files=1)
    return {"path": str(given[0].path), "name": given[0].name} if given else None


def _formats() -> None:
    """The formats that are read, each with a few lines."""
    with st.expander(_("Which formats are read")):
        st.markdown(_("**Similarity**: two words and a score, parted by tabs, commas or blanks"))
        st.code("tiger\tcat\t7.35\nbook\tpaper\t7.46", language=None)
        st.markdown(_("**Analogies**: four words a line, `: name` before a section"))
        st.code(": family\nking queen man woman", language=None)
        st.markdown(_("**Categories**: a word and its kind in two columns, or `kind: words`"))
        st.code("word,category\ndog,animal\nrose,plant", language=None)


def _preview(found: Answer, name: str) -> None:
    """What was read, and the button that keeps it."""
    facts = found.facts
    text = _("{kind}: {n} questions").format(kind=kinds()[facts["kind"]], n=f"{facts['questions']:,}")
    if facts["kind"] != "similarity":
        text += " · " + _("{n} sections").format(n=facts["groups"])
    st.markdown(f"**{text}**")
    if facts["wrong"]:
        lines = ", ".join(map(str, facts["wrong"][:12]))
        st.warning(_("These lines could not be read and are left out: {lines}").format(lines=lines))
    rows: list[list[Any]] = facts["rows"]
    st.dataframe(pd.DataFrame(rows, columns=[str(i + 1) for i in range(len(rows[0]))]), hide_index=True, height=220,
                 key="set-preview")  # fmt: skip
    called = st.text_input(_("Name"), (name.rpartition(".")[0] or name)[:80] or _("My test set"), max_chars=80,
                           key=f"set-name-{name}")  # fmt: skip
    language = choice(st.segmented_control, _("Its words are"), {"en": _("English"), "zh": _("Chinese")},
                      "set-language", default=facts["language"], required=True)  # fmt: skip
    st.button(_("Keep this test set"), type="primary", icon=":material/check:", key="keep-set",
              on_click=_keep, args=(facts, called.strip() or name, language))  # fmt: skip
    if st.session_state.get("set-refused"):
        st.error(st.session_state.pop("set-refused"))


def _keep(facts: dict[str, Any], name: str, language: str) -> None:
    try:
        keep_benchmark(
            store().home, facts["text"], name or _("My test set"), facts["kind"], language, facts["questions"]
        )
    except Problem as problem:
        st.session_state["set-refused"] = sentence(problem)
