"""Who may import whom, and what no file may do: the table of ARCHITECTURE.md, held by reading the source."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"])

BOTTOM = {"core.problem", "core.options"}
WORK = BOTTOM | {"core.corpus", "core.encoders"}
# room: (rooms of ours that it may import beside itself, packages that it may import; None: its own choice)
TABLE: dict[str, tuple[set[str], set[str] | None]] = {
    "core.problem": (set(), set()),
    "core.options": ({"core.problem"}, {"pydantic"}),
    "core.corpus": (BOTTOM, None),
    "core.encoders": (BOTTOM | {"core.corpus"}, {"numpy", "torch", "numba", "llvmlite", "sklearn", "scipy"}),
    "core.explore": (
        BOTTOM | {"core.corpus", "core.encoders.base"},
        {"numpy", "pandas", "pyarrow", "scipy", "sklearn", "umap", "numba"},
    ),
    "core.figures": (set(), {"numpy", "pandas", "plotly"}),
    "core.store": (WORK, None),
    "core.jobs": (WORK | {"core.store", "core.explore"}, None),
    "core.answers": (WORK | {"core.store", "core.explore"}, None),
    "pages.widgets": ({"core"}, None),
    "pages": ({"core", "pages.widgets"}, {"streamlit"}),
    "app": ({"core", "pages.widgets"}, {"streamlit"}),
}
HEAVY = {"torch", "numba", "umap", "sklearn", "scipy", "transformers"}
PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
BYTES_ONLY = {"Pipe", "connection", "Client", "Connection", "Listener", "wait"}  # of multiprocessing: the rest pickles
THREADS = {"threading", "_thread", "concurrent", "asyncio", "multiprocessing"}


def dotted(path: Path) -> str:
    """core/store/runs.py -> core.store.runs; a package's __init__.py is the package."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def room_of(module: str) -> str | None:
    return next((room for room in sorted(TABLE, key=len, reverse=True) if inside(module, room)), None)


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in this tree; `from a import b` is a.b where that is a file of ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports here are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                place = ROOT / whole.replace(".", "/")
                ours = place.with_suffix(".py").exists() or place.is_dir()
                yield whole if ours else str(node.module)


def at_import(tree: ast.Module) -> Iterator[str]:
    """The modules that are loaded as soon as this file is: not those in functions or under TYPE_CHECKING."""
    for node in tree.body:
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not typing_only and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from imports(node)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its name as written: torch.load, eval, …"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES if path.exists()}


def faults(rule) -> list[str]:
    """What a rule (path, tree) -> names of faults finds in all files."""
    return [f"{path.relative_to(ROOT)}: {fault}" for path, tree in trees().items() for fault in rule(path, tree)]


def wrong_rooms(path: Path, tree: ast.Module) -> Iterator[str]:
    module = dotted(path)
    room = room_of(module)
    if room is None:
        return
    allowed = {*TABLE[room][0]} | ({room} if room != "pages" else set())
    for name in imports(tree):
        if name.split(".")[0] in ("core", "pages", "app") and not any(inside(name, other) for other in allowed):
            yield f"imports {name}"


def wrong_packages(path: Path, tree: ast.Module) -> Iterator[str]:
    room = room_of(dotted(path))
    packages = TABLE[room][1] if room else None
    for name in imports(tree):
        top = name.split(".")[0]
        known = top in sys.stdlib_module_names or top in ("core", "pages")
        if packages is not None and not known and top not in packages:
            yield f"imports {top}"


def heavy_at_import(path: Path, tree: ast.Module) -> Iterator[str]:
    arithmetic = {"networks", "kernels"} & {*path.parts, path.stem}
    if not arithmetic:
        yield from (f"loads {name} when imported" for name in at_import(tree) if name.split(".")[0] in HEAVY)


def other_papers(path: Path, tree: ast.Module) -> Iterator[str]:
    """An encoder's file, network or kernel that reaches for another paper's."""
    papers = {file.stem for file in ROOT.glob("core/encoders/*.py")} - {
        "__init__",
        "base",
        "contextual",
        "pretrained",  # BERT and GPT, with weights from elsewhere
        "inside",
        "masking",
        "stepwise",
        "workings",
    }
    if inside(dotted(path), "core.encoders") and path.stem in papers:
        for name in imports(tree):
            if inside(name, "core.encoders") and name.split(".")[-1] in papers - {path.stem}:
                yield f"imports {name}"


