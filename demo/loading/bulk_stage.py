"""What orders in bulk are made of: shops, goods and buyers as they stand in the database, texts made once."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import psycopg

from demo.loading.people import address_copy
from demo.loading.rows import copy_into, keep_sets
from demo.world import people
from demo.world.model import Address, Location
from demo.world.places import PLACES
from etalase.commerce.orders.rules import search_text
from etalase.commerce.shipping.rules import OWN_COURIER, delivery_options
from etalase.foundation.ids import compose
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook, frozen
from etalase.integrations.carriers.registry import all_carriers, carrier

BUYERS_MAX: Final = 100_000
BUYER_NODE: Final = 1010
BUYERS_FROM_MS: Final = 120_000_000_000  # autumn of 2023, on the scale of ids
COPY_EVERY: Final = 5_000
FIRST: Final = tuple(dict.fromkeys(person.name.split()[0] for person in people.BUYERS))
LAST: Final = tuple(dict.fromkeys(person.name.split()[-1] for person in people.BUYERS))


@dataclass(frozen=True, slots=True)
class BulkGood:
    """A variant, with its columns of an order line as COPY reads them."""

    variant_id: int
    category_id: int
    product_id: int
    price_minor: int
    weight_grams: int
    title: str
    image_key: str
    words: str
    columns: str


@dataclass(frozen=True, slots=True)
class Service:
    """How a shop brings things to a place, with the start of its JSON; days are to follow."""

    carrier: str
    service: str
    price_minor: int
    days: int
    number_start: str
    json_start: str


@dataclass(frozen=True, slots=True)
class BulkShop:
    """A shop that gets orders in bulk."""

    shop_id: int
    name: str
    zone: str
    is_automatic: bool
    handling_days: int
    seller_id: int
    goods: tuple[BulkGood, ...]
    services: tuple[tuple[Service, ...], ...]
    """By the place it goes to."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the making of orders looks up."""

    now: datetime
    offset: timedelta
    shops: tuple[BulkShop, ...]
    hot_shop: BulkShop
    buyers: tuple[tuple[int, str, int], ...]
    """Account, name and place."""
    policy_set_id: UUID
    book: PolicyBook
    calendar: WorkingCalendar


