"""Add a corpus: upload, paste or take a sample; see how it is read; keep it; watch it being read."""

import hashlib
from pathlib import Path

import streamlit as st

from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import CorpusRow
from core.store.samples import read_sample, samples
from pages.widgets.controls import choice
from pages.widgets.drop import drop
from pages.widgets.i18n import _, sentence
from pages.widgets.reading_form import Named, ReadingForm, default_name, least, preview
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import size

KINDS = ["txt", "md", "html", "csv", "tsv", "jsonl", "json", "xml", "pdf", "docx", "epub", "gz", "zip", "xz"]


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
    if files:
        _read(files, ReadingForm("read", files), default_name(files))


def again(row: CorpusRow) -> None:
    """Read a corpus again out of the files it was made of, with other settings; this one stays."""
    try:
        files = [(str(path), name) for path, name in store().files_of(row.id)]
    except Problem as problem:
        st.info(sentence(problem))
        return
    st.caption(_("The files are read again as you choose; this corpus stays, so nothing is lost."))
    _read(files, ReadingForm(f"again-{row.id}", files, row.read_settings()), row.name)


def _read(files: list[Named], form: ReadingForm, name: str) -> None:
    found = form.look()
    if found is None:
        return
    left, right = st.columns([1, 1.8], gap="large")
    with left:
        form.draw(found.facts)
        name = st.text_input(_("Name"), name, key=f"name-{form.prefix}-{files[0][0]}", max_chars=80)
        blocked = all(item["problem"] for item in found.facts["files"])
        # Kept by a callback: a click that comes while a changed setting is still being looked at is not lost.
        st.button(
            _("Keep this corpus"), type="primary", icon=":material/check:", width="stretch", disabled=blocked,
            on_click=_keep, args=(form, found.facts["words"], name),
        )  # fmt: skip
    with right:
        preview(found.facts, form.settings())


def _keep(form: ReadingForm, words: int, name: str) -> None:
    """Queue the reading; words that occur rarely are left out according to the size."""
    settings = form.settings()
    settings = settings.model_copy(update={"min_count": least(words, settings.tokenizer)})
    paths = [(Path(path), shown) for path, shown in form.files]
    run = store().queue_read(paths, settings, name.strip() or form.files[0][1])
    ensure_supervisor(store())
    form.clear()
    st.session_state["reading"] = run


def _uploaded() -> list[Named]:
    given = drop(
        _("Text files, one or many"), "files", accept=KINDS,
        help=_("Plain text, tables, documents, or an archive of them. Nothing leaves this machine."),
    )  # fmt: skip
    return [(str(file.path), file.name) for file in given]


def _pasted() -> list[Named]:
    text = st.text_area(_("Your text"), height=220, key="pasted", placeholder=_("Paste a text of any length here."))
    if not text:
        return []
    data = text.encode("utf-8", "replace")
    known: dict[str, str] = st.session_state.setdefault("pasted-files", {})
    identity = hashlib.sha256(data).hexdigest()
    if identity not in known or not Path(known[identity]).exists():
        path = store().inbox() / "pasted.txt"
        path.write_bytes(data)
        known[identity] = str(path)
    return [(known[identity], _("pasted") + ".txt")]


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


def take(file: str) -> None:
    """Take a sample in use, or have it read, whose progress `progress` shows; for a button."""
    name = samples()[file].name
    known = next((each for each in store().corpora() if each.name == name), None)
    if known is not None and known.state == "ready":
        choose("corpus", known.id)
    else:
        st.session_state["reading"] = read_sample(store(), file) if known is None else known.id


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
