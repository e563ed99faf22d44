"""What a table's columns are for: which one names, dates, labels or groups the documents; and the dates in cells."""

import re
import unicodedata
from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import date

ROLES = ("label", "title", "date", "group")
_NAMES = {
    "title": "title headline heading subject name 标题 標題 题目 題目 篇名 书名 書名 题名 題名 名称 名稱",
    "date": "date year published created timestamp time datetime day written 日期 年份 年 时间 時間 年代 出版 发布时间",
    "group": "group author speaker source publisher section party country region genre category domain folder 作者 来源"
             " 來源 分组 组别 朝代 地区 地區 栏目 体裁 國家 国家",
}  # fmt: skip
_KNOWN = {role: frozenset(names.split()) for role, names in _NAMES.items()}
_LANGUAGES = frozenset(
    "en zh fr de es it pt nl ru ja ko ar la pl sv tr vi english chinese french german spanish italian portuguese dutch "
    "russian japanese korean arabic latin polish swedish turkish vietnamese 英文 英语 英語 中文 汉语 漢語 "
    "法文 法语 法語 德文 德语 德語 西班牙语 西班牙語 日文 日语 日語 俄文 俄语 俄語 韩文 韩语 韓語".split()
)
_TRANSLATIONS = frozenset("translation translated 译文 譯文 翻译 翻譯".split())
_PAIRED = {"source": "target", "src": "tgt"}  # alone, a target is more often a label
_DATED = 0.8  # share of the cells with something in them that must be dates
_MOST_KINDS, _LONGEST_KIND = 4, 40  # a group has at most cells / _MOST_KINDS different values of so many characters

_MONTHS = {name: i % 12 + 1 for i, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec january february march april may june july august september "
    "october november december".split()
)} | {"sept": 9}  # fmt: skip
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TIME = r"(?:[T\s]\s*\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?\s*(?:[ap]m)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?" + _TIME,
    r"(?P<year>\d{4})[/.](?P<month>\d{1,2})(?:[/.](?P<day>\d{1,2}))?" + _TIME,
    r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})" + _TIME,
    r"(?P<either>\d{1,2})[/-](?P<other>\d{1,2})[/-](?P<year>\d{4})" + _TIME,
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-](?:of\s)?(?P<name>[a-z]{3,9})\.?,?[\s-](?P<year>\d{4})" + _TIME,
    r"(?P<name>[a-z]{3,9})\.?\s(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s)?(?P<year>\d{4})" + _TIME,
    r"(?P<year>\d{3,4})年(?:代|(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?" + _TIME,
    r"(?:(?:公元|西元)?(?P<before>前)|公元|西元)(?P<year>\d{1,4})年",
    r"(?P<year>[12]\d{3})(?:\.0)?(?:s|\s?[-–/]\s?\d{2,4})?(?:\s(?:AD|CE))?",
    r"(?P<year>\d{1,4})\s?(?P<before>BCE?|B\.C\.)",
))  # fmt: skip
_AROUND = re.compile(r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+|c\.\s?|ca\.?\s|circa\s|about\s|约)", re.IGNORECASE)


def year_of(cell: str | None) -> float | None:
    """The year of a date as people write it, with its fraction where month and day are known; None for anything else.

    1 July 2021 is 2021.4959 (181 of 365 days); 1920s is 1920.0; a year before Christ is negative. Where the order of
    day and month cannot be told (3/4/2021), the year alone is given.
    """
    text = _plain(cell or "")
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _year(found.groupdict())
    return None


def _plain(cell: str) -> str:
    """One form for the characters of a date: half-width, 二〇二〇年十二月 as 2020年12月, no brackets around it."""
    text = unicodedata.normalize("NFKC", cell[:80]).strip().strip("[]()?").strip()
    text = _AROUND.sub("", text, count=1) if _AROUND.match(text) else text
    if "年" in text:
        text = re.sub(r"[二三]?十[一二三四五六七八九]?", lambda found: _tens(found[0]), text).translate(_HAN_DIGITS)
    return text


def _tens(number: str) -> str:
    before, after = (part.translate(_HAN_DIGITS) for part in number.split("十"))
    return f"{int(before or 1)}{after or 0}"


