"""The verbs of every case, whatever it is about; each kind of case has a journey that uses them in its own transaction."""

from collections.abc import Sequence
from datetime import datetime

from etalase.commerce.evidence import queries, rules
from etalase.commerce.evidence.errors import CaseClosed, CaseNotFound, NothingSaid, TooMuchSaid
from etalase.commerce.evidence.facts import CaseMessageAdded
from etalase.commerce.evidence.rules import Author, Case, CaseKind, NewFile
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx

STANDING_STILL = ("deliver.autocomplete",)
"""Clocks of an order that stand still while a case about it is open."""


async def open_case(tx: Tx, *, shop_id: int, order_id: int, buyer_id: int, kind: CaseKind, at: datetime) -> Case:
    """Open a case about an order that the caller has locked: from now on the order does not complete by itself.

    The caller records the fact that says what it is about.
    """
    case = Case(shop_id, new_id(), order_id, buyer_id, kind, "open", at, None)
    await queries.insert_case(
        tx, shop_id=shop_id, case_id=case.id, order_id=order_id, buyer_id=buyer_id, kind=kind, at=at
    )
    await deadlines.pause(tx, shop_id=shop_id, order_id=order_id, kinds=STANDING_STILL, at=at)
    return case


async def close_case(tx: Tx, case: Case, *, at: datetime) -> bool:
    """End a case whose order the caller has locked; with the last open one the order's clock runs on. False if it was over."""
    if not await queries.close_case(tx, shop_id=case.shop_id, case_id=case.id, at=at):
        return False
    if not await queries.has_open_case(tx, shop_id=case.shop_id, order_id=case.order_id):
        await deadlines.resume(tx, shop_id=case.shop_id, order_id=case.order_id, kinds=STANDING_STILL, at=at)
    return True


async def lock(tx: Tx, *, shop_id: int, case_id: int) -> Case:
    """The case, locked; raises CaseNotFound. The order is locked before."""
    case = await queries.lock_case(tx, shop_id=shop_id, case_id=case_id)
    if case is None:
        raise CaseNotFound(case_id)
    return case


async def say(tx: Tx, case: Case, *, by: Actor, text: str, files: Sequence[NewFile], at: datetime) -> int:
    """Add a message to an open case and tell of it; returns its id. Raises CaseClosed, NothingSaid, TooMuchSaid.

    Texts are cut at TEXT_MAX. Call it with the case locked.
    """
    if not case.is_open:
        raise CaseClosed(case.id)
    if not text.strip() and not files:
        raise NothingSaid
    if rules.too_many(files):
        raise TooMuchSaid
    if await queries.count_messages(tx, shop_id=case.shop_id, case_id=case.id) >= rules.MESSAGES_MAX:
        raise TooMuchSaid
    author = author_of(by)
    message_id = await put_down(tx, case, by=by, text=text, files=files, at=at)
    fact = CaseMessageAdded(
        shop_id=case.shop_id, subject_id=case.id, order_id=case.order_id, buyer_id=case.buyer_id, kind=case.kind,
        author=author, files=len(files),
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    return message_id


async def put_down(tx: Tx, case: Case, *, by: Actor, text: str, files: Sequence[NewFile] = (), at: datetime) -> int:
    """Add what a verb says (a request's words, a reason) to the conversation; the verb's own fact tells of it."""
    return await queries.insert_message(
        tx, case, author=author_of(by), author_id=by.id, text=text.strip()[: rules.TEXT_MAX], files=files, at=at
    )


def author_of(by: Actor) -> Author:
    """In which role somebody speaks."""
    if by.kind == "buyer" or by.kind == "seller" or by.kind == "operator":
        return by.kind
    return "system"
