"""Accounts, address books and shops of the demo world."""

from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from zlib import crc32

from demo.loading.moments import day_moment
from demo.loading.telling import Buyer, Place, Telling
from demo.world import pictures
from demo.world.catalog import shops
from demo.world.model import Address, Person
from demo.world.model import Shop as ShopContent
from demo.world.people import BUYERS, CAST, SHOP_STAFF
from etalase.commerce.accounts import facts, regions
from etalase.foundation.facts import Actor
from etalase.foundation.ids import PLATFORM
from etalase.integrations.storage.folder import Folder

HISTORY = timedelta(days=150)
"""Everybody had joined so long ago at least, whatever the machine's calendar says."""
PASSWORD = "etalase-demo"  # noqa: S105 - printed on purpose, demo mode only


def storage(var: Path) -> Folder:
    """Where the installation's web processes look for files."""
    return Folder(var / "files")


def joined_at(telling: Telling, person: Person | ShopContent) -> datetime:
    """When somebody joined, never later than their story begins."""
    name = person.email if isinstance(person, Person) else person.slug
    return min(day_moment(person.joined_on, Random(crc32(name.encode()))), telling.now - HISTORY)


def load_people(telling: Telling, *, password_hash: str, files: Folder) -> dict[str, Buyer]:
    """Write all accounts with their address books; by e-mail address."""
    return {person.email: _account(telling, person, password_hash, files) for person in (*CAST, *BUYERS)}


def _account(telling: Telling, person: Person, password_hash: str, files: Folder) -> Buyer:
    at = joined_at(telling, person)
    account_id = telling.ids.at(at)
    zone = regions.zone_of(person.addresses[0].location.province_code) if person.addresses else "Asia/Jakarta"
    telling.rows.add(
        "accounts", id=account_id, name=person.name, email=person.email.lower(), phone=person.phone,
        password_hash=password_hash, locale=person.language, zone=zone, is_operator=person.role == "operator",
        avatar_key=files.keep_drawing(pictures.avatar(person.name), width=200, height=200).key, created_at=at,
    )  # fmt: skip
    fact = facts.AccountRegistered(shop_id=PLATFORM, subject_id=account_id, buyer_id=account_id)
    telling.record(fact, by=Actor.buyer(account_id), at=at)
    places = tuple(
        _address(telling, account_id, address, at=at + timedelta(minutes=3 + n), is_default=n == 0)
        for n, address in enumerate(person.addresses)
    )
    return Buyer(account_id, person.name, places)


def _address(telling: Telling, buyer_id: int, address: Address, *, at: datetime, is_default: bool) -> Place:
    where = address.location
    address_id = telling.ids.at(at)
    telling.rows.add(
        "addresses", buyer_id=buyer_id, id=address_id, label=address.label, recipient=address.recipient,
        phone=address.phone, province=where.province_code, city=where.city_code, district=where.district,
        postal_code=where.postal_code, street=where.street, landmark=address.note, is_default=is_default, created_at=at,
    )  # fmt: skip
    fact = facts.AddressSaved(shop_id=PLATFORM, subject_id=address_id, buyer_id=buyer_id)
    telling.record(fact, by=Actor.buyer(buyer_id), at=at)
    return Place(address_copy(address), where.province_code, where.city_code)


def address_copy(address: Address) -> dict[str, str]:
    """The address as an order keeps it."""
    where = address.location
    province, city = regions.province(where.province_code), regions.city(where.city_code)
    return {
        "recipient": address.recipient, "phone": address.phone, "street": where.street, "landmark": address.note,
        "district": where.district, "city": city.name if city else where.city_code,
        "province": province.name if province else where.province_code, "postal_code": where.postal_code,
        "province_code": where.province_code, "city_code": where.city_code,
        "zone": province.zone if province else "Asia/Jakarta",
    }  # fmt: skip


def load_shops(
    telling: Telling, *, accounts: dict[str, Buyer], files: Folder
) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Write the shops and who works there; by slug the shop's id and its members, the owner first."""
    return {shop.slug: _shop(telling, shop, accounts, files) for shop in shops()}


def _shop(
    telling: Telling, shop: ShopContent, accounts: dict[str, Buyer], files: Folder
) -> tuple[int, tuple[int, ...]]:
    at = joined_at(telling, shop)
    shop_id = telling.ids.at(at)
    hours = shop.hours[0]
    telling.rows.add(
        "shops", shop_id=shop_id, slug=shop.slug, name=shop.name, description=shop.description_id,
        description_en=shop.description_en, province=shop.location.province_code, city=shop.location.city_code,
        zone=shop.zone, logo_key=files.keep_drawing(pictures.shop_logo(shop), width=400, height=400).key,
        banner_key=files.keep_drawing(pictures.shop_banner(shop), width=1200, height=400).key,
        confirm_mode=shop.confirm_mode, opens_at=time.fromisoformat(hours.opens), closes_at=time.fromisoformat(hours.closes),
        carriers=list(shop.carriers), joined_at=at,
    )  # fmt: skip
    owner = accounts[shop.owner_email].id
    telling.record(facts.ShopOpened(shop_id=shop_id, subject_id=shop_id), by=Actor.seller(owner), at=at)
    staff = [accounts[email].id for slug, email in SHOP_STAFF if slug == shop.slug]
    for account_id, role in [(owner, "owner"), *((one, "staff") for one in staff)]:
        telling.rows.add("shop_members", shop_id=shop_id, account_id=account_id, role=role, joined_at=at)
        fact = facts.MemberJoined(shop_id=shop_id, subject_id=shop_id, account_id=str(account_id), role=role)
        telling.record(fact, by=Actor.seller(owner), at=at)
    return shop_id, (owner, *staff)
