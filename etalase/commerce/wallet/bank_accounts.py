"""The bank account that a person withdraws to.

It is verified when the holder's name has the account's name in it and a code that was mailed there comes back: whoever has
the session alone, or the mail box alone, can't add one. A new account cools off before money goes there.
"""

import secrets
from datetime import timedelta

from etalase.commerce.accounts.banks import BankDetails, cleaned, is_name_of, problems
from etalase.commerce.accounts.passwords import hash_secret, is_secret
from etalase.commerce.wallet import queries, rules
from etalase.commerce.wallet.errors import AccountRefused, CodeNotValid
from etalase.commerce.wallet.facts import WalletAccountEntered, WalletAccountVerified
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.i18n import N_
from etalase.foundation.ids import PLATFORM
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db, Tx

NOT_YOURS = N_("The account has to be in your own name, as your profile has it.")
NO_MAIL = N_("Your account has no e-mail address, so a code can't be mailed to you.")


async def enter(db: Db, details: BankDetails, *, buyer_id: int) -> int:
    """Name an account; a code is mailed that verifies it. Raises AccountRefused. Until then withdrawals go where they went."""
    at, entered = clock.now(), cleaned(details)
    async with db.for_buyer(buyer_id).transaction() as tx:
        person = await queries.owner(tx, buyer_id=buyer_id)
        wrong = problems(entered)
        if "holder" not in wrong and not is_name_of(entered.holder, person.name):
            wrong["holder"] = NOT_YOURS
        if person.email is None:
            wrong["number"] = NO_MAIL
        if wrong:
            raise AccountRefused(wrong)
        await queries.open_wallet(tx, buyer_id=buyer_id, at=at)
        account_id = await queries.enter_account(tx, entered, buyer_id=buyer_id, at=at)
        fact = WalletAccountEntered(shop_id=PLATFORM, subject_id=account_id, buyer_id=buyer_id, bank=entered.bank)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)
    return account_id


async def issue_code(tx: Tx, *, buyer_id: int, account_id: int) -> str | None:
    """A new code to be mailed, valid for CODE_VALID; only its hash is kept. None if the account waits for none."""
    code = f"{secrets.randbelow(10**6):06d}"
    is_kept = await queries.keep_code(
        tx, buyer_id=buyer_id, account_id=account_id, code_hash=hash_secret(_salted(account_id, code)),
        until=clock.now() + rules.CODE_VALID,
    )  # fmt: skip
    return code if is_kept else None


def _salted(account_id: int, code: str) -> str:
    return f"{account_id}:{code}"


async def confirm(db: Db, *, buyer_id: int, account_id: int, code: str) -> None:
    """The mailed code came back: withdrawals go there from when it has cooled off. Raises CodeNotValid; each try counts."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        stored = await queries.try_code(tx, buyer_id=buyer_id, account_id=account_id, at=at)
    if stored is None or not is_secret(_salted(account_id, code.strip()), stored):
        raise CodeNotValid
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.open_wallet(tx, buyer_id=buyer_id, at=at)
        hours = int((await load_book(tx)).find("withdrawal.cooling_off").value)
        usable_from = at + timedelta(hours=hours)
        bank = await queries.verify_account(
            tx, buyer_id=buyer_id, account_id=account_id, usable_from=usable_from, at=at
        )  # fmt: skip
        if bank is None:
            raise CodeNotValid
        fact = WalletAccountVerified(
            shop_id=PLATFORM, subject_id=account_id, buyer_id=buyer_id, bank=bank, until=usable_from.isoformat()
        )
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)
