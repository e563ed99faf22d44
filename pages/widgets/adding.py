"""Add a corpus: upload, paste or take a sample; see how it is read; keep it; watch it being read."""

from pathlib import Path
from typing import Any

import streamlit as st

from core.answers import Answer
from core.corpus.reading import ReadSettings
from core.corpus.splitting import SPLITS
from core.corpus.tokenizers import TOKENIZERS
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store.samples import read_sample, samples
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import count, size

KINDS = ["txt", "md", "csv", "tsv", "jsonl", "gz", "zip", "xz"]
MOST_MEGABYTES = 200
Named = tuple[str, str]  # where a file lies, and what the person calls it


def show() -> None:
    """Where the text comes from on the left, how it is read on the right."""
    sources = {"upload": _("Upload"), "paste": _("Paste"), "sample": _("Samples")}
    source = choice(
        st.segmented_control, _("Where from"), sources, "source", required=True, label_visibility="collapsed"
    )
    if source == "sample":
        _samples()
        return
    files = _uploaded() if source == "upload" else _pasted()
    if not files:
        return
    found = _looked_at(files)
    if found is None:
        return
    form, view = st.columns([1, 1.8], gap="large")
    with form:
        _form(files, found)
    with view:
        _preview(found)


def _looked_at(files: list[Named]) -> Answer | None:
    """The preview under the settings so far; the first look chooses the tokeniser by the language it finds."""
    paths = [list(file) for file in files]
    found = answer("preview", paths=paths, settings=_settings_so_far().model_dump())
    if found is None or "read-tokenizer" in st.session_state:
        return found
    st.session_state["read-tokenizer"] = "chinese" if found.facts["language"] == "zh" else "words"
    return answer("preview", paths=paths, settings=_settings_so_far().model_dump())


def _uploaded() -> list[Named]:
    given = st.file_uploader(
        _("Text files, one or many"), KINDS, accept_multiple_files=True, key="files", max_upload_size=MOST_MEGABYTES,
        help=_("Plain text, tables, JSON lines, or an archive of them. Nothing leaves this machine."),
    )  # fmt: skip
    return _kept([(file.file_id, file.name, file.getbuffer()) for file in given])


def _pasted() -> list[Named]:
    text = st.text_area(_("Your text"), height=220, key="pasted", placeholder=_("Paste a text of any length here."))
    if not text:
        return []
    data = text.encode("utf-8", "replace")
    return _kept([(str(hash(data)), _("pasted") + ".txt", memoryview(data))])


def _kept(files: list[tuple[str, str, memoryview]]) -> list[Named]:
    """Write each file once into the inbox, under a name of our own; the person's name for it is only shown."""
    known: dict[str, Named] = st.session_state.setdefault("inbox", {})
    for identity, name, data in files:
        if identity not in known or not Path(known[identity][0]).exists():
            path = store().inbox() / "upload"
            path.write_bytes(data)
            known[identity] = (str(path), name)
    return [known[identity] for identity, *_rest in files]


def _settings_so_far() -> ReadSettings:
    """The settings as the widgets below stand, before they are drawn again."""
    names = ReadSettings.fields()
    changed = {
        name: st.session_state[f"read-{name}"] for name in names if st.session_state.get(f"read-{name}") is not None
    }
    try:
        return ReadSettings(**changed)
    except Problem as problem:
        st.error(sentence(problem))
        return ReadSettings()


def _form(files: list[Named], found: Answer) -> None:
    """How the text is read: proposed by the preview, changeable."""
    facts = found.facts
    first = facts["files"][0]
    _choice(
        "encoding",
        _("Encoding"),
        {"": _("found: {name}").format(name=first["encoding"])}
        | {item["name"]: item["name"] for item in first["encodings"]},
    )
    if first["columns"]:
        columns = {name: name for name in first["columns"]}
        _choice("text_column", _("Text column"), {"": _("found: {name}").format(name=first["text_column"])} | columns)
        guess = first["label_column"]
        _choice("label_column", _("Label column"), {"": _("none")} | columns, guess or "")
    _choice("tokenizer", _("Tokeniser"), _tokenizers())
    if facts["splits"]:
        counts = {item["split"]: item["documents"] for item in facts["splits"]}
        names = {
            how: f"{title} ({counts[how]:,})" if how in counts else title
            for how, title in _splits().items()
            if how == "none" or how in counts
        }
        _choice("split", _("Documents"), names)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        st.text_input(
            _("Language"),
            key="read-language",
            placeholder=_("found: {name}").format(name=facts["language"]),
            max_chars=8,
        )
    with right:
        st.toggle(
            _("Fold case"),
            True,
            key="read-lowercase",
            help=_("Count Apple and apple as one word; the text itself is kept as it is."),
        )
    name = st.text_input(_("Name"), Path(files[0][1]).stem[:60], key=f"name-{files[0][0]}", max_chars=80)
    blocked = all(item["problem"] for item in facts["files"])
    if st.button(_("Keep this corpus"), type="primary", icon=":material/check:", width="stretch", disabled=blocked):
        _keep(files, facts, name)


