"""What the server does besides pages: our components' files, uploads, facts for tests, headers, its start."""

import asyncio
import gc
import gzip
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from core.problem import Problem
from pages.widgets import exports, upload
from pages.widgets.assets import assets, version

HEAVY = ("torch", "numba", "umap", "sklearn", "transformers", "scipy")
FOR_EVER = "public, max-age=31536000, immutable"

# The browser itself refuses every request to another host. Streamlit and plotly's WebGL write code at run time.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


async def asset(request: Request) -> Response:
    """A script of ours or plotly.js, compressed once; kept for ever by the browser if the address has this version."""
    name, tag = request.path_params["name"], f'"{version()}"'
    if name not in assets():
        return PlainTextResponse("There is no such file.", 404)
    current = request.path_params["version"] == version()
    headers = {"Cache-Control": FOR_EVER if current else "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(await asyncio.to_thread(compressed, name), headers=headers, media_type="text/javascript")
    return Response(await asyncio.to_thread(assets()[name].read_bytes), headers=headers, media_type="text/javascript")


@cache
def compressed(name: str) -> bytes:
    """The file, gzipped; kept, since Streamlit's own compression would do it anew for every visitor."""
    return gzip.compress(assets()[name].read_bytes(), 6, mtime=0)


async def facts(_request: Request) -> JSONResponse:
    """What the tests ask of the web process: its memory in MB, and which libraries it should not hold but does."""
    import psutil

    memory = psutil.Process(os.getpid()).memory_info().rss // 2**20
    return JSONResponse({"rss_mb": memory, "heavy": [name for name in HEAVY if name in sys.modules]})


class Headers:
    """Adds our headers to every response."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, with_headers)


def wake() -> None:
    """Runs that were at work when the machine or the server stopped go on, and maps are warm before anybody asks."""
    from core.answers.lane import wake as wake_answers
    from core.jobs import ensure_supervisor
    from core.store import Store

    ensure_supervisor(Store())
    wake_answers("maps")


routes = [Route("/assets/{version}/{name}", asset), Route("/assets/facts", facts), *upload.routes, *exports.routes]
middleware = [Middleware(Headers)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """What is done once, when the server starts."""
    # `pages/` is also the name of Streamlit's old automatic pages: without this, a link to a page of a server that has
    # just been started would run that page without app.py.
    PagesManager.uses_pages_directory = False
    try:
        await asyncio.to_thread(wake)
    except (Problem, OSError) as error:
        logging.getLogger(__name__).warning("Runs that were at work cannot go on yet: %s", error)
    gc.collect()
    gc.freeze()  # what has been imported stays: later collections need not look at it
    yield
