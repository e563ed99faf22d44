import tomllib
from pathlib import Path

import pytest
from streamlit import config

from core.figures.palette import DARK, LIGHT

SETTINGS = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())


def options(settings: dict, prefix: str = "") -> dict[str, object]:
    """ "section.option" → value."""
    found: dict[str, object] = {}
    for name, value in settings.items():
        found |= options(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return found


@pytest.mark.parametrize("name", options(SETTINGS))
def test_every_option_still_exists_in_streamlit(name):
    assert name in config._config_options_template


def test_nothing_is_reported_and_no_traceback_is_shown():
    assert SETTINGS["browser"]["gatherUsageStats"] is False and SETTINGS["client"]["showErrorDetails"] == "none"
    assert SETTINGS["runner"]["postScriptGC"] is False


@pytest.mark.parametrize("mode, colours", [("light", LIGHT), ("dark", DARK)])
def test_pages_and_figures_have_the_same_colours(mode, colours):
    theme = SETTINGS["theme"][mode]
    assert theme["backgroundColor"] == colours.background and theme["textColor"] == colours.ink
    assert theme["primaryColor"] == colours.accent and theme["borderColor"] == colours.border
    assert theme["secondaryBackgroundColor"] == colours.panel
    assert tuple(theme["chartCategoricalColors"]) == colours.categories
