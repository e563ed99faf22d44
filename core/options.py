"""An option is declared once: default, bounds and help; the form, the validation and the record derive from it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.problem import Problem


def option(
    default: Any,
    title: str,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    advanced: bool = False,
) -> Any:
    """Declare one option: its default, its title and help (both translated where shown), its bounds and its step."""
    extra: dict[str, Any] = {"step": step, "advanced": advanced}
    numbers: dict[str, Any] = (
        {"ge": low, "le": high, "allow_inf_nan": False} if isinstance(default, int | float) else {}
    )
    if isinstance(default, bool):
        numbers = {}
    elif isinstance(default, int):
        numbers.pop("allow_inf_nan", None)
    return Field(default, title=title, description=help, json_schema_extra=extra, **numbers)


class Options(BaseModel):
    """A validated, frozen set of options. A bad value raises `Problem` with the option, its bounds and the value."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {"quick": {}, "balanced": {}, "thorough": {}}

    def __init__(self, **values: Any):
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _problem(type(self), error) from None

    @classmethod
    def preset(cls, name: str, **changes: Any) -> "Options":
        """The options of a preset ("quick", "balanced", "thorough"), with changes."""
        return cls(**{**cls.presets[name], **changes})

    def formula(self) -> str:
        """LaTeX of what these options choose, where a formula says it best; "" where none does."""
        return ""

    @classmethod
    def fields(cls) -> dict[str, "OptionField"]:
        """What a form or a test needs to know of every option, in the order of declaration."""
        return {name: OptionField(name, info) for name, info in cls.model_fields.items()}


class OptionField:
    """One declared option: name, title, help, default, kind, bounds (inclusive, or None), step, choices, advanced."""

    def __init__(self, name: str, info: FieldInfo):
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        self.name, self.title, self.help, self.default = name, info.title or name, info.description or "", info.default
        self.kind: type = type(info.default)
        self.choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
        self.low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
        self.high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
        self.step: Any = extra.get("step")
        self.advanced = bool(extra.get("advanced"))


def _problem(options: type[Options], error: ValidationError) -> Problem:
    """The first of pydantic's errors as a sentence."""
    first = error.errors()[0]
    name, given = str(first["loc"][0]) if first["loc"] else "", first.get("input")
    fields = options.fields()
    if name not in fields:
        known = ", ".join(fields)
        return Problem("There is no option called {name}; the options are: {known}.", name=name, known=known)
    field, shown = fields[name], str(given)[:80]
    if field.choices:
        choices = ", ".join(map(str, field.choices))
        return Problem(
            "{title} must be one of {choices}; it was {given}.", title=field.title, choices=choices, given=shown
        )
    if field.low is not None and field.high is not None:
        values = {"title": field.title, "low": field.low, "high": field.high, "given": shown}
        if field.kind is float:
            return Problem("{title} must be a number from {low} to {high}; it was {given}.", **values)
        return Problem("{title} must be a whole number from {low} to {high}; it was {given}.", **values)
    return Problem("{title} cannot be {given}; try {default}.", title=field.title, given=shown, default=field.default)
