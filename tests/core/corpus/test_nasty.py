"""Every bad file of the collection beside the project is read or refused in a sentence, fast and in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty"
SCRIPT = """
import json, re, sys, time
from core.corpus import Corpus
from core.corpus.preview import preview
from core.corpus.reading import ReadSettings
from core.problem import Problem
for path in sys.argv[1:]:
    begin, said = time.monotonic(), []
    for read in (lambda: Corpus.from_files([path]).vocab.words, lambda: preview([path], ReadSettings())):
        try:
            read()
        except Problem as problem:
            said.append(str(problem))
    memory = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
    print(json.dumps([path, time.monotonic() - begin, memory, said]))
"""
REFUSED = {"arabic.pdf": "a PDF", "zh-honglou.epub": "an e-book", "binary-junk.txt": "not text",
           "empty.txt": "is empty",
           "picture-renamed.txt": "a picture", "whitespace-only.txt": "is empty", "bomb-300mb.zip": "200 times",
           "bomb-100mb.txt.gz": "200 times", "nul-bytes.txt": "not text", "mixed-utf8-gbk.txt": "no single encoding",
           "utf8-invalid-bytes.txt": "damaged: it is UTF-8 but for byte 5000", "million-empty-lines.txt.gz": "no words",
           "utf8-cut-mid-character.txt": "damaged"}  # fmt: skip


@pytest.mark.skipif(not NASTY.exists() or sys.platform != "linux", reason="the collection of bad files is not here")
def test_nothing_breaks() -> None:
    paths = sorted(str(path) for path in NASTY.glob("*/*"))
    out = subprocess.run([sys.executable, "-c", SCRIPT, *paths], capture_output=True, text=True, check=True).stdout
    rows = {
        Path(path).name: (seconds, memory, said) for path, seconds, memory, said in map(json.loads, out.splitlines())
    }
    assert len(rows) == len(paths)
    assert max(seconds for seconds, _, _ in rows.values()) < 20 and max(memory for _, memory, _ in rows.values()) < 500
    assert all(part in rows[name][2][0] for name, part in REFUSED.items())
    assert {name for name, (_, _, said) in rows.items() if said} - set(REFUSED) <= {
        name for name in rows if name.endswith((".pdf", ".docx", ".epub", "bom-only.txt"))
    }
