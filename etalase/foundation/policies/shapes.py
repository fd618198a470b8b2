"""How a policy is described: key, words, fields, default, unit, and where its figure is from.

A source is one of: "official" (seller or buyer pages of the large platforms), "press" (news and integrators), "own" (ours).
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from etalase.foundation.i18n import N_
from etalase.foundation.policies.values import Field, Problem, Span, WholeNumber

Unit = Literal["", "minutes", "hours", "days", "working_days", "local_time"]
UNITS: Final[dict[Unit, str]] = {
    "": "",
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "days": N_("days"),
    "working_days": N_("working days"),
    "local_time": N_("local time of the shop"),
}
HOURS_MAX: Final = 24 * 60
MINUTES_MAX: Final = 14 * 24 * 60
METHOD_LABELS: Final = {
    "qris": N_("QRIS"),
    "e_wallet": N_("E-wallet"),
    "card": N_("Card"),
    "virtual_account": N_("Virtual account"),
    "minimarket": N_("Minimarket"),
    "bank_transfer": N_("Bank transfer"),
    "cod": N_("Cash on delivery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDefault:
    """A policy as the product knows it. A value is one field's value, or a mapping by field name when there are several."""

    key: str
    description: str
    fields: tuple[Field, ...]
    value: Any
    unit: Unit
    source: str
    order: tuple[str, ...] = ("product", "category", "shop", "operator")
    """Whose rule wins, the first first."""
    by_line: bool = False
    """Whether each line of an order goes by its own rule, where lines differ."""

    @property
    def is_single(self) -> bool:
        return len(self.fields) == 1

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with a value, field by field; nothing if it may hold."""
        parts = {self.fields[0].name: value} if self.is_single else value
        names = {f.name for f in self.fields}
        if not isinstance(parts, dict) or set(parts) != names:
            return [Problem("", N_("The value does not have the expected parts."))]
        found = [(f.name, f.type.problem(parts[f.name])) for f in self.fields]
        return [Problem(name, problem[0], problem[1]) for name, problem in found if problem]


def number(minimum: int, maximum: int) -> tuple[Field, ...]:
    """The one field of a policy that is a number."""
    return (Field("value", N_("Value"), WholeNumber(minimum, maximum)),)


def per_method(value_type: WholeNumber | Span, methods: tuple[str, ...]) -> tuple[Field, ...]:
    """A field for each payment method."""
    return tuple(Field(method, METHOD_LABELS[method], value_type) for method in methods)