def _tokenizers() -> dict[str, str]:
    names = {"words": _("Unicode words"), "chinese": _("Chinese words"), "characters": _("characters")}
    return {name: names[name] for name in TOKENIZERS}


def _splits() -> dict[str, str]:
    names = {
        "none": _("one a file"), "chapters": _("chapters"), "blank lines": _("blank lines"), "headings": _("headings"),
        "words": _("every 300 words"), "lines": _("lines"),
    }  # fmt: skip
    return {name: names[name] for name in SPLITS}


def _choice(name: str, title: str, names: dict[str, str], start: str = "") -> None:
    """One setting as a select box that keeps what was chosen as long as it is offered."""
    key = f"read-{name}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = start if start in names else next(iter(names))
    st.selectbox(title, list(names), format_func=lambda choice: names[choice], key=key)


def _keep(files: list[Named], facts: dict[str, Any], name: str) -> None:
    """Queue the reading; words that occur rarely are left out according to the size."""
    words, settings = facts["words"], _settings_so_far()
    least = 1 if settings.tokenizer == "characters" or words < 20_000 else 2 if words < 200_000 else 5
    paths = [(Path(path), shown) for path, shown in files]
    run = store().queue_read(paths, settings.model_copy(update={"min_count": least}), name.strip() or files[0][1])
    ensure_supervisor(store())
    for key in [key for key in st.session_state if str(key).startswith("read-")]:
        del st.session_state[key]
    st.session_state["reading"] = run
    st.session_state["inbox"] = {}
    st.rerun()


def _preview(found: Answer) -> None:
    """What would be read: numbers, warnings, the head of the text and its tokens."""
    facts = found.facts
    about = "" if facts["exact"] else _("about") + " "
    numbers = st.columns(3)
    numbers[0].metric(_("files"), len(facts["files"]) + facts["more_files"])
    numbers[1].metric(_("documents"), (about if facts["documents"] > 1 else "") + count(facts["documents"]))
    numbers[2].metric(_("words"), about + count(facts["words"]))
    for item in facts["files"]:
        if item["problem"]:
            st.error(sentence(item["problem"]))
        elif not item["certain"]:
            st.warning(
                _("The encoding of {name} is a guess: compare the beginnings and choose.").format(
                    name=markdown_safe(item["name"])
                )
            )
            for head in item["encodings"]:
                st.text(f"{head['name']}: {head['head'][:160]}")
    for problem in [*facts["skipped"], *facts["warnings"]]:
        st.warning(sentence(problem))
    st.markdown(_("**The text**"))
    with st.container(height=210, border=True):
        st.text(facts["head"])
    st.markdown(_("**Its first tokens**"))
    with st.container(height=120, border=True):
        st.markdown(" ".join(f":gray-badge[{markdown_safe(token, 24)}]" for token in facts["tokens"][:80]))


def _samples() -> None:
    """The samples, with what each is good for and whom it is owed to."""
    known = {row.name for row in store().corpora()}
    for file, sample in samples().items():
        with st.container(border=True):
            text, button = st.columns([5, 1], vertical_alignment="center")
            text.markdown(f"**{sample.name}** :gray[{size(sample.path.stat().st_size)} · {_(sample.about)}]")
            text.caption(f"{sample.attribution} · {sample.licence}")
            if sample.name in known:
                button.caption(_("already here"))
            elif button.button(_("Read it"), key=f"sample-{file}", icon=":material/add:"):
                st.session_state["reading"] = read_sample(store(), file)
                ensure_supervisor(store())
                st.rerun()


def progress() -> None:
    """The reading that this visit began, until it ends; then why, where it came to nothing."""
    run_id = st.session_state.get("reading")
    if run_id is not None:
        st.fragment(_reading, run_every=0.5)(run_id)
        return
    ended = store().run(st.session_state.get("read", ""))
    if ended is not None and ended.message:
        st.error(sentence(ended.message))
    elif ended is not None and ended.note:
        st.info(_(ended.note))


def _reading(run_id: str) -> None:
    run = store().run(run_id)
    if run is None or run.state in ("done", "stopped", "failed"):
        st.session_state.pop("reading", None)
        st.session_state["read"] = run_id
        if run is not None and run.state == "done":
            choose("corpus", run.corpus_id)
            choose("view", "look")
        st.rerun()
    ensure_supervisor(store())
    share = min(1.0, run.step / run.total) if run.total else 0.0
    bar, stop = st.columns([6, 1], vertical_alignment="center")
    bar.progress(share, f"{markdown_safe(run.name)} · {_(run.phase) or _('waiting for its turn')}")
    stop.button(_("Cancel"), on_click=store().command, args=(run_id, "stop"), key="cancel-reading")
