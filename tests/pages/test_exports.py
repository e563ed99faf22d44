"""The route of files: what a run is taken away as, and who is turned away."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from pages.widgets.exports import export


def asked(query: str, **headers: str):
    """The response to GET /export with this query."""
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/export", "query_string": query.encode(), "headers": told}
    with ThreadPoolExecutor(1) as thread:  # which has no loop yet: the browser's tests leave theirs on the main one
        return thread.submit(lambda: asyncio.run(export(Request(scope)))).result()


@pytest.mark.parametrize(
    ("kind", "ending"), [("word2vec", ".txt"), ("binary", ".bin"), ("parquet", ".parquet"), ("safetensors", ".zip")]
)
def test_a_run_is_sent_as_a_file_of_its_name(own_home, kind, ending):
    response = asked(f"run=word2vec-001&kind={kind}", sec_fetch_site="same-origin")
    assert response.status_code == 200 and f'filename="word2vec-001{ending}"' in response.headers["content-disposition"]
    assert response.path.exists() and response.path.parent == own_home / "runs" / "word2vec-001" / "exports"


@pytest.mark.parametrize(("query", "status", "says"), [
    ("run=word2vec-009&kind=binary", 400, "There is no run called word2vec-009"),
    ("run=../../etc&kind=binary", 400, "There is no run called ../../etc"),
    ("run=gpt-009&kind=npy&lang=zh", 400, "没有名为 gpt-009"),
    ("run=word2vec-001&kind=exe", 403, ""),
    ("run=word2vec-001", 403, ""),
])  # fmt: skip
def test_what_there_is_not_is_a_sentence(own_home, query, status, says):
    response = asked(query)
    assert response.status_code == status and says in response.body.decode()


def test_another_site_gets_nothing(own_home):
    assert asked("run=word2vec-001&kind=binary", sec_fetch_site="cross-site").status_code == 403
