"""Tables as files for spreadsheets and other programs, in UTF-8, with no cell that a spreadsheet would run."""

import pandas as pd

# What spreadsheets take for the beginning of a formula, their full-width forms too, and what they skip before one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(frame: pd.DataFrame, *, mark: bool = True) -> bytes:
    """The table as CSV, without its index; `mark`: with the byte order mark that makes spreadsheets read UTF-8.

    A text that begins with = + - @ (or their full-width forms), a tab or a line end gets an apostrophe before it, so
    that no spreadsheet runs it; numbers stay numbers, all other texts as they are. Rows end in CR LF (RFC 4180).
    """
    return _written(frame, ",", mark)


def tsv_bytes(frame: pd.DataFrame, *, mark: bool = False) -> bytes:
    """The table with tabs between its cells; one that holds a tab, a quote or a line end is quoted. See `csv_bytes`."""
    return _written(frame, "\t", mark)


def _written(frame: pd.DataFrame, separator: str, mark: bool) -> bytes:
    safe = frame.set_axis([inert(str(name)) for name in frame.columns], axis=1)
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not pd.api.types.is_numeric_dtype(column):
            safe.isetitem(place, [inert(value) for value in column.tolist()])
    text = safe.to_csv(index=False, sep=separator, lineterminator="\r\n")  # with "\n" alone, a cell's "\r" ends a row
    return text.encode("utf-8-sig" if mark else "utf-8", "replace")


def inert(value: object) -> object:
    """The value of a cell so that no spreadsheet takes it for a formula: numbers and what is missing as they are."""
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