def _year(parts: Mapping[str, str | None]) -> float | None:
    year = int(parts["year"] or 0)
    month, day = int(parts.get("month") or 0), int(parts.get("day") or 0)
    if parts.get("name"):
        month = _MONTHS.get(str(parts["name"]).lower(), 99)
    if parts.get("either"):
        month, day = _day_and_month(int(parts["either"] or 0), int(parts["other"] or 0))
    if parts.get("before"):
        return -float(year)
    if not 1 <= year <= 9999 or month > 12 or day > 31:
        return None
    if not month:  # 1865-00-00: the year alone is known
        return float(year)
    try:
        begin, at = date(year, 1, 1), date(year, month, day or 1)
    except ValueError:
        return None
    return year + (at - begin).days / (366 if isleap(year) else 365)


def _day_and_month(first: int, second: int) -> tuple[int, int]:
    """(month, day) of two numbers that may stand either way round; (0, 0) if both ways are dates, and differ."""
    if first > 12 or second > 12:
        return (second, first) if first > 12 else (first, second)
    return (first, second) if first == second else (0, 0)


def guess_roles(rows: Sequence[Mapping[str, str | None]], text: str | None, label: str | None) -> dict[str, str]:
    """Which columns are for what, by their names and by what is in them: some of ROLES -> a column.

    rows: the first documents' cells. text: the text's own column. label: what is taken for the label so far; a column
    of dates is none, and another one is looked for then.
    """
    values: dict[str, list[str]] = {}
    for row in rows:
        for column, cell in row.items():
            if cell and cell.strip() and column != text:
                values.setdefault(column, []).append(cell.strip())
    found: dict[str, str | None] = {"date": _date_column(values), "label": label if label in values else None}
    if found["label"] is not None and found["label"] == found["date"]:
        found["label"] = _kinds_column(values, {found["date"] or ""}, len(rows))
    taken = {column for column in found.values() if column}
    found["title"] = _named_column(values, "title", taken) or _file_column(values, taken)
    taken.add(found["title"] or "")
    named = _named_column({name: cells for name, cells in values.items() if _repeats(cells)}, "group", taken)
    found["group"] = named or _kinds_column(values, taken, len(rows))
    return {role: chosen for role in ROLES if (chosen := found[role])}


def guess_translation(columns: Sequence[str], text: str | None) -> str | None:
    """The column that holds the text in another language, by its name: en and zh, source and target, translation."""
    own = (text or "").strip().lower()
    others = {column.strip().lower(): column for column in columns if column != text}
    named = [column for name, column in others.items() if name in _TRANSLATIONS or name == _PAIRED.get(own, "")]
    if _is_language(own):
        named += [column for name, column in others.items() if _is_language(name)]
    return next(iter(named), None)


def _is_language(name: str) -> bool:
    return re.split(r"[-_]", name)[0] in _LANGUAGES


def _is_called(column: str, role: str) -> bool:
    """Whether a column's name, or a word of it (published_date), is one known for this role."""
    name = column.strip().lower()
    return name in _KNOWN[role] or any(word in _KNOWN[role] for word in re.split(r"[\W_]+", name))


def _named_column(values: Mapping[str, list[str]], role: str, taken: set[str]) -> str | None:
    exact = [column for column in values if column.strip().lower() in _KNOWN[role]]
    called = [column for column in values if _is_called(column, role)]
    return next((column for column in [*exact, *called] if column not in taken), None)


def _date_column(values: Mapping[str, list[str]]) -> str | None:
    """A column called date or the like that holds dates; else one of dates that are more than four digits."""
    dated = [column for column, cells in values.items()
             if sum(year_of(cell) is not None for cell in cells[:500]) >= _DATED * len(cells[:500])]  # fmt: skip
    named = _named_column({column: values[column] for column in dated}, "date", set())
    full = (column for column in dated if not any(cell.isdigit() for cell in values[column]))
    return named or next(full, None)


def _file_column(values: Mapping[str, list[str]], taken: set[str]) -> str | None:
    """The files' names, where each document is a file."""
    files = values.get("file", [])
    return "file" if "file" not in taken and len(files) > 1 and len(set(files)) == len(files) else None


def _repeats(cells: Sequence[str]) -> bool:
    return len(set(cells)) < len(cells) and len(set(cells)) > 1


def _kinds_column(values: Mapping[str, list[str]], taken: set[str], rows: int) -> str | None:
    """A column with few short values that come again and again, words rather than numbers."""
    fitting = []
    for column, cells in values.items():
        kinds = set(cells)
        enough = len(cells) >= 10 and 2 * len(cells) >= rows
        if column in taken or not enough or not 2 <= len(kinds) <= len(cells) // _MOST_KINDS:
            continue
        if max(map(len, kinds)) <= _LONGEST_KIND:
            fitting.append(column)
    words = (column for column in fitting if not all(cell.replace(".", "").isdigit() for cell in values[column]))
    return next(words, None)
