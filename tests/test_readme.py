"""What the README shows is true: its notebook example runs as it stands, and its tree names what is there."""

import contextlib
import gzip
import io
import re
import warnings
from pathlib import Path

import pytest

from core.store.samples import samples

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(beginning: str, language: str = "") -> str:
    """The block of code that begins with this text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return next(block for block in blocks if block.startswith(beginning))


def test_the_notebook_example_runs_as_it_stands(tmp_path, monkeypatch):
    text = gzip.decompress(samples()["en-shakespeare.txt.gz"].path.read_bytes()).decode()
    (tmp_path / "text8.txt").write_text(text[:60_000], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names, printed = {}, io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(printed):
        warnings.simplefilter("error")
        exec(compile(block("from core.corpus", "python"), "README.md", "exec"), names)
    assert names["vectors"].shape == (len(names["corpus"].vocab.words), 100) and names["encoder"].options.window == 5
    assert "'loss'" in printed.getvalue() and [path.name for path in tmp_path.iterdir()] == ["text8.txt"]


def tree() -> list[str]:
    """The paths in the README's tree: a line is indented under its folder, and may name several files."""
    found, folders = [], [""]
    for line in block("app.py").splitlines():
        depth, names = (len(line) - len(line.lstrip())) // 2, re.match(r"\s*(\S+(?: \S+)*)", line)[1].split(" ")
        found += [folders[depth] + name for name in names]
        folders[depth + 1 :] = [folders[depth] + names[0]]
    return found


@pytest.mark.parametrize("path", tree())
def test_the_tree_names_what_is_there(path):
    assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file()


def test_the_tree_names_every_room_and_page():
    rooms = {f"core/{path.name}/" for path in (ROOT / "core").iterdir() if (path / "__init__.py").exists()}
    pages = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py") if path.name != "__init__.py"}
    assert rooms | pages <= set(tree())


def test_every_link_and_picture_is_there():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links and [link for link in links if not Path(ROOT / link).exists()] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make (\w+)", README))))
def test_every_command_is_in_the_makefile(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
