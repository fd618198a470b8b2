"""The shape of a fact, and who caused it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Literal, Self

ActorKind = Literal["buyer", "seller", "operator", "system", "carrier", "provider"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it."""

    kind: ActorKind
    id: int | None = None

    @classmethod
    def buyer(cls, account_id: int) -> Self:
        return cls("buyer", account_id)

    @classmethod
    def seller(cls, account_id: int) -> Self:
        return cls("seller", account_id)

    @classmethod
    def operator(cls, account_id: int) -> Self:
        return cls("operator", account_id)


SYSTEM = Actor("system")
CARRIER = Actor("carrier")
PROVIDER = Actor("provider")

_classes: dict[str, type["Fact"]] = {}
ENVELOPE = ("shop_id", "subject_id", "order_id", "buyer_id")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every fact. A subclass names itself (`name`, `subject`); its further fields are the fact's data.

    Data holds JSON values only and no secrets: facts are kept for good and shown to both sides.
    """

    name: ClassVar[str]
    subject: ClassVar[str]

    shop_id: int
    subject_id: int
    order_id: int | None = None
    buyer_id: int | None = None

    def __init_subclass__(cls, *, name: str, subject: str) -> None:
        cls.name, cls.subject = name, subject
        if _classes.setdefault(name, cls).__qualname__ != cls.__qualname__:
            raise TypeError(f"two facts are called '{name}'")

    def data(self) -> dict[str, Any]:
        """What the fact says beyond its envelope."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ENVELOPE}


def fact_class(name: str) -> type[Fact]:
    """The class of a fact's name; raises KeyError if no module that defines it was imported."""
    return _classes[name]


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as it stands in the table."""

    shop_id: int
    id: int
    name: str
    subject_kind: str
    subject_id: int
    order_id: int | None
    buyer_id: int | None
    actor_kind: ActorKind
    actor_id: int | None
    at: datetime
    data: dict[str, Any]

    @property
    def fact(self) -> Fact:
        """The typed fact; unknown data fields of later versions are left out."""
        cls = fact_class(self.name)
        known = {f.name for f in fields(cls)}
        return cls(
            shop_id=self.shop_id,
            subject_id=self.subject_id,
            order_id=self.order_id,
            buyer_id=self.buyer_id,
            **{key: value for key, value in self.data.items() if key in known},
        )
