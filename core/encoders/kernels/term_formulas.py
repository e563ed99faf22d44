"""The formulas of TF-IDF's variants, to be shown: in symbols, or with a word's numbers in their place."""

from collections.abc import Mapping

# LaTeX of every variant of each part, with @names for what a person's own numbers can stand for.
FORMULAS: dict[str, dict[str, str]] = {
    "tf": {"raw": r"@f", "log": r"1 + \ln @f", "augmented": r"0.5 + 0.5 \cdot \frac{@f}{@most}", "binary": r"1",
           "bm25": r"\frac{@f \cdot (@k + 1)}{@f + @k \cdot (1 - @b + @b \cdot @length / @mean)}"},
    "idf": {"smooth": r"\ln \frac{1 + @N}{1 + @n} + 1", "plain": r"\ln \frac{@N}{@n}",
            "plus one": r"\ln \frac{@N}{@n} + 1", "probabilistic": r"\max\left(0, \ln \frac{@N - @n}{@n}\right)",
            "bm25": r"\ln \left(1 + \frac{@N - @n + 0.5}{@n + 0.5}\right)", "none": r"1"},
    "norm": {"none": r"1", "l1": r"\sum_u |tf_{u,d} \cdot idf_u|", "l2": r"\sqrt{\sum_u (tf_{u,d} \cdot idf_u)^2}"},
}  # fmt: skip
SYMBOLS = {"f": r"f_{t,d}", "most": r"\max_u f_{u,d}", "k": "k_1", "b": "b", "length": "|d|", "mean": r"\overline{|d|}",
           "N": "N", "n": "n_t"}  # fmt: skip


def filled(chosen: Mapping[str, str], symbols: Mapping[str, str] = SYMBOLS) -> dict[str, str]:
    """LaTeX of tf, idf and norm by the variant chosen of each, in symbols or with what stands in their place."""
    return {part: _filled(FORMULAS[part][variant], symbols) for part, variant in chosen.items()}


def written(chosen: Mapping[str, str]) -> str:
    """LaTeX of a word's weight in a document by these variants, in aligned lines."""
    lines = [rf"\mathrm{{{part}}} &= {formula}" for part, formula in filled(chosen).items()]
    weight = r"w_{t,d} &= \frac{\mathrm{tf} \cdot \mathrm{idf}}{\mathrm{norm}}"
    return r"\begin{aligned}" + r" \\[6pt] ".join([*lines, weight]) + r"\end{aligned}"


def _filled(formula: str, symbols: Mapping[str, str]) -> str:
    for name in sorted(symbols, key=len, reverse=True):
        formula = formula.replace(f"@{name}", symbols[name])
    return formula
