"""Who rehearses: buyers of its own with an address, and what a shop has to sell them."""

import secrets
from collections.abc import Sequence
from typing import Final

from etalase.commerce.accounts import actions as accounts_actions
from etalase.commerce.accounts import passwords
from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.errors import NotValid
from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.accounts.rules import AddressForm, Login
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import queries as inventory
from etalase.foundation.sql import Db
from etalase.integrations.rehearsing.errors import CannotRehearse

BUYERS: Final = ("Rina Wijaya", "Bayu Pratama", "Citra Lestari", "Dimas Saputra", "Eka Handayani")
HOMES: Final = (
    ("31", "3171", "Gambir", "10110", "Jalan Merdeka Timur No. 8"),
    ("32", "3273", "Coblong", "40132", "Jalan Dago No. 12"),
)
PRODUCTS_LOOKED_AT: Final = 30
LEFT_MIN: Final = 2
"""The last piece of anything is for the demo's own buyers."""


async def buyer(db: Db, number: int) -> tuple[Account, Address]:
    """One of the buyers, who is made with an address when first asked for. Nobody can log in as them."""
    email = f"buyer{number + 1}@rehearsal.etalase.test"
    async with db.any().reading() as tx:
        found = await accounts.account_of_email(tx, email)
    if found is None:
        found = await _make(db, email, number)
    async with db.for_buyer(found.id).reading() as tx:
        known = await accounts.addresses_of_buyer(tx, buyer_id=found.id)
    if not known:
        province, city, district, postal_code, street = HOMES[number % len(HOMES)]
        form = AddressForm(
            recipient=found.name, phone=f"0812 3456 78{number:02d}", province=province, city=city, district=district,
            postal_code=postal_code, street=street,
        )  # fmt: skip
        await accounts_actions.save_address(db, buyer_id=found.id, form=form)
        async with db.for_buyer(found.id).reading() as tx:
            known = await accounts.addresses_of_buyer(tx, buyer_id=found.id)
    return found, known[0]


async def _make(db: Db, email: str, number: int) -> Account:
    password_hash = await passwords.hash_password(secrets.token_urlsafe(24))
    name = BUYERS[number % len(BUYERS)]
    try:
        return await accounts_actions.add_account(db, name=name, login=Login(email=email), password_hash=password_hash)
    except NotValid:  # somebody rehearses at the same moment
        async with db.any().reading() as tx:
            found = await accounts.account_of_email(tx, email)
        if found is None:
            raise
        return found


async def goods(db: Db, shop_id: int) -> Sequence[int]:
    """Variants that the shop has on sale and in stock. Raises CannotRehearse."""
    async with db.any().reading() as tx:
        cards = await window.browse(tx, sort="popular", limit=PRODUCTS_LOOKED_AT, shop_id=shop_id)
        found = []
        for card in cards:
            variants = await catalog.variants_of_product(tx, shop_id=shop_id, product_id=card.product_id)
            stock = await inventory.stock_of_product(tx, shop_id=shop_id, product_id=card.product_id)
            left = {one.variant_id: one.available for one in stock}
            found += [one.id for one in variants if left.get(one.id, 0) > LEFT_MIN]
    if not found:
        raise CannotRehearse("the shop has nothing in stock: give a product on sale some stock first")
    return found
