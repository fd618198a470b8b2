"""Wallets with something in them, filled as people fill them, and a bank account that was really confirmed."""

import re
from itertools import count

from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.accounts.queries import Account
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.rules import Report, report_of_wallet
from etalase.commerce.wallet import bank_accounts, topping_up
from etalase.foundation.sql import Db
from etalase.journeys.checkout import settle
from etalase.journeys.checkout.actions import Placed
from tests.builders.orders import make_basket
from tests.builders.stall import Stall

_numbers = count(1)


def a_key() -> str:
    """What a form is given once."""
    return f"wallet-key-{next(_numbers)}"


async def await_top_up(db: Db, buyer: Account, amount_minor: int, *, key: str | None = None) -> Report:
    """A top-up that is awaited: what the provider will say when it is paid."""
    _, payment_id = await topping_up.begin(
        db, buyer_id=buyer.id, amount_minor=amount_minor, method="qris", provider="sandbox", fee_seen_minor=0,
        key=key or a_key(),
    )  # fmt: skip
    return Report(buyer.id, payment_id, "paid", "attempt-1", amount_minor, "IDR", provider="sandbox")


async def fill(db: Db, buyer: Account, amount_minor: int) -> None:
    """Top the wallet up."""
    assert await settle.settle(db, await await_top_up(db, buyer, amount_minor)) is settle.Outcome.PAID


async def has(db: Db, buyer: Account) -> tuple[int, int]:
    """What can be spent, and what is set aside."""
    async with db.for_buyer(buyer.id).reading() as tx:
        totals = await ledger.totals_of_wallet(tx, owner_id=buyer.id, currency="IDR")
    return totals["buyer_wallet"], totals["wallet_held"]


async def place_with_wallet(stall: Stall, wallet_minor: int | None, *, units: int = 1) -> Placed:
    """Place an order that the wallet pays a part of, or with None all of."""
    lines = {(stall.shop.shop_id, stall.product.variant_id): units}
    method, provider = ("qris", "sandbox") if wallet_minor is not None else ("wallet", "wallet")
    basket = await make_basket(stall.db, stall.buyer, stall.address, lines, method=method, provider=provider)
    part = basket.checkout.total_seen_minor if wallet_minor is None else wallet_minor
    basket = await make_basket(
        stall.db, stall.buyer, stall.address, lines, method=method, provider=provider, wallet_minor=part
    )
    return await basket.place(stall.db)


async def capture(db: Db, buyer: Account, placed: Placed) -> settle.Outcome:
    """What follows at once when the wallet pays all of it."""
    async with db.for_buyer(buyer.id).reading() as tx:
        payment = await payments.payment(tx, buyer_id=buyer.id, payment_id=placed.payment_id or 0)
    assert payment is not None
    return await settle.settle(db, report_of_wallet(payment))


async def mailed_code(db: Db, buyer: Account, account_id: int) -> str:
    """The code of the mail, as the mail's maker gets it."""
    async with db.for_buyer(buyer.id).transaction() as tx:
        code = await bank_accounts.issue_code(tx, buyer_id=buyer.id, account_id=account_id)
    assert code is not None
    assert re.fullmatch(r"\d{6}", code)
    return code


async def with_bank_account(db: Db, buyer: Account) -> int:
    """A confirmed account in the buyer's name; it has to cool off yet."""
    account_id = await bank_accounts.enter(db, BankDetails("bca", "1234567890", buyer.name), buyer_id=buyer.id)
    code = await mailed_code(db, buyer, account_id)
    await bank_accounts.confirm(db, buyer_id=buyer.id, account_id=account_id, code=code)
    return account_id
