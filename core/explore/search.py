"""Words that match what a person types, the most frequent first.

Arrow's kernels do the matching: they take 400,000 words in some tens of milliseconds and release the GIL. Its regular
expressions are RE2's, whose time grows with the text alone: no pattern, however nested, can hang the server. What RE2
leaves out for that (look-around, back-references) is told to the person.
"""

from collections.abc import Sequence

import numpy as np

from core.problem import Problem

MODES = ("prefix", "contains", "regex")
LONGEST = 200


def search(words: Sequence[str], text: str, mode: str = "prefix", limit: int = 1000) -> np.ndarray:
    """int64 (m,), m <= limit: the places of the words that begin with text, contain it, or match it as a pattern.

    Upper and lower case are the same. An empty text matches nothing. Raises Problem for a pattern that RE2 cannot read
    or that is longer than 200 characters.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if mode not in MODES:
        raise Problem("{mode} is no way to search; choose one of {known}.", mode=mode, known=", ".join(MODES))
    if len(text) > LONGEST:
        raise Problem("This search is {n} characters long; the limit is {limit}.", n=len(text), limit=LONGEST)
    if not text:
        return np.zeros(0, np.int64)
    match = {"prefix": pc.starts_with, "contains": pc.match_substring, "regex": pc.match_substring_regex}[mode]
    try:
        found = match(pa.array(words, pa.string()), text, ignore_case=True)
    except pa.ArrowInvalid as error:
        reason = str(error).removeprefix("Invalid regular expression: ")[:200]
        raise Problem(
            "{pattern} cannot be searched for ({reason}): a special character meant as itself needs a backslash before "
            "it; look-around and back-references are not available.",
            pattern=text,
            reason=reason,
        ) from None
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))[:limit]
