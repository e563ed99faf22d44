"""A list of analogies scored at once: sections, coverage, both methods, inputs left out or kept, and baselines."""

from typing import Any

import pandas as pd
import streamlit as st

from core.store import RunRow
from pages.widgets import mapping
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.drop import Dropped, drop
from pages.widgets.i18n import _
from pages.widgets.neighbour_doubt import small_corpus
from pages.widgets.tables import csv_button
from pages.widgets.text import markdown_safe

EXAMPLES = {
    "en": ": family\nman king woman queen\nboy girl brother sister\nfather mother son daughter\nhe his she her\n"
    ": opposites\ngood bad old new\nlong short high low\n: plural\ncat cats dog dogs\nking kings queen queens\n",
    "zh": ": 亲属\n父亲 母亲 儿子 女儿\n男人 女人 国王 王后\n哥哥 姐姐 弟弟 妹妹\n爷爷 奶奶 父亲 母亲\n"
    ": 首都\n中国 北京 日本 东京\n法国 巴黎 德国 柏林\n英国 伦敦 法国 巴黎\n",
}


def show(run: RunRow) -> None:
    """The list, then its score."""
    space = mapping.space(run.id)
    from_where = {"paste": _("Paste"), "file": _("A file")}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = choice(st.segmented_control, _("List"), from_where, "list-from", required=True, width="content")
        among = st.number_input(
            _("Answers among the most frequent words"), 0, 10_000_000, 0, step=10_000, key="list-among", width=280,
            help=_("0 for all words. Mikolov et al. (2013) looked among the 30,000 most frequent. A question is "
                   "counted where all its words are among them."),
        )  # fmt: skip
        if way == "paste":
            language = "zh" if space.vocab.language == "zh" else "en"
            st.button(_("An example"), icon=":material/edit_note:", type="tertiary", on_click=_fill, args=(language,))
    question = _pasted() if way == "paste" else _file()
    if question is None:
        return
    found = answer("analogy_list", run_id=run.id, among=int(among), **question)
    if found is None:
        return
    _scores(pd.DataFrame(found.facts["sections"]), found.facts, len(space.vocab))
    small_corpus(run, space.vocab)
    _answers(pd.DataFrame(found.facts["answers"]))


def _fill(language: str) -> None:
    st.session_state["list-text"] = EXAMPLES[language]


def _pasted() -> dict[str, Any] | None:
    """The pasted list, once its button was pressed."""
    text = st.text_area(
        _("Questions"), key="list-text", height=180, placeholder=": family\nman king woman queen",
        help=_("Four words a line, a : b :: c : d; a line that begins with a colon names a section (the format of "
               "Google's test set)."),
    )  # fmt: skip
    st.button(_("Score the list"), type="primary", icon=":material/checklist:", key="score-list", on_click=_score)
    scored = st.session_state.get("list-scored", "")
    if not text.strip() or not scored.strip():
        return None
    if scored != text:
        st.caption(_("The list was changed since it was scored."))
    return {"text": scored}


def _score() -> None:
    st.session_state["list-scored"] = st.session_state.get("list-text", "")


def _file() -> dict[str, Any] | None:
    """The list of a file, as soon as it is whole."""
    given: list[Dropped] = drop(_("A list of analogies"), "list-file", accept=["txt", "tsv", "csv", "gz", "xz"],
                                most_files=1)  # fmt: skip
    return {"path": str(given[0].path), "name": given[0].name} if given else None


def _scores(sections: pd.DataFrame, facts: dict[str, Any], size: int) -> None:
    """Right answers by section and in all, in percent of the questions whose words are known."""
    total = sections.drop(columns="name").sum().to_dict() | {"name": _("all sections")}
    table = pd.concat([sections, pd.DataFrame([total])], ignore_index=True) if len(sections) > 1 else sections
    if not total["known"]:
        st.info(_("No question has all its words in this vocabulary: nothing can be scored."))
        return
    shown = pd.DataFrame({"name": table["name"].replace("", _("without a section")), "questions": table["questions"],
                          "coverage": 100 * table["known"] / table["questions"]})  # fmt: skip
    names = {
        "add": "3CosAdd", "mul": "3CosMul", "add_kept": _("3CosAdd, inputs kept"),
        "mul_kept": _("3CosMul, inputs kept"), "near": _("nearest to c"),
    }  # fmt: skip
    for name in names:
        shown[name] = 100 * table[name] / table["known"].where(table["known"] > 0)
    bar, number = st.column_config.ProgressColumn, st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "name": st.column_config.TextColumn(_("section"), width=200),
        "questions": number(_("questions"), format="localized", width=85),
        "coverage": number(_("known"), format="%.0f %%", width=70),
    } | {name: bar(title, format="%.1f %%", min_value=0, max_value=100) for name, title in names.items()}  # fmt: skip
    st.dataframe(shown, hide_index=True, column_config=columns, height=min(36 * len(shown) + 38, 560), row_height=36,
                 key="list-sections")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(shown, "analogies", "sections-csv")
        st.caption(_(
            "Percent right of the {known} of {n} questions whose four words are among the {among} words looked at. "
            "Baselines: the word nearest to c, whatever a and b are; a word at random would be right in {chance} %."
        ).format(known=f"{int(total['known']):,}", n=f"{int(total['questions']):,}", among=f"{facts['among']:,}",
                 chance=f"{100 / max(1, min(facts['among'], size) - 3):.4f}"))  # fmt: skip
    if facts["wrong"]:
        some = ", ".join(map(str, facts["wrong"][:8])) + (" …" if len(facts["wrong"]) > 8 else "")
        st.caption(_("Lines that are no question of four words, left out: {lines}.").format(lines=markdown_safe(some)))


def _answers(table: pd.DataFrame) -> None:
    """Every question with its answers, to be read."""
    if table.empty:
        return
    table.insert(6, "right", table["add"] == table["d"])
    columns: dict[str, Any] = {
        "section": st.column_config.TextColumn(_("section"), width=140),
        "line": st.column_config.NumberColumn(_("line"), width=60),
        "a": "a", "b": "b", "c": "c", "d": st.column_config.TextColumn(_("d, the correct one")),
        "right": st.column_config.CheckboxColumn(_("correct"), width=60),
        "add": "3CosAdd", "mul": "3CosMul", "add_kept": _("3CosAdd, inputs kept"),
        "mul_kept": _("3CosMul, inputs kept"),
    }  # fmt: skip
    st.markdown(_("**Question by question**"))
    st.dataframe(table, hide_index=True, column_config=columns, height=360, key="list-answers")
    csv_button(table, "answers", "answers-csv")
