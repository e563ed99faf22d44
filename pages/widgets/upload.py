"""The way of a file from the browser onto the disk: straight into the store's inbox, never held in memory.

`GET /upload?bytes=` asks whether a file of this size may come, `POST /upload?name=` brings one, `DELETE /upload?id=`
takes it away again. Each carries Streamlit's XSRF token, and `lang` says in which language a refusal is worded.
"""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.web.server.server_util import is_allowed_origin, is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

from core.problem import Problem, marked
from core.store.files import DiskFull
from core.store.home import default_home, make_home
from core.store.inbox import Cut, Incoming, TooLarge, Upload, check_room, cleaned, find, remove
from pages.widgets.i18n import LANGUAGES, TRANSLATED, catalogue

AT_ONCE = 2**20  # bytes that are gathered before they are written


class Refused(Problem):
    """A request that does not come from a page of ours."""


class Unsized(Problem):
    """A request that does not say how many bytes come."""


STATUS = {Refused: 403, Unsized: 411, TooLarge: 413, DiskFull: 507, Cut: 400}


async def upload(request: Request) -> Response:
    """Answers with {id, name, bytes, sha256}, or with {problem, sentence} and a status that fits it."""
    try:
        check_sender(request)
        if request.method == "DELETE":
            gone = await asyncio.to_thread(remove, default_home(), request.query_params.get("id", ""))
            return Response(status_code=204 if gone else 404)
        if request.method != "POST":
            size = sized(request.query_params.get("bytes"))
            await asyncio.to_thread(check_room, opened_home(), name_of(request), size)
            return Response(status_code=204)
        got = await received(request)
    except Problem as problem:
        said = {"problem": problem.to_dict(), "sentence": worded(problem, request.query_params.get("lang", ""))}
        return JSONResponse(said, STATUS.get(type(problem), 400))
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    return JSONResponse({"id": got.id, "name": got.name, "bytes": got.bytes, "sha256": got.sha256})


async def received(request: Request) -> Upload:
    """The body of a request as a whole file in the inbox; whatever goes wrong leaves nothing there."""
    size = sized(request.headers.get("content-length"))
    incoming = await asyncio.to_thread(Incoming, opened_home(), name_of(request), size)
    whole = None
    try:
        parts, held = [], 0
        async for part in request.stream():
            parts.append(part)
            held += len(part)
            if held >= AT_ONCE:
                await asyncio.to_thread(incoming.write, b"".join(parts))
                parts, held = [], 0
        await asyncio.to_thread(incoming.write, b"".join(parts))
        whole = await asyncio.to_thread(incoming.finish)
        return whole
    finally:
        if whole is None:
            await asyncio.to_thread(incoming.discard)


def opened_home() -> Path:
    """The home of the store, its folders there."""
    make_home(default_home())
    return default_home()


def check_sender(request: Request) -> None:
    """Raises Refused unless a page of ours asks: Streamlit's token, and a browser that names no other site."""
    token, cookie = request.headers.get("x-xsrftoken"), request.cookies.get(XSRF_COOKIE_NAME)
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    known = not is_xsrf_enabled() or validate_xsrf_token(token, cookie)
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host") or is_allowed_origin(origin)
    if not known or not same or site not in (None, "same-origin"):
        raise Refused(marked("The server does not know this page any more: reload it, then add the file again."))


def name_of(request: Request) -> str:
    return cleaned(request.query_params.get("name", "")) or "unnamed"


def sized(told: str | None) -> int:
    """A number of bytes. Raises Unsized for what is none."""
    if told is None or not (told.isascii() and told.isdigit()) or len(told) > 18:
        raise Unsized(marked("An upload must say its size in bytes beforehand (Content-Length); this one did not."))
    return int(told)


def worded(problem: Problem, language: str) -> str:
    """A problem in this language, outside of a page's run."""
    text = catalogue(language if language in LANGUAGES else "en").gettext
    values = {name: text(value) if name in TRANSLATED else value for name, value in problem.values.items()}
    return text(problem.template).format(**values)


def uploaded(identity: str) -> Path | None:
    """Where the whole upload of this id lies, or None: ids come from a browser, so their form is checked."""
    found = find(default_home(), identity)
    return found.path if found else None


routes = [Route("/upload", upload, methods=["GET", "POST", "DELETE"])]
