"""The texts that need a translation, taken from the source; `make translations` writes them into the .po file."""

import json
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
KEYWORDS = {"_": None, "marked": None, "Problem": None, "option": (2, 3)}
START = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed date, so that nothing changes but the texts
CATALOGUE = ROOT / "assets" / "translations" / "zh.po"


def texts() -> dict[str, list[str]]:
    """Every visible text of the source → the files it stands in."""
    found: dict[str, list[str]] = {}
    for folder in ("core", "pages"):
        for file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            for text in (message,) if isinstance(message, str) else message:
                if text:
                    found.setdefault(text, []).append(f"{folder}/{file}")
    for sample in json.loads((ROOT / "assets" / "corpora" / "samples.json").read_text(encoding="utf-8")):
        found.setdefault(sample["about"], []).append("assets/corpora/samples.json")
    return found


def translated() -> dict[str, str]:
    with open(CATALOGUE, "rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="zh") if entry.id}


def update() -> list[str]:
    """Rewrite the .po file with all texts of the source; returns those that still miss a translation."""
    old, catalogue = (
        translated() if CATALOGUE.exists() else {},
        Catalog(locale="zh", header_comment="# Semascope", creation_date=START, revision_date=START),
    )
    for text, files in sorted(texts().items()):
        catalogue.add(text, old.get(text, ""), locations=[(file, 0) for file in sorted(set(files))])
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with open(CATALOGUE, "wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, include_lineno=False, sort_output=True)
    return [text for text in texts() if not old.get(text)]


if __name__ == "__main__":
    missing = update()
    print(f"{len(missing)} texts to translate")
    for text in missing:
        print(" ", repr(text))
