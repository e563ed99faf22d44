"""Ask the answering process: wait a second, then show progress, and run the page again when the answer is there."""

import json
from typing import Any

import streamlit as st

from core.answers import Answer, Question, ask
from core.problem import Problem
from pages.widgets.i18n import _, sentence
from pages.widgets.text import markdown_safe

PATIENCE_SECONDS = 1.0
TICK_SECONDS = 0.5
KEPT = 12  # answers a visit holds; older ones come from the answering process's own cache


def answer(method: str, *, run: str | None = None, moment: int | None = None, **arguments: Any) -> Answer | None:
    """The answer, or None while it is being worked out (its progress is then on the page, which runs again at the end).

    A wrong question stops the page with its sentence.
    """
    key = json.dumps([method, run, moment, arguments], sort_keys=True)
    answers: dict[str, Answer] = st.session_state.setdefault("answers", {})
    if key in answers:
        return answers[key]
    questions: dict[str, Question] = st.session_state.setdefault("questions", {})
    question = questions.setdefault(key, ask(method, run=run, moment=moment, arguments=arguments))
    found = _wait(question, key, PATIENCE_SECONDS)
    if found is None:
        st.fragment(_progress, run_every=TICK_SECONDS)(key)
    return found


def first_picture(
    method: str, *, run: str | None = None, moment: int | None = None, **arguments: Any
) -> dict[str, Any] | None:
    """The early arrays of a question that is still being worked out."""
    key = json.dumps([method, run, moment, arguments], sort_keys=True)
    question = st.session_state.get("questions", {}).get(key)
    return question.first if question else None


def _wait(question: Question, key: str, seconds: float) -> Answer | None:
    try:
        found = question.wait(seconds)
    except Problem as problem:
        st.session_state["questions"].pop(key, None)
        st.error(sentence(problem))
        st.stop()
    except RuntimeError as failure:
        st.session_state["questions"].pop(key, None)
        text = _("What computes this has failed; nothing of yours is lost. The reason is in its log ({reason}).")
        st.error(text.format(reason=markdown_safe(str(failure), 200)))
        st.button(_("Ask again"), icon=":material/refresh:", key=f"again-{key}")
        st.stop()
    if found is not None:
        st.session_state["questions"].pop(key, None)
        answers = st.session_state["answers"]
        answers[key] = found
        while len(answers) > KEPT:
            answers.pop(next(iter(answers)))
    return found


def _progress(key: str) -> None:
    question = st.session_state.get("questions", {}).get(key)
    if question is None:
        return
    if _wait(question, key, 0.1) is not None:
        st.rerun()
    st.progress(min(1.0, question.done), _(question.phase) if getattr(question, "phase", "") else _("Working it out"))
