"""The first screen: never empty, and every way from it leads somewhere."""

import pytest

from pages.widgets.i18n import catalogue
from tests.pages.conftest import shown, until


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_has_three_ways_to_begin(open_page, empty_home, language):
    page = open_page("home", language)
    assert not page.exception and len(page.get("page_link")) == 3
    assert catalogue(language).gettext("What have you brought?") in shown(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_filled_store_shows_its_map_its_corpora_and_its_runs(open_page, full_home, language):
    page = until(open_page("home", language), lambda page: page.get("bidi_component"))
    assert all(name in shown(page) for name in ("Tales", "Tales in words", "Tales guessed"))
    print(page.main)
