"""What a person can put right: a sentence with the thing, the limit and the next step."""

from typing import Any


class Problem(ValueError):
    """A user's problem, as a sentence.

    The sentence is kept as a template and its values, so that a page can show it in the reader's language, and so
    that it can travel between processes as JSON.

    >>> str(Problem("{name} is empty: choose a file with text in it.", name="a.txt"))
    'a.txt is empty: choose a file with text in it.'
    """

    def __init__(self, template: str, **values: Any):
        self.template, self.values = template, values
        super().__init__(template.format(**values))

    def to_dict(self) -> dict[str, Any]:
        return {"template": self.template, "values": self.values}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Problem":
        return cls(record["template"], **record["values"])


def marked(text: str) -> str:
    """Mark a text of core's for the translators; it is translated where it is shown."""
    return text