def pickles(path: Path, tree: ast.Module) -> Iterator[str]:
    yield from (f"imports {name}" for name in imports(tree) if name.split(".")[0] in PICKLES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("multiprocessing"):
            yield from (f"imports {alias.name}" for alias in node.names if alias.name not in BYTES_ONLY)
    for name, call in calls(tree):
        if name in ("torch.load", "torch.save") or name.endswith((".read_pickle", ".to_pickle", ".recv")):
            yield f"line {call.lineno}: {name}"
        for keyword in call.keywords:
            if keyword.arg == "allow_pickle" and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            ):
                yield f"line {call.lineno}: allow_pickle"


def evaluations(path: Path, tree: ast.Module) -> Iterator[str]:
    yield from (f"line {call.lineno}: {name}" for name, call in calls(tree) if name in ("eval", "exec", "__import__"))


def swallowed(path: Path, tree: ast.Module) -> Iterator[str]:
    """An `except:`, `except Exception` or `except BaseException` that does not raise again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if {"Exception", "BaseException"} & set(caught.strip("()").split(", ")) and not again:
                yield f"line {node.lineno}: except {caught}"


def streamlit_in_core(path: Path, tree: ast.Module) -> Iterator[str]:
    if inside(dotted(path), "core"):
        yield from (f"imports {name}" for name in imports(tree) if name.split(".")[0] == "streamlit")


def line_charts(path: Path, tree: ast.Module) -> Iterator[str]:
    yield from (f"line {call.lineno}: {name}" for name, call in calls(tree) if name.split(".")[-1] == "line_chart")


def raw_html(path: Path, tree: ast.Module) -> Iterator[str]:
    if not inside(dotted(path), "pages.widgets"):
        for name, call in calls(tree):
            if any(keyword.arg == "unsafe_allow_html" for keyword in call.keywords):
                yield f"line {call.lineno}: {name} with unsafe_allow_html"


def work_in_pages(path: Path, tree: ast.Module) -> Iterator[str]:
    """Threads in a page, or arithmetic anywhere in the web process."""
    module = dotted(path)
    if inside(module, "pages") or module == "app":
        ruled_out = HEAVY if inside(module, "pages.widgets") else HEAVY | THREADS
        yield from (f"imports {name}" for name in imports(tree) if name.split(".")[0] in ruled_out)


def long_files(path: Path, tree: ast.Module) -> Iterator[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if inside(dotted(path), "core") and lines > 350:
        yield f"{lines} lines: the idea is not clear yet"


RULES = [
    wrong_rooms, wrong_packages, heavy_at_import, other_papers, pickles, evaluations, swallowed, streamlit_in_core,
    line_charts, raw_html, work_in_pages, long_files,
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_file_breaks_the_rule(rule):
    assert faults(rule) == []


BROKEN = {
    wrong_rooms: ("core/figures/map.py", "from core.store import Store"),
    wrong_packages: ("core/problem.py", "import numpy"),
    heavy_at_import: ("core/encoders/gpt.py", "import torch"),
    other_papers: ("core/encoders/gpt.py", "from core.encoders.kernels import word2vec"),
    pickles: ("core/store/files.py", "np.load(path, allow_pickle=True)"),
    evaluations: ("core/store/files.py", "eval(text)"),
    swallowed: ("core/jobs/worker.py", "try:\n    work()\nexcept (OSError, Exception):\n    log()"),
    streamlit_in_core: ("core/options.py", "def form():\n    import streamlit"),
    line_charts: ("pages/train.py", "st.line_chart(losses)"),
    raw_html: ("pages/train.py", "st.markdown(word, unsafe_allow_html=True)"),
    work_in_pages: ("pages/train.py", "def later():\n    from threading import Thread"),
    long_files: ("core/encoders/base.py", ""),
}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is not long_files], ids=lambda rule: rule.__name__)
def test_the_rule_sees_what_it_forbids(rule):
    place, source = BROKEN[rule]
    assert len(list(rule(ROOT / place, ast.parse(source)))) == 1


def test_a_page_may_not_import_a_page():
    tree = ast.parse("from pages import train\nfrom pages.widgets import frame")
    assert list(wrong_rooms(ROOT / "pages/map.py", tree)) == ["imports pages.train"]


def test_every_room_is_in_the_table():
    rooms = {dotted(path.parent) for path in ROOT.glob("core/*/__init__.py")}
    assert rooms <= TABLE.keys()


def test_the_table_names_the_rooms_of_the_page():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for room in TABLE:
        assert room.split(".")[-1] in page
