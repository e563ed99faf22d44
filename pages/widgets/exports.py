"""Runs as files: `GET /export?run=&kind=` makes one once, and sends it piece by piece, so that none lies in memory."""

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.problem import Problem
from core.store import RunRow, Store
from core.store.export import KINDS
from core.store.home import default_home
from pages.widgets.i18n import _, language
from pages.widgets.upload import worded


async def export(request: Request) -> Response:
    """The file, or a sentence that says why there is none."""
    asked = request.query_params
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none") or asked.get("kind") not in KINDS:
        return PlainTextResponse("", 403)
    try:
        path = await asyncio.to_thread(made, asked.get("run", ""), asked["kind"])
    except Problem as problem:
        return PlainTextResponse(worded(problem, asked.get("lang", "")), 400)
    return FileResponse(path, filename=path.name)


def made(run: str, kind: str) -> Path:
    store = Store(default_home())
    try:
        return store.export(run, kind)
    finally:
        store.close()


def titles(run: RunRow) -> dict[str, str]:
    """What a run can be taken away as."""
    found = {"safetensors": _("Model (safetensors + JSON)")}
    if "WordVectors" in run.capabilities:
        found |= {
            "word2vec": _("Vectors: word2vec text, fastText .vec"), "binary": _("Vectors: word2vec binary"),
            "glove": _("Vectors: GloVe text"), "projector": _("Vectors: projector (two TSV files)"),
            "npy": _("Vectors: .npy and words"), "parquet": _("Vectors: Parquet (word, count, vector)"),
        }  # fmt: skip
    return found


def links(run: RunRow) -> None:
    """A link for every kind of file; gensim and TensorBoard's projector read them back."""
    with st.popover(_("Download"), icon=":material/download:"):
        for kind, title in titles(run).items():
            address = "export?" + urlencode({"run": run.id, "kind": kind, "lang": language()})
            st.link_button(title, address, icon=":material/download:", type="tertiary")
        st.caption(
            _("In text formats a blank inside a word is written ␣. gensim and TensorBoard's projector read them.")
        )


routes = [Route("/export", export)]
