"""The settings of a shop: what it says of itself, when it is open, how it confirms and ships."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import time
from typing import Literal

from etalase.commerce.catalog import queries
from etalase.commerce.catalog.facts import ShopEdited
from etalase.commerce.catalog.queries import Shop, statements
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db

NAME_CHARS_MAX = 60
DESCRIPTION_CHARS_MAX = 2000
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CONFIRM_MODES = ("automatic", "manual")

Code = Literal["missing", "too_long", "unknown", "closes_before_it_opens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
    """What a seller sets; hours are in the shop's zone, carriers are codes."""

    name: str
    description: str
    description_en: str
    confirm_mode: str
    is_open: bool
    opens_at: time
    closes_at: time
    zone: str
    carriers: tuple[str, ...]
    accepts_cod: bool


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong with which setting."""

    field: str
    code: Code


class SettingsRefused(Exception):
    """The settings can't be saved; `problems` says why, each with its field."""

    def __init__(self, problems: Sequence[SettingProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{problem.field} {problem.code}" for problem in self.problems))


def settings_of(shop: Shop) -> ShopSettings:
    """The settings as they stand."""
    return ShopSettings(
        name=shop.name,
        description=shop.description,
        description_en=shop.description_en,
        confirm_mode=shop.confirm_mode,
        is_open=shop.is_open,
        opens_at=shop.opens_at,
        closes_at=shop.closes_at,
        zone=shop.zone,
        carriers=tuple(shop.carriers),
        accepts_cod=shop.accepts_cod,
    )


def check_settings(wanted: ShopSettings) -> list[SettingProblem]:
    """What stands in the way of saving; empty when nothing does."""
    found: list[tuple[bool, str, Code]] = [
        (not wanted.name, "name", "missing"),
        (len(wanted.name) > NAME_CHARS_MAX, "name", "too_long"),
        (len(wanted.description) > DESCRIPTION_CHARS_MAX, "description", "too_long"),
        (len(wanted.description_en) > DESCRIPTION_CHARS_MAX, "description_en", "too_long"),
        (wanted.confirm_mode not in CONFIRM_MODES, "confirm_mode", "unknown"),
        (wanted.zone not in ZONES, "zone", "unknown"),
        (wanted.opens_at >= wanted.closes_at, "closes_at", "closes_before_it_opens"),
        (not wanted.carriers, "carriers", "missing"),
    ]
    return [SettingProblem(field, code) for is_wrong, field, code in found if is_wrong]


async def edit_shop(db: Db, *, shop_id: int, wanted: ShopSettings, by: Actor) -> list[str]:
    """Save the settings and say which changed; raises SettingsRefused. Nothing is written when none changed.

    Orders keep what they were placed with; a new way of confirming counts for orders paid from now on.
    """
    problems = check_settings(wanted)
    if problems:
        raise SettingsRefused(problems)
    async with db.for_shop(shop_id).transaction() as tx:
        [shop] = await queries.shops_by_id(tx, [shop_id])
        before = asdict(settings_of(shop))
        changed = [name for name, value in asdict(wanted).items() if value != before[name]]
        if changed:
            params = asdict(wanted) | {"carriers": list(wanted.carriers)}
            await tx.run(statements["change_shop"], shop_id=shop_id, **params)
            fact = ShopEdited(shop_id=shop_id, subject_id=shop_id, changed=changed)
            await record(tx, fact, by=by, at=clock.now())
    return changed
