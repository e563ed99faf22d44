"""How files are to be read: every setting with what it would give, seen before anything is kept."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.answers import Answer
from core.corpus.reading import ReadSettings
from core.corpus.splitting import SPLITS
from core.corpus.stop_words import LISTS, stop_words
from core.corpus.tokenizers import TOKENIZERS
from core.problem import Problem
from pages.widgets.asking import answer
from pages.widgets.i18n import _, sentence
from pages.widgets.text import markdown_safe
from pages.widgets.units import count

Named = tuple[str, str]  # where a file lies, and what the person calls it
BEFORE, BEHIND = 24, 60  # characters shown around a change
CLEANING = ("strip_boilerplate", "strip_tags", "strip_urls", "strip_numbers", "strip_punctuation", "drop_duplicates",
            "half_width")  # fmt: skip
ROLES = ("label_column", "title_column", "date_column", "group_column", "translation_column")


class ReadingForm:
    """The form of one reading. prefix: of its widgets' keys; start: the settings before anything is changed."""

    def __init__(self, prefix: str, files: list[Named], start: ReadSettings | None = None):
        self.prefix, self.files, self.start = prefix, files, start or ReadSettings()
        self.guessing = start is None  # the first look proposes the tokeniser and the columns

    def look(self) -> Answer | None:
        """The preview under the settings as they stand; while it is worked out the last one of these files, if any.

        So the form stands all the while: what is not drawn would lose what was chosen in it.
        """
        paths = [list(file) for file in self.files]
        found = answer("preview", paths=paths, settings=self.settings().model_dump())
        if found is not None and self.guessing and self._key("tokenizer") not in st.session_state:
            st.session_state[self._key("tokenizer")] = "chinese" if found.facts["language"] == "zh" else "words"
            found = answer("preview", paths=paths, settings=self.settings().model_dump())
        last = self._key("last-look")
        if found is not None:
            st.session_state[last] = (self.files, found)
        files, seen = st.session_state.get(last, (None, None))
        return seen if files == self.files else None

    def settings(self) -> ReadSettings:
        """The settings as the widgets stand, before they are drawn again."""
        names = [name for name in ReadSettings.fields() if st.session_state.get(self._key(name)) is not None]
        changed = {name: st.session_state[self._key(name)] for name in names}
        try:
            return ReadSettings(**{**self.start.model_dump(), **changed})
        except Problem as problem:
            st.error(sentence(problem))
            return self.start

    def clear(self) -> None:
        for key in [key for key in st.session_state if str(key).startswith(f"{self.prefix}-")]:
            del st.session_state[key]

    def draw(self, facts: dict[str, Any]) -> None:
        """The widgets, in the order in which a text becomes tokens: file, columns, documents, cleaning, tokens."""
        self._file(facts)
        if facts["splits"]:
            counts = {item["split"]: item["documents"] for item in facts["splits"]}
            offered = {
                how: f"{title} ({counts[how]:,})" if how in counts else title
                for how, title in split_names().items()
                if how == "none" or how in counts
            }
            self._choice("split", _("Documents"), offered)
        self._cleaning(facts)
        self._choice("tokenizer", _("Tokeniser"), tokenizer_names())
        self._tokens(self.settings().tokenizer, facts.get("stopped"))
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            found = _("found: {name}").format(name=facts["language"])
            self._text("language", _("Language"), placeholder=found, max_chars=8)
        with right:
            self._toggle("lowercase")

    def _file(self, facts: dict[str, Any]) -> None:
        first = facts["files"][0]
        found = {"": _("found: {name}").format(name=first["encoding"])}
        self._choice("encoding", _("Encoding"), found | {item["name"]: item["name"] for item in first["encodings"]})
        if first["columns"]:
            columns = {name: name for name in first["columns"]}
            found = {"": _("found: {name}").format(name=first["text_column"])}
            self._choice("text_column", _("Text column"), found | columns)
        columns = {name: name for name in facts.get("columns", first["columns"])}
        if not columns:
            return
        titles = (_("Label column"), _("Title column"), _("Date column"), _("Group column"), _("Translation column"))
        for place, (name, title) in enumerate(zip(ROLES, titles)):
            if place % 2 == 0:
                pair = st.columns(2)
            with pair[place % 2]:
                guess = (first.get(name) or "") if self.guessing else ""
                self._choice(name, title, {"": _("none")} | columns, guess)

    def _cleaning(self, facts: dict[str, Any]) -> None:
        """What can be taken away, each with how often it was met in what has been looked at."""
        found = {item["step"]: item["count"] for item in facts.get("cleaning", ())}
        chosen = sum(bool(getattr(self.settings(), name)) for name in CLEANING)
        chosen += self.settings().script != "keep"
        title = _("Cleaning") + (f" ({chosen})" if chosen else "")
        with st.expander(title, icon=":material/cleaning_services:", key=self._key("open-cleaning")):
            for name in CLEANING:
                met = found.get(name, 0)
                self._toggle(name, f" :gray-badge[{count(met)}]" if met else "")
            scripts = {"keep": _("as it is"), "simplified": _("simplified"), "traditional": _("traditional")}
            met = found.get("script", 0)
            self._choice("script", _("Chinese script") + (f" ({count(met)})" if met else ""), scripts)
            st.caption(_("The numbers count what was met in the part that was looked at. The files stay as they are."))

    def _tokens(self, tokenizer: str, stopped: dict[str, Any] | None) -> None:
        """What else a tokeniser can be told; stopped: what the list of stop words met."""
        fields = ReadSettings.fields()
        if tokenizer == "pieces":
            left, right = st.columns(2, vertical_alignment="bottom")
            with left:
                kind = fields["pieces"]
                self._choice("pieces", _(kind.title), piece_names())
            with right:
                field = fields["pieces_size"]
                self._number("pieces_size", int(field.low or 0), int(field.high or 0), int(field.step))
        if tokenizer in ("words", "chinese"):
            self._toggle("phrases")
            met = f" ({count(stopped['count'])})" if stopped else ""
            title = (_("Stop words and dictionary") if tokenizer == "chinese" else _("Stop words")) + met
            with st.expander(title, icon=":material/playlist_remove:", key=self._key("open-stop-words")):
                self._stop_words(stopped)
                if tokenizer == "chinese":
                    self._area("dictionary")

    def _stop_words(self, stopped: dict[str, Any] | None) -> None:
        """The words that are no tokens: a list of ours that can be changed, or one's own; and how many they take."""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Put in a list:"))
            for code in LISTS:
                st.button(
                    code, key=self._key(f"list-{code}"), type="tertiary", on_click=self._put,
                    args=("stop_words", " ".join(stop_words(code))),
                )  # fmt: skip
            st.button(
                _("none"), key=self._key("list-none"), type="tertiary", on_click=self._put, args=("stop_words", "")
            )
        self._area("stop_words")
        if stopped:
            said = _("{n} of the {of} tokens that were looked at are on this list.")
            st.caption(said.format(n=count(stopped["count"]), of=count(stopped["of"])))

    def _put(self, name: str, value: str) -> None:
        st.session_state[self._key(name)] = value

    def _key(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def _begin(self, name: str, value: Any) -> str:
        """The widget's key, its state begun with what the setting was before."""
        key = self._key(name)
        if st.session_state.get(key) is None:
            st.session_state[key] = value
        return key

    def _toggle(self, name: str, more: str = "") -> None:
        field = ReadSettings.fields()[name]
        st.toggle(_(field.title) + more, key=self._begin(name, getattr(self.start, name)), help=_(field.help))

    def _number(self, name: str, low: int, high: int, step: int) -> None:
        field = ReadSettings.fields()[name]
        key = self._begin(name, getattr(self.start, name))
        st.number_input(_(field.title), low, high, step=step, key=key, help=_(field.help))

    def _text(self, name: str, title: str, **more: Any) -> None:
        st.text_input(title, key=self._begin(name, getattr(self.start, name)), **more)

    def _area(self, name: str) -> None:
        field = ReadSettings.fields()[name]
        key = self._begin(name, getattr(self.start, name))
        st.text_area(_(field.title), key=key, help=_(field.help), height=110)

    def _choice(self, name: str, title: str, names: dict[str, str], guess: str = "") -> None:
        """One setting as a select box that keeps what was chosen as long as it is offered."""
        key = self._key(name)
        if st.session_state.get(key) not in names:
            before = str(getattr(self.start, name)) or guess
            st.session_state[key] = before if before in names else next(iter(names))
        st.selectbox(title, list(names), format_func=lambda choice: names[choice], key=key)


def tokenizer_names() -> dict[str, str]:
    names = {"words": _("Unicode words"), "chinese": _("Chinese words"), "characters": _("characters"),
             "pieces": _("subword pieces")}  # fmt: skip
    return {name: names[name] for name in TOKENIZERS}


def piece_names() -> dict[str, str]:
    return {"bpe": "BPE", "wordpiece": "WordPiece", "unigram": "Unigram"}


def split_names() -> dict[str, str]:
    names = {
        "none": _("one a file"), "chapters": _("chapters"), "blank lines": _("blank lines"), "headings": _("headings"),
        "words": _("every 300 words"), "lines": _("lines"),
    }  # fmt: skip
    return {name: names[name] for name in SPLITS}


def preview(facts: dict[str, Any], settings: ReadSettings) -> None:
    """What would be read: numbers, warnings, what cleaning does, the head of the text and its tokens."""
    about = "" if facts["exact"] else _("about") + " "
    numbers = st.columns(3)
    numbers[0].metric(_("files"), len(facts["files"]) + facts["more_files"])
    numbers[1].metric(_("documents"), (about if facts["documents"] > 1 else "") + count(facts["documents"]))
    numbers[2].metric(_("words"), about + count(facts["words"]))
    for item in facts["files"]:
        if item["problem"]:
            st.error(sentence(item["problem"]))
        elif not item["certain"]:
            _guessed(item)
    for problem in [*facts["skipped"], *facts["warnings"]]:
        st.warning(sentence(problem))
    _before_and_after(facts, settings)
    st.markdown(_("**The text**"))
    with st.container(height=210, border=True):
        st.text(facts["head"])
    st.markdown(_("**Its first tokens**"))
    with st.container(height=120, border=True):
        st.markdown(" ".join(f":gray-badge[{markdown_safe(token, 24)}]" for token in facts["tokens"][:80]))


def _guessed(item: dict[str, Any]) -> None:
    text = _("The encoding of {name} is a guess: compare the beginnings and choose.")
    st.warning(text.format(name=markdown_safe(item["name"])))
    for head in item["encodings"]:
        st.text(f"{head['name']}: {' '.join(head['head'].split())[:110]}")


def _before_and_after(facts: dict[str, Any], settings: ReadSettings) -> None:
    """For every step that was chosen and met something: how often, and one place before and after."""
    fields = ReadSettings.fields()
    steps = [
        item for item in facts.get("cleaning", ())
        if item["count"] and getattr(settings, item["step"]) not in (False, "keep")
    ]  # fmt: skip
    if facts.get("stopped") and facts["stopped"]["count"]:
        steps.append(facts["stopped"])
    if not steps:
        return
    st.markdown(_("**What cleaning does**"))
    with st.container(border=True):
        for item in steps:
            name, before, after = st.columns([1, 1.6, 1.6])
            name.markdown(f"{_(fields[item['step']].title)} :gray-badge[{count(item['count'])}]")
            for place, part in zip((before, after), _changed(item["before"], item["after"])):
                place.text(part)


def _changed(before: str, after: str) -> tuple[str, str]:
    """A short stretch of both around the first place where they differ, on one line each."""
    same = next((i for i, pair in enumerate(zip(before, after)) if pair[0] != pair[1]), min(len(before), len(after)))
    first = max(0, same - BEFORE)
    dots = "…" if first else ""
    parts = (" ".join(text[first : same + BEHIND].split()) for text in (before, after))
    one, other = (dots + part if part else "∅" for part in parts)
    return one, other


def least(words: int, tokenizer: str) -> int:
    """The min count that suits a text of so many words."""
    return 1 if tokenizer in ("characters", "pieces") or words < 20_000 else 2 if words < 200_000 else 5


def default_name(files: list[Named]) -> str:
    return Path(files[0][1]).stem[:60]
