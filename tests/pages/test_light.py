"""The process that shows pages stays light: what computes is in other processes."""

import json
import os
import subprocess
import sys

from tests.pages.conftest import PAGES, ROOT

OPENED = """
import json, sys, time
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
original = PagesManager.__init__
def as_on_our_server(manager, *given, **more):
    PagesManager.uses_pages_directory = False
    original(manager, *given, **more)
PagesManager.__init__ = as_on_our_server
for name in sys.argv[1:]:
    page = AppTest.from_file("app.py", default_timeout=90)
    if name != "home":
        page.switch_page(f"pages/{name}.py")
    page.run()
    until = time.monotonic() + 90
    while page.get("progress") and time.monotonic() < until and not page.exception:
        time.sleep(0.1)
        page.run()
    assert not page.exception and page.title[0].value, name
print(json.dumps(sorted(module for module in sys.modules if "." not in module)))
"""


def test_no_page_loads_what_computes(full_home):
    command = [sys.executable, "-c", OPENED, *PAGES]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"streamlit", "plotly", "numpy"} <= loaded
    assert not loaded & {"torch", "numba", "umap", "sklearn", "scipy", "transformers", "llvmlite"}
