"""Numbers for people: counts, sizes and durations with their units, short enough for a label."""

from pages.widgets.i18n import _


def count(number: float) -> str:
    """1,234 · 56.7 k · 1.2 M."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:.3g} M" if number < 100_000_000 else f"{number / 1_000_000:,.0f} M"
    return f"{number / 1000:.3g} k" if number >= 100_000 else f"{number:,.0f}"


def size(number: float) -> str:
    """12 kB · 3.4 MB · 1.2 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= scale:
            return f"{number / scale:.3g} {unit}"
    return f"{number:.0f} B"


def duration(seconds: float) -> str:
    """8 s · 3 min 20 s · 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{s} s").format(s=whole)
    if whole < 3600:
        return _("{m} min {s} s").format(m=whole // 60, s=whole % 60)
    return _("{h} h {m} min").format(h=whole // 3600, m=whole % 3600 // 60)


def power(exponent: float) -> str:
    """An exponent as superscript figures.

    >>> power(-0.95)
    '⁻⁰·⁹⁵'
    """
    return f"{exponent:.2f}".translate(str.maketrans("-.0123456789", "⁻·⁰¹²³⁴⁵⁶⁷⁸⁹"))
