"""Going on with a pre-trained model on the corpus in use: which one, how, and what that will cost."""

import streamlit as st

from core.encoders import encoder_named
from core.jobs import ensure_supervisor
from core.problem import Problem
from core.store import CorpusRow, RunRow
from core.store.importing.packaged import packaged
from pages.widgets import forming, forms, importing, importing_model
from pages.widgets.controls import choice
from pages.widgets.i18n import _, sentence
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe

CHOICE = "pretrained"  # among the encoders of the Train page


def title() -> str:
    """What it is called among the encoders."""
    return _("Pre-trained model, continued")


def models() -> list[RunRow]:
    """The runs whose weights can go on learning, those that were brought first."""
    found = [
        run for run in store().runs() if encoder_named(run.encoder).needs_start and run.state in ("done", "stopped")
    ]
    return sorted((run for run in found if run.capabilities), key=lambda run: run.kind != "import")


def button(run: RunRow) -> None:
    """From a run on the Runs page to the form that goes on with it."""
    if st.button(_("Continue on a corpus"), icon=":material/moving:", key=f"continue-{run.id}"):
        choose("encoder", CHOICE)
        choose("from", run.id)
        st.switch_page("pages/train.py", query_params={"encoder": CHOICE, "from": run.id})


def way(key: str) -> None:
    """A small link to the form, from a page that offers other things first."""
    if st.button(_("Start from a pre-trained model"), icon=":material/moving:", type="tertiary", key=key):
        choose("encoder", CHOICE)
        st.switch_page("pages/train.py", query_params={"encoder": CHOICE})


def form(row: CorpusRow) -> None:
    """The whole form, to the start."""
    found = {run.id: run for run in models()}
    if importing.bar():
        return
    if not found:
        st.markdown(_("No pre-trained model is here yet."))
        st.caption(_("Take in one of these, and it goes on learning from the corpus in use."))
        bring()
        return
    before = found[choice(st.selectbox, _("Model"), {key: run.name for key, run in found.items()}, "from")]
    if _lacks_packaged(found):
        bring()
    st.caption(_(
        "The corpus is cut into the pieces of the model, and the model goes on learning from it: what it was made for, "
        "in small steps."
    ))  # fmt: skip
    _options(before, row)


def bring() -> None:
    """The packaged model at a click, and the way to the place for others."""
    with st.container(border=True):
        importing_model.installed(importing.begin)
        if st.button(_("Import a model"), icon=":material/upload:", key="bring-model", type="tertiary"):
            choose("add", "model")
            st.switch_page("pages/runs.py", query_params={"add": "model"})


def _lacks_packaged(found: dict[str, RunRow]) -> bool:
    """Whether the packaged model is installed, and none of these runs was read from it."""
    files = packaged()
    return bool(files) and files[0][1].partition("/")[0] not in {run.options["file"] for run in found.values()}


def _options(before: RunRow, row: CorpusRow) -> None:
    described = encoder_named(before.encoder)
    record = described.Options(**before.options)
    if before.kind == "train" and before.corpus_id == row.id:
        st.info(_("{name} has learned from this corpus already: go on training on the Runs page, or choose another "
                  "corpus.").format(name=markdown_safe(before.name)))  # fmt: skip
        return
    declared = described.continuing(record)  # type: ignore[attr-defined]
    options = forms.options_form(declared, f"continue-{declared.__name__}")
    if options is None:
        return
    known = {**described.continued(record), "pieces": len(store().vocab(before.id))}
    if known["new_head"] and not record.new_head:  # type: ignore[attr-defined]
        st.caption(forming.new_head())
    whole = described.Options(**known, **options.model_dump())
    fits = forms.estimate(described, whole, store().corpus(row.id))
    if st.button(
        _("Start training"), type="primary", icon=":material/play_arrow:", width="stretch", key="start",
        disabled=not fits,
    ):  # fmt: skip
        _start(before, row, whole)


def _start(before: RunRow, row: CorpusRow, options: object) -> None:
    name = _("{model} on {corpus}").format(model=before.name, corpus=row.name)[:80]
    try:
        run = store().queue_train(before.encoder, options, row.id, min_count=1, name=name, start_from=before.id)  # type: ignore[arg-type]
    except Problem as problem:
        st.error(sentence(problem))
        return
    choose("watch", run)
    ensure_supervisor(store())
