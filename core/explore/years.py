"""When a cell says that something was."""

import re

_YEAR = re.compile(r"(?<!\d)(-?\d{3,4})(?!\d)(?:\s*[-/.年]\s*(\d{1,2}))?")


def year_of(cell: str) -> float | None:
    """The year that a date names, its month as the fraction of a year gone by: "1847-07" is 1847.5; None without one.

    >>> year_of("1847-07"), year_of("June 1998"), year_of("two")
    (1847.5, 1998.0, None)
    """
    match = _YEAR.search(cell)
    if match is None:
        return None
    month = int(match[2]) if match[2] else 1
    return float(int(match[1])) + (month - 1) / 12 if 1 <= month <= 12 else float(int(match[1]))
