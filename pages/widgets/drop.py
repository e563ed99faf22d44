"""Where a person drops files: straight to the store's inbox through our own route (drop.js, upload.py).

Streamlit's own uploader holds a file in memory; this one never does, takes folders, and can be stopped and tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.store.home import default_home
from core.store.inbox import find, most
from pages.widgets.assets import address
from pages.widgets.i18n import _, language

# As in plot.py: what Streamlit sends with every message only fetches the real thing, which the browser then keeps.
LOADER = """
export default async (component) => {
  const drop = await import(new URL("%s", document.baseURI)).catch(() => null);
  if (drop) return drop.mount(component);
  component.parentElement.textContent = component.data.texts.failed;
};
"""
COMPONENT = st.components.v2.component("drop", js=LOADER % address("drop.js"), isolate_styles=False)
MOST_FILES = 2000  # at once; each becomes a document or more


@dataclass(frozen=True)
class Dropped:
    """A whole file in the inbox. name: the person's, with the folders it came in; it is data, never a path."""

    id: str
    name: str
    bytes: int
    sha256: str
    path: Path


def drop(
    label: str,
    key: str,
    *,
    accept: Sequence[str] | None = None,
    help: str = "",
    most_files: int = MOST_FILES,
    texts: dict[str, str] | None = None,
) -> list[Dropped]:
    """A place for files, and the files that have come whole, in the order in which they were given.

    accept: endings, with or without their dot (None: any). Files that became a corpus leave the list. texts: other
    words for some of what it says. In an AppTest: `at.session_state[key] = {"files": [id, …]}`, of real uploads.
    """
    ids = _ids(st.session_state.get(key))
    known = [found for found in map(_found, ids) if found is not None]
    whole = [file.id for file in known]
    data = {
        "key": key, "label": label, "help": help, "language": language(), "most": most(), "most_files": most_files,
        "accept": [ending if ending.startswith(".") else f".{ending}" for ending in accept or ()],
        "known": whole, "gone": [name for name in ids if name not in whole], "texts": _texts() | (texts or {}),
    }  # fmt: skip
    COMPONENT(key=key, data=data, on_files_change=lambda: None)
    return known


def _ids(state: Any) -> list[str]:
    """The ids that the browser told, each once."""
    told = state.get("files") if hasattr(state, "get") else None
    return list(dict.fromkeys(name for name in told or () if isinstance(name, str)))


def _found(identity: str) -> Dropped | None:
    """What this server itself wrote down about the upload of this id, or None if there is none (any more)."""
    upload = find(default_home(), identity)
    return Dropped(upload.id, upload.name, upload.bytes, upload.sha256, upload.path) if upload else None


def _texts() -> dict[str, str]:
    """What the drop says itself, in the reader's language."""
    return {
        "failed": _("The place for files could not be loaded: check that the server still runs, then reload the page."),
        "files": _("Choose files"),
        "folder": _("Choose a folder"),
        "waiting": _("waits for its turn"),
        "sending": _("{done} of {total}"),
        "left": _("{done} of {total} · {left} left"),
        "storing": _("is being stored"),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
        "again": _("Try again"),
        "all": _("Remove all"),
        "whole": _("{n} files · {size}"),
        "some": _("{done} of {n} files are here · {size}"),
        "more": _("{more} more are not shown"),
        "left_out": _("Left out, since they are of other kinds: {n}."),
        "many": _("More than {most} files at once: put them into a .zip, and add that."),
        "kind": _("{name} is of another kind. These can be read: {kinds}"),
        "empty": _("{name} is empty: choose a file with text in it."),
        "large": _("{name} has {size}; one file may have {most}."),
        "broken": _("The connection broke. Check that the server still runs and that the file is still there."),
        "seconds": _("{s} s"),
        "minutes": _("{m} min {s} s"),
        "hours": _("{h} h {m} min"),
    }
