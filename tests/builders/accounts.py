"""Accounts, addresses and shops for tests."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import count

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from etalase.commerce.accounts import actions, queries
from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.accounts.rules import AddressForm, Login, NewShop
from etalase.foundation.sql import Db

PASSWORD = "warna-warni-pasar"
_numbers = count(1)

BANDUNG = AddressForm(
    recipient="Sari Wulandari",
    phone="0812 3456 7890",
    province="32",
    city="3273",
    district="Coblong",
    postal_code="40132",
    street="Jalan Dago No. 12",
    label="Rumah",
)


@dataclass(frozen=True, slots=True)
class MadeShop:
    """A shop with its owner."""

    shop_id: int
    slug: str
    name: str
    owner: Account


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once with the cheapest settings: verifying reads them from the hash."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)


async def make_account(
    db: Db,
    *,
    name: str = "Sari Wulandari",
    email: str | None = None,
    phone: str | None = None,
    locale: str = "en",
    is_operator: bool = False,
) -> Account:
    """An account with PASSWORD; without e-mail and phone it gets an e-mail address of its own."""
    if email is None and phone is None:
        email = f"person{next(_numbers)}@etalase.test"
    return await actions.add_account(
        db,
        name=name,
        login=Login(email=email, phone=phone),
        password_hash=password_hash(),
        locale=locale,
        is_operator=is_operator,
    )


async def make_address(db: Db, account: Account, *, form: AddressForm = BANDUNG, **changes: str) -> Address:
    """An address in the account's book; the first one is the default."""
    address_id = await actions.save_address(db, buyer_id=account.id, form=replace(form, **changes))
    async with db.for_buyer(account.id).reading() as tx:
        found = await queries.address_of_buyer(tx, buyer_id=account.id, address_id=address_id)
    assert found is not None
    return found


async def make_shop(db: Db, *, owner: Account | None = None, shop: NewShop | None = None) -> MadeShop:
    """A shop in Bandung with an owner; give a NewShop to have it otherwise."""
    number = next(_numbers)
    owner = owner or await make_account(db, name=f"Pemilik {number}")
    shop = shop or NewShop(slug=f"toko-{number}", name=f"Toko {number}", province="32", city="3273")
    shop_id = await actions.open_shop(db, shop, owner_id=owner.id)
    return MadeShop(shop_id, shop.slug, shop.name, owner)
