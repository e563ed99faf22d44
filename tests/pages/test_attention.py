"""The Attention page: a text, the heads over it, and what is measured."""


def test_the_heads_of_a_run_stand_over_its_text(open_page, full_home):
    page = open_page("attention")
    assert not page.exception and not page.error


def test_without_a_transformer_the_page_says_what_to_train(open_page, empty_home):
    page = open_page("attention", language="zh")
    assert not page.exception and len(page.button) == 1
