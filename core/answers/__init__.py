"""What needs a model, or longer than a page may take, is asked of a long-lived process. `ask` never waits.

question = ask("projection", arguments={"run_id": run.id, "options": {"method": "umap"}})
answer = question.wait(1.0)         # None: not yet; question.done, question.phase, question.first say how far it is
"""

from core.answers.cache import Answer
from core.answers.lane import Stopped, wake
from core.answers.question import Question, ask

__all__ = ["Answer", "Question", "Stopped", "ask", "wake"]