def escaped(text: str) -> str:
    """Text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n")


def set_stage(connection: psycopg.Connection[Any], *, hot_shop: str, now: datetime, offset: timedelta) -> Stage:
    """Read what orders are made of; raises LookupError where there are no goods."""
    book = PolicyBook.of((), at=now)
    shops = tuple(_shops(connection, now=now, book=book))
    if not shops:
        raise LookupError("no shop has anything for sale: load the demo world first")
    hot = next(
        (shop for shop, slug in zip(shops, _slugs(connection, shops), strict=True) if slug == hot_shop), shops[0]
    )
    return Stage(
        now=now, offset=offset, shops=shops, hot_shop=hot, buyers=tuple(_buyers(connection)),
        policy_set_id=keep_sets(connection, [frozen(book, shop_id=0)])[0], book=book, calendar=WorkingCalendar(),
    )  # fmt: skip


def _slugs(connection: psycopg.Connection[Any], shops: tuple[BulkShop, ...]) -> list[str]:
    found = dict(connection.execute("SELECT shop_id, slug FROM shops").fetchall())
    return [found[shop.shop_id] for shop in shops]


@dataclass(frozen=True, slots=True)
class _Origin:
    shop_id: int
    name: str
    province: str
    city: str
    zone: str
    carriers: list[str]
    confirm_mode: str
    seller_id: int


@dataclass(frozen=True, slots=True)
class _Codes:
    province: str
    city: str


def _shops(connection: psycopg.Connection[Any], *, now: datetime, book: PolicyBook) -> list[BulkShop]:
    rows = connection.execute(
        "SELECT s.shop_id, s.name, s.province, s.city, s.zone, s.carriers, s.confirm_mode, min(m.account_id)"
        " FROM shops s JOIN shop_members m USING (shop_id) WHERE m.role = 'owner' GROUP BY s.shop_id ORDER BY s.shop_id"
    ).fetchall()
    made = []
    for origin in (_Origin(*row) for row in rows):
        goods, handling_days = _goods(connection, origin.shop_id)
        if goods:
            services = tuple(
                _services(origin, place, now=now, book=book, handling_days=handling_days) for place in PLACES
            )
            made.append(
                BulkShop(
                    shop_id=origin.shop_id, name=origin.name, zone=origin.zone, handling_days=handling_days,
                    is_automatic=origin.confirm_mode == "automatic", seller_id=origin.seller_id, goods=goods, services=services,
                )
            )  # fmt: skip
    return made


def _goods(connection: psycopg.Connection[Any], shop_id: int) -> tuple[tuple[BulkGood, ...], int]:
    """What is on sale and in stock, and the longest handling time."""
    rows = connection.execute(
        "SELECT v.id, p.category_id, p.id, v.price_minor, v.weight_grams, p.title, v.name, v.seller_sku, p.handling_days,"
        "       coalesce((SELECT m.file_key FROM product_media m WHERE m.shop_id = v.shop_id AND m.product_id = v.product_id"
        "                 ORDER BY m.id = v.media_id DESC NULLS LAST, m.position LIMIT 1), '')"
        " FROM variants v JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id AND p.state = 'active'"
        " JOIN stock s ON s.shop_id = v.shop_id AND s.variant_id = v.id AND s.on_hand - s.committed - s.held > 0"
        " WHERE v.shop_id = %(shop_id)s AND v.is_active AND v.purchase_limit IS NULL ORDER BY v.id LIMIT 2000",
        {"shop_id": shop_id},
    ).fetchall()
    goods = tuple(
        BulkGood(
            variant_id=row[0], category_id=row[1], product_id=row[2], price_minor=row[3], weight_grams=row[4],
            title=json.dumps(row[5]), image_key=json.dumps(row[9] or None), words=search_text(row[5:8]).lower(),
            columns="\t".join((str(row[2]), str(row[0]), *map(escaped, row[5:8]), row[9] or "\\N", str(row[3]))),
        )
        for row in rows
    )  # fmt: skip
    return goods, max((row[8] for row in rows), default=1)


def _services(
    origin: _Origin, place: tuple[str, str, str, str], *, now: datetime, book: PolicyBook, handling_days: int
) -> tuple[Service, ...]:
    options = delivery_options(
        shop=origin, address=_Codes(place[0], place[1]), weight_grams=800, carriers=all_carriers(), now=now,
        calendar=WorkingCalendar(), book=book, handling_days=handling_days,
    )  # fmt: skip
    return tuple(
        Service(
            carrier=option.carrier, service=option.service, price_minor=option.price_minor,
            number_start=re.sub(r"\d{9}$", "", carrier(option.carrier).number.example),
            days=max(1, (option.promised_until - option.promised_from).days + 1),
            json_start=json.dumps(
                {
                    "carrier": option.carrier, "service": option.service, "carrier_name": option.carrier_name,
                    "service_name": option.service_name, "kind": option.kind, "price_minor": option.price_minor,
                    "zone": origin.zone, "handling_days": handling_days,
                }
            )[:-1],
        )
        for option in options
        if option.carrier != OWN_COURIER and option.kind in ("standard", "economy")
    )  # fmt: skip


def address_json(name: str, place: int) -> str:
    """The address of an extra buyer as orders keep it."""
    return escaped(json.dumps(address_copy(_address(name, place)), ensure_ascii=False))


def _address(name: str, place: int) -> Address:
    province, city, district, postal_code = PLACES[place]
    where = Location(province, city, district, postal_code, f"Jl. Melati No. {place + 1}")
    return Address("Rumah", name, "+6281234567890", where, "")


def _buyers(connection: psycopg.Connection[Any]) -> list[tuple[int, str, int]]:
    rows = connection.execute(
        "SELECT id, name FROM accounts WHERE email LIKE 'pembeli-%%' ORDER BY id LIMIT %(most)s", {"most": BUYERS_MAX}
    ).fetchall()
    return [(account_id, name, account_id % len(PLACES)) for account_id, name in rows]


def add_buyers(connection: psycopg.Connection[Any], wanted: int) -> int:
    """Make extra buyers until there are as many; returns how many were made. Log-in as everybody in the demo world."""
    row = connection.execute("SELECT count(*) FROM accounts WHERE email LIKE 'pembeli-%%'").fetchone()
    there = row[0] if row else 0
    hashes = connection.execute("SELECT password_hash FROM accounts ORDER BY id LIMIT 1").fetchone()
    for start in range(there, min(wanted, BUYERS_MAX), COPY_EVERY):
        numbers = range(start, min(start + COPY_EVERY, wanted, BUYERS_MAX))
        with connection.transaction():
            _copy_buyers(connection, numbers, password_hash=hashes[0] if hashes else "")
    return max(0, min(wanted, BUYERS_MAX) - there)


def _copy_buyers(connection: psycopg.Connection[Any], numbers: range, *, password_hash: str) -> None:
    made = []
    for number in numbers:
        dice = Random(number)
        ms = BUYERS_FROM_MS + number
        made.append((compose(ms=ms, node=BUYER_NODE, sequence=0), f"{dice.choice(FIRST)} {dice.choice(LAST)}", number))
    since = datetime(2023, 10, 1, tzinfo=UTC)
    columns = ("id", "name", "email", "password_hash", "created_at")
    with connection.cursor() as cursor, cursor.copy(copy_into("accounts", columns)) as copy:
        for account_id, name, number in made:
            copy.write_row((account_id, name, f"pembeli-{number:06d}@contoh.etalase.test", password_hash, since))
    of_address = ("buyer_id", "id", "label", "recipient", "phone", "province", "city", "district", "postal_code", "street",
               "is_default", "created_at")  # fmt: skip
    with connection.cursor() as cursor, cursor.copy(copy_into("addresses", of_address)) as copy:
        for account_id, name, _number in made:
            address = _address(name, account_id % len(PLACES))
            where = address.location
            copy.write_row(
                (account_id, account_id + 1, address.label, name, address.phone, where.province_code, where.city_code,
                 where.district, where.postal_code, where.street, True, since)
            )  # fmt: skip
