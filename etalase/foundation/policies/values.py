"""What a policy's value may be: its fields, how a form says them and what is wrong with them. Pure."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, Final, Protocol

from etalase.foundation.i18n import N_

NOT_A_NUMBER: Final = N_("Enter a whole number.")
TOO_SMALL: Final = N_("Must be at least %(minimum)s.")
TOO_LARGE: Final = N_("Must be at most %(maximum)s.")
NOT_A_TIME: Final = N_("Enter a time of day such as 12:00.")
NOT_A_CHOICE: Final = N_("Choose one of the listed values.")
WRONG_ORDER: Final = N_("The first number must not be larger than the second.")
NOT_PLACES: Final = N_("Write codes of provinces or cities with commas between them, such as 91, 3171.")
_PLACES: Final = re.compile(r"((?:[0-9]{2}|[0-9]{4})(?:,(?:[0-9]{2}|[0-9]{4})){0,99})?")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_INTEGER: Final = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; `text` is a msgid with placeholders for `values`."""

    field: str
    text: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


class ValueType(Protocol):
    """One kind of value."""

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        """What is wrong with the value, or nothing."""

    def read(self, texts: list[str]) -> object:
        """The value that form fields say; what cannot be read comes back as it was typed, for `problem` to name."""

    def inputs(self, value: Any) -> list[str]:
        """The texts of the form fields that show the value."""


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A number without decimals, both bounds included."""

    minimum: int
    maximum: int

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return NOT_A_NUMBER, {}
        if value < self.minimum:
            return TOO_SMALL, {"minimum": self.minimum}
        return (TOO_LARGE, {"maximum": self.maximum}) if value > self.maximum else None

    def read(self, texts: list[str]) -> object:
        return _integer(texts[0])

    def inputs(self, value: Any) -> list[str]:
        return [str(value)]


@dataclass(frozen=True, slots=True)
class Span:
    """Two whole numbers, from and until."""

    minimum: int
    maximum: int

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        if not isinstance(value, list | tuple) or len(value) != 2:
            return NOT_A_NUMBER, {}
        number = WholeNumber(self.minimum, self.maximum)
        found = number.problem(value[0]) or number.problem(value[1])
        if found is None and value[0] > value[1]:
            return WRONG_ORDER, {}
        return found

    def read(self, texts: list[str]) -> object:
        return [_integer(text) for text in texts]

    def inputs(self, value: Any) -> list[str]:
        return [str(part) for part in value]


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Hours and minutes of a local day, "12:00"."""

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        return None if isinstance(value, str) and _TIME.fullmatch(value) else (NOT_A_TIME, {})

    def read(self, texts: list[str]) -> object:
        return texts[0].strip()

    def inputs(self, value: Any) -> list[str]:
        return [str(value)]


@dataclass(frozen=True, slots=True)
class Places:
    """Codes of provinces (31) and cities (3171), in order, with commas between them; nothing for none."""

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        return None if isinstance(value, str) and _PLACES.fullmatch(value) else (NOT_PLACES, {})

    def read(self, texts: list[str]) -> object:
        return ",".join(sorted({part for part in re.split(r"[\s,;]+", texts[0]) if part}))

    def inputs(self, value: Any) -> list[str]:
        return [str(value).replace(",", ", ")]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words; `labels` are msgids."""

    labels: dict[str, str]

    def problem(self, value: object) -> tuple[str, dict[str, Any]] | None:
        return None if isinstance(value, str) and value in self.labels else (NOT_A_CHOICE, {})

    def read(self, texts: list[str]) -> object:
        return texts[0]

    def inputs(self, value: Any) -> list[str]:
        return [str(value)]


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a policy's value: the name it has in the value, a label (msgid) and its type."""

    name: str
    label: str
    type: ValueType


def _integer(text: str) -> object:
    stripped = text.strip()
    return int(stripped) if _INTEGER.fullmatch(stripped) else text
