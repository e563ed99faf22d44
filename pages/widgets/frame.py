"""The frame of every page: the page list, the sidebar with the corpus and run in use, and the empty states."""

from pathlib import Path

import streamlit as st

from core.encoders import encoder_named
from core.figures.palette import Mode
from core.store import ACTIVE, CorpusRow, RunRow
from pages.widgets.controls import choice
from pages.widgets.i18n import LANGUAGES, _, language
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

ASSETS = Path(__file__).parents[2] / "assets"


def pages() -> dict[str, list]:
    """The pages in three groups, titled in the reader's language."""
    return {
        _("Prepare"): [
            st.Page("pages/home.py", title=_("Home"), icon=":material/home:", default=True),
            st.Page("pages/corpus.py", title=_("Corpus"), icon=":material/menu_book:"),
            st.Page("pages/train.py", title=_("Train"), icon=":material/play_circle:"),
            st.Page("pages/runs.py", title=_("Runs"), icon=":material/history:"),
        ],
        _("Explore"): [
            st.Page("pages/concordance.py", title=_("Concordance"), icon=":material/segment:"),
            st.Page("pages/compare.py", title=_("Compare"), icon=":material/compare_arrows:"),
            st.Page("pages/map.py", title=_("Map"), icon=":material/scatter_plot:"),
            st.Page("pages/neighbours.py", title=_("Neighbours"), icon=":material/hub:"),
            st.Page("pages/spaces.py", title=_("Spaces"), icon=":material/explore:"),
            st.Page("pages/evaluate.py", title=_("Evaluate"), icon=":material/fact_check:"),
            st.Page("pages/terms.py", title=_("Terms"), icon=":material/bar_chart:"),
            st.Page("pages/documents.py", title=_("Documents"), icon=":material/description:"),
            st.Page("pages/dimensions.py", title=_("Dimensions"), icon=":material/straighten:"),
            st.Page("pages/predict.py", title=_("Predict"), icon=":material/text_fields:"),
        ],
        _("Look inside"): [
            st.Page("pages/attention.py", title=_("Attention"), icon=":material/grid_on:"),
            st.Page("pages/senses.py", title=_("Senses"), icon=":material/bubble_chart:"),
        ],
    }


def navigate() -> None:
    """Set up the page and run the one that was asked for."""
    st.set_page_config(page_title="Semascope", page_icon=str(ASSETS / "pictures" / "icon.png"), layout="wide")
    st.html(ASSETS / "style.css")
    page = st.navigation(pages(), expanded=True)
    _language_switch()  # before the page: nothing can be drawn after one that stops early
    page.run()


def _language_switch() -> None:
    def switch() -> None:
        st.session_state["language"] = st.session_state["language_switch"]

    st.session_state["language_switch"] = language()
    with st.sidebar:
        st.segmented_control(
            "Language · 语言",
            LANGUAGES,
            format_func=lambda code: LANGUAGES[code],
            key="language_switch",
            on_change=switch,
            required=True,
            label_visibility="collapsed",
        )


def mode() -> Mode:
    """ "light" or "dark": the theme the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def heading(title: str, line: str = "") -> None:
    """The page's title, and one quiet line under it."""
    st.title(title, anchor=False)
    if line:
        st.caption(line)


def _taken(what: str, label: str, names: dict[str, str]) -> str:
    """The id in use, the first (newest) if none that is offered was chosen; changeable in the sidebar."""
    asked = chosen(what) or ""
    current = asked if asked in names else next(iter(names))
    choose(what, current)
    with st.sidebar:
        choice(st.selectbox, label, names, what)
    return current


def corpus_in_use() -> CorpusRow | None:
    """The corpus in use, changeable in the sidebar; the newest ready one if none was chosen."""
    rows = {row.id: row for row in store().corpora() if row.state == "ready"}
    if not rows:
        return None
    current = _taken("corpus", _("Corpus"), {key: row.name for key, row in rows.items()})
    facts = rows[current].facts
    with st.sidebar:
        st.caption(
            _("{tokens} tokens · {types} types").format(tokens=count(facts["tokens"]), types=count(facts["types"]))
        )
    return rows[current]


def run_in_use(having: str | tuple[str, ...] = ()) -> RunRow | None:
    """The run in use among those that can answer this (a capability's name, or any of some); else the newest."""
    asked = {having} if isinstance(having, str) else {*having}
    rows = {
        row.id: row
        for row in store().runs()
        if row.state in ("done", "stopped") and (not asked or asked & {*row.capabilities})
    }
    if not rows:
        return None
    current = _taken("run", _("Run"), {key: row.name for key, row in rows.items()})
    with st.sidebar:
        st.caption(" · ".join([_(encoder_named(rows[current].encoder).title), *_corpus_name(rows[current])]))
    return rows[current]


def _corpus_name(run: RunRow) -> list[str]:
    row = store().corpus_row(run.corpus_id)
    return [row.name] if row else []


def no_corpus() -> None:
    """There is no corpus yet: what is being read, until it is there, and the way to others; then stop."""
    st.fragment(_until_one_is_ready, run_every=0.5)()
    empty(
        _("No corpus is ready yet: take a sample, or add a text of your own."),
        _("Choose a corpus"),
        "pages/corpus.py",
        ":material/menu_book:",
    )


def _until_one_is_ready() -> None:
    """How far what is read first has come; once a corpus is ready, the page that waits for one."""
    if any(row.state == "ready" for row in store().corpora()):
        st.rerun()
    for run in reversed(store().runs("read")):
        if run.state in ACTIVE:
            share = min(1.0, run.step / run.total) if run.total else 0.0
            st.progress(share, f"{markdown_safe(run.name)} · {_(run.phase) or _('waiting for its turn')}")
            break


def empty(
    text: str, button: str, page: str, icon: str = ":material/play_circle:", takes: dict[str, str] | None = None
) -> None:
    """A page that has nothing to show yet: what to do first, with a button that does it; then stop.

    takes: what the link of the other page is to say.
    """
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(text)
        if st.button(button, type="primary", icon=icon):
            st.switch_page(page, query_params=takes)
    st.stop()
