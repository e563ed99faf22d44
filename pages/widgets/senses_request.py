"""What the Senses page is about: a word in a corpus, and the occurrences of it that are looked at."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.corpus.stop_words import LISTS, stop_words
from core.store import CorpusRow, RunRow
from pages.widgets import adding, senses_filter
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe

Bar = DeltaGenerator  # the row of controls, to which a view adds its own

SAMPLES = ("en-polysemy-sentences.tsv.gz", "zh-polysemy-sentences.tsv.gz")
MANY_SIDED = (
    "bank spring light right crane match cell apple java season fair current bat bass court sense plant point "
    "苹果 小米 病毒 火箭 意思 东西 打 行 走 银行 水 道"
).split()
BETWEEN = re.compile(r"\s+[/／]\s+|\s*[、｜]\s*")  # what is typed between two words: bank / shore, 苹果、小米
BREAK = re.compile(r"[\r\n\t]+")
AROUND = 120  # letters on each side of a line
OFFERED = 14
LIMITS = (200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Request:
    """query as it is typed; mode "words", "forms" or "text"; limit: the most occurrences; seed: of their sample; keep:
    the filter, as JSON (see `core.explore.sense_facets`), "" without; sight: what a run may see, as JSON, else ""."""

    corpus_id: str
    query: str
    mode: str = "words"
    limit: int = 2000
    seed: int = 0
    keep: str = ""
    sight: str = ""

    @property
    def filters(self) -> dict[str, list[Any]]:
        """What the occurrences are narrowed to."""
        found: dict[str, list[Any]] = json.loads(self.keep or "{}")
        return found

    @property
    def seen(self) -> dict[str, Any]:
        """The fields of `core.explore.sense_sight.Sight`; none with everything in sight."""
        found: dict[str, Any] = json.loads(self.sight or "{}")
        return found

    @property
    def word(self) -> dict[str, Any]:
        """As the arguments that questions about the word share."""
        asked = {"corpus_id": self.corpus_id, "query": self.query, "mode": self.mode, "limit": self.limit,
                 "seed": self.seed}  # fmt: skip
        return asked | {name: value for name, value in (("keep", self.filters), ("sight", self.seen)) if value}

    @property
    def key(self) -> str:
        """What tells this request from others, for keys of widgets."""
        return hashlib.blake2b(repr(self.word).encode(), digest_size=5).hexdigest()


@dataclass(frozen=True)
class Found:
    """The occurrences of a request, `whole` of them without its filter; see `core.explore.senses.Occurrences`."""

    total: int
    documents: int
    whole: int
    frame: pd.DataFrame
    columns: pd.DataFrame


def search(row: CorpusRow) -> Request | None:
    """The word and how it is looked for, all in the link; None while there is none."""
    forms = {"forms": _("All forms")} if row.facts["language"] == "en" else {}
    modes = {"words": _("Words"), **forms, "text": _("Text")}
    dense = row.facts["language"] in ("zh", "ja") or row.facts["tokenizer"] == "characters"
    st.session_state["senses-word"] = chosen("q") or ""
    st.text_input(
        _("Word, or two words"), key="senses-word", max_chars=120, width=250,
        placeholder=_("bank · bank|banks · bank|shore · bank*"), on_change=_typed,
    )  # fmt: skip
    mode = choice(
        st.segmented_control, _("Search in"), modes, "mode", "text" if dense else "words", required=True,
        width="content",
        help=_("Words of the tokenisation; all forms of what is typed as a dictionary has it (bank: banks, banked, "
               "banking); or the text itself: then a string is found inside longer words too."),
    )  # fmt: skip
    with st.popover(_("Sampling"), icon=":material/tune:"):
        limits = {str(limit): f"{limit:,}" for limit in LIMITS}
        limit = choice(st.selectbox, _("Occurrences at most"), limits, "most", "2000")
        seed = st.number_input(_("Seed"), 0, 9999, 0, key="senses-seed", bind="query-params")
        st.caption(
            _(
                "Of more occurrences a sample is drawn by pattern: the word behind decides the pattern, and each "
                "gets room by the square root of its size, so that one does not fill the picture."
            )
        )
    query = chosen("q") or ""
    if not query:
        return None
    choose("q", query)
    if mode == "text" and "|" in query and not query.startswith("/"):
        query = "/" + "|".join(re.escape(part.strip()) for part in query.split("|") if part.strip()) + "/"
    filters = senses_filter.kept(row)
    request = Request(row.id, query, mode, int(limit), int(seed), senses_filter.written(filters))
    senses_filter.control(request.word, filters)
    return request


def _typed() -> None:
    senses_filter.forget_words()
    choose("sentence", None)
    choose("q", BETWEEN.sub("|", st.session_state["senses-word"].strip()) or None)


def offer(row: CorpusRow) -> None:
    """Words to begin with: those that the corpus marks, else many-sided ones that it has, else frequent ones."""
    st.markdown(_("Type a word to see every place where it stands as a point, or take one of these:"))
    with st.container(horizontal=True):
        for word in _offered(row):
            st.button(markdown_safe(word, 24), key=f"sense-{word}", on_click=choose, args=("q", word))
    _samples(row)


@st.cache_data(show_spinner=False, max_entries=8)
def _words(corpus_id: str) -> list[str]:
    corpus = store().corpus(corpus_id)
    if "word" in corpus.table:
        return [word for word, _n in Counter(corpus.table["word"].dropna().astype(str)).most_common(OFFERED + 6)]
    known = [word for word in MANY_SIDED if word in corpus.vocab and corpus.vocab.counts[corpus.vocab.index(word)] > 7]
    language = corpus.facts["language"]
    grammar = {*stop_words(language)} if language in LISTS else set()
    short = 1 if language == "zh" else 3
    frequent = [word for word in corpus.vocab.words[:400] if len(word) > short and word not in grammar]
    return [*known, *frequent]


def _offered(row: CorpusRow) -> list[str]:
    return list(dict.fromkeys(_words(row.id)))[: OFFERED + 6]


def _samples(row: CorpusRow) -> None:
    """The way to the sentences that ship with their senses, where they are not the corpus in use."""
    if "word" in store().corpus(row.id).table:
        return
    names = {"en": _("Twelve ambiguous English words"), "zh": _("Nineteen ambiguous Chinese words")}
    st.caption(_("Or begin with sentences whose senses are known:"))
    with st.container(horizontal=True):
        for file in SAMPLES:
            st.button(
                names[file[:2]], key=f"read-{file}", icon=":material/menu_book:", on_click=adding.take, args=(file,)
            )


def found(request: Request) -> Found | None:
    """The occurrences, or None while they are looked up."""
    answered = answer("sense_occurrences", **request.word)
    if answered is None:
        return None
    facts = answered.facts
    if "problem" in facts:
        _absent(request, facts["problem"])
        st.stop()
    frame, columns = pd.DataFrame(facts["frame"]), pd.DataFrame(facts["columns"])
    return Found(facts["total"], facts["documents"], facts["whole"], frame, columns)


def _absent(request: Request, problem: dict[str, Any]) -> None:
    """Why there is nothing to see, with words that are spelt alike and the search inside of words a click away."""
    st.error(sentence(problem))
    near = [word for word in str(problem["values"].get("near", "")).split(", ") if word]
    with st.container(horizontal=True):
        for word in near:
            st.button(markdown_safe(word, 24), key=f"near-{word}", on_click=choose, args=("q", word))
        if request.mode != "text":
            st.button(_("Search the text itself"), icon=":material/search:", on_click=choose, args=("mode", "text"))


def said(request: Request, here: Found) -> str:
    """How many occurrences there are, and how many of them are shown."""
    documents = f"{here.documents:,}"
    if request.filters:
        text = _("{n} of {whole} occurrences, in {documents} documents").format(
            n=f"{here.total:,}", whole=f"{here.whole:,}", documents=documents)  # fmt: skip
        text += " · " + markdown_safe(senses_filter.described(request.filters), 200)
    else:
        text = _("{n} occurrences in {documents} documents").format(n=f"{here.total:,}", documents=documents)
    if here.total > len(here.frame):
        text += _(" · a sample of {n}, by pattern, seed {seed}").format(n=f"{len(here.frame):,}", seed=request.seed)
    return text


def prefer(row: CorpusRow) -> None:
    """Where no run was chosen, take one that fits: of this corpus, else of its language, and of words, not letters."""
    if chosen("run") is None and (run := fitting(row)):
        choose("run", run.id)


def fitting(row: CorpusRow) -> RunRow | None:
    """The run that reads contexts and fits a corpus best."""
    return max(contextual(), key=lambda run: _fit(run, row), default=None)


def _fit(run: RunRow, row: CorpusRow) -> tuple[bool, bool, bool]:
    """How well a run fits a corpus; of equals the first, which is the newest, is taken."""
    vocab = store().vocab(run.id)
    mine = row.facts["language"], row.facts["tokenizer"]
    return run.corpus_id == row.id, vocab.language == mine[0], vocab.tokenizer != "characters" or mine[0] == "zh"


def contextual() -> list[RunRow]:
    """Finished runs that give a word a vector in each context."""
    return [run for run in _finished() if "ContextVectors" in run.capabilities]


def with_vectors() -> list[RunRow]:
    """Finished runs with vectors of either kind."""
    return [run for run in _finished() if {"ContextVectors", "WordVectors"} & {*run.capabilities}]


def static_runs(run: RunRow) -> list[RunRow]:
    """Runs with one vector a word, of the same language: those of the same corpus first."""
    language = _language(run)
    found = [each for each in with_vectors() if "ContextVectors" not in each.capabilities
             and each.encoder != "onehot" and _language(each) == language]  # fmt: skip
    return sorted(found, key=lambda each: each.corpus_id != run.corpus_id)


@st.cache_data(show_spinner=False, max_entries=64)
def _language_of(home: str, run_id: str) -> str:  # noqa: ARG001
    return store().vocab(run_id).language or "en"


def _language(run: RunRow) -> str:
    return _language_of(str(store().home), run.id)


def guesser(run: RunRow) -> RunRow | None:
    """A run that guesses hidden words: this one if it does, else one of the same words, else none."""
    known = [each for each in _finished() if "MaskedWord" in each.capabilities]
    alike = [each for each in known if each.id == run.id or each.corpus_id == run.corpus_id]
    return next((each for each in alike if each.id == run.id), alike[0] if alike else None)


def bold(record: Any, most: int) -> str:
    """A sentence, the word in bold; of a long one the part around the word."""
    text, first, last = record["sentence"], int(record["first"]), int(record["last"])
    room = max(10, (most - (last - first)) // 2)
    before, after = text[max(0, first - room) : first], text[last : last + room]
    left = ("…" if first > room else "") + before
    right = after + ("…" if last + room < len(text) else "")
    return f"{_safe(left)}**{_safe(text[first:last])}**{_safe(right)}".strip()


def _safe(text: str) -> str:
    """Markdown-safe, with the blanks at its ends kept."""
    inner = text.strip()
    if not inner:
        return " " if text else ""
    return " " * text[0].isspace() + markdown_safe(inner, 1000) + " " * text[-1].isspace()


def line(record: Any, name: str, facts: str) -> dict[str, Any]:
    """An occurrence as `pages.widgets.lines.lines` draws it, in one line."""
    text, first, last = str(record["sentence"]), int(record["first"]), int(record["last"])
    left, right = BREAK.sub(" ", text[max(0, first - AROUND) : first]), BREAK.sub(" ", text[last : last + AROUND])
    return {"id": name, "left": [[left, -1]], "node": text[first:last], "right": [[right, -1]], "facts": facts}


def row_in_use(here: Found) -> int | None:
    """The occurrence that is looked at, from the link."""
    asked = chosen("at") or ""
    return int(asked) if asked.isdigit() and int(asked) < len(here.frame) else None


def _finished() -> list[RunRow]:
    return [run for run in store().runs() if run.state in ("done", "stopped")]
