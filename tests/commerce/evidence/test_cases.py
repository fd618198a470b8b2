"""Cases: what is disagreed about stands still, and only its parties talk."""

from datetime import timedelta

import pytest

from etalase.commerce.evidence import actions, queries, rules
from etalase.commerce.evidence.errors import CaseClosed, CaseNotFound, NothingSaid, TooMuchSaid
from etalase.commerce.evidence.rules import Case, NewFile, Proof
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.errors import CaseOpen
from etalase.commerce.orders.rules import Order, State
from etalase.foundation import clock
from etalase.foundation.deadlines import sweep
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.subscriptions import DEADLINES
from tests.auditor import audit
from tests.builders.stall import Stall, make_stall

PHOTO = NewFile("a" * 64 + ".webp", "image/webp", "a" * 64)
VIDEO = NewFile("b" * 64 + ".mp4", "video/mp4", "b" * 64)


async def open_case(db: Db, order: Order) -> Case:
    async with db.for_shop(order.shop_id).transaction() as tx:
        locked = await orders.lock(tx, shop_id=order.shop_id, order_id=order.id)
        return await actions.open_case(
            tx, shop_id=locked.shop_id, order_id=locked.id, buyer_id=locked.buyer_id, kind="claim", at=clock.now()
        )


async def close_case(db: Db, case: Case) -> bool:
    async with db.for_shop(case.shop_id).transaction() as tx:
        await orders.lock(tx, shop_id=case.shop_id, order_id=case.order_id)
        return await actions.close_case(tx, case, at=clock.now())


async def say(db: Db, case: Case, text: str = "Halo", *, files: tuple[NewFile, ...] = ()) -> int:
    async with db.for_shop(case.shop_id).transaction() as tx:
        found = await actions.lock(tx, shop_id=case.shop_id, case_id=case.id)
        by = Actor.buyer(case.buyer_id)
        return await actions.say(tx, found, by=by, text=text, files=files, at=clock.now())


async def test_an_order_that_is_disagreed_about_stands_still(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    first, second = await open_case(db, order), await open_case(db, order)
    clock.set_offset(timedelta(days=30))
    assert await sweep.sweep_once(db, DEADLINES) == 0
    with pytest.raises(CaseOpen):
        await orders.confirm_receipt(db, buyer_id=order.buyer_id, order_id=order.id)
    assert await close_case(db, first)
    assert not await close_case(db, first)
    assert await sweep.sweep_once(db, DEADLINES) == 0, "another one is open"
    assert await close_case(db, second)
    assert audit(database_url) == {}
    clock.set_offset(timedelta(days=38))
    assert await sweep.sweep_once(db, DEADLINES) == 1
    assert (await stall.now(order)).state is State.COMPLETED


async def test_what_is_said_and_shown_is_kept_in_order(db: Db) -> None:
    case = await a_case(db)
    await say(db, case, "  Sobek di jahitan  ", files=(PHOTO, VIDEO))
    await say(db, case, "x" * (rules.TEXT_MAX + 5))
    async with db.for_shop(case.shop_id).reading() as tx:
        first, second = await queries.thread_of_case(tx, shop_id=case.shop_id, case_id=case.id)
    assert (first.message.text, first.message.author) == ("Sobek di jahitan", "buyer")
    assert [file.media_type for file in first.files] == ["image/webp", "video/mp4"]
    assert (len(second.message.text), second.files) == (rules.TEXT_MAX, [])


async def a_case(db: Db) -> Case:
    stall: Stall = await make_stall(db)
    return await open_case(db, await stall.delivered())


async def test_nothing_is_said_in_a_closed_case_nor_without_words(db: Db) -> None:
    case = await a_case(db)
    with pytest.raises(NothingSaid):
        await say(db, case, "   ")
    with pytest.raises(TooMuchSaid):
        await say(db, case, files=(VIDEO, VIDEO))
    with pytest.raises(TooMuchSaid):
        await say(db, case, files=(PHOTO,) * (rules.PICTURES_MAX + 1))
    await close_case(db, case)
    with pytest.raises(CaseClosed):
        await say(db, case)


async def test_a_case_is_found_by_its_parties_alone(db: Db) -> None:
    case, other = await a_case(db), await a_case(db)
    async with db.any().reading() as tx:
        keys = {"order_id": case.order_id, "case_id": case.id}
        assert await queries.case_of_buyer(tx, buyer_id=case.buyer_id, **keys) == case
        assert await queries.case_of_buyer(tx, buyer_id=other.buyer_id, **keys) is None
        wrong = {"order_id": other.order_id, "case_id": case.id}
        assert await queries.case_of_buyer(tx, buyer_id=case.buyer_id, **wrong) is None
        assert await queries.case_of_shop(tx, shop_id=case.shop_id, case_id=case.id) == case
        assert await queries.case_of_shop(tx, shop_id=other.shop_id, case_id=case.id) is None
    async with db.any().transaction() as tx:
        with pytest.raises(CaseNotFound):
            await actions.lock(tx, shop_id=other.shop_id, case_id=case.id)


@pytest.mark.parametrize(
    ("required", "files", "is_missing"),
    [
        (Proof.NONE, [], False),
        (Proof.PHOTO, [], True),
        (Proof.PHOTO, [VIDEO], True),
        (Proof.PHOTO, [VIDEO, PHOTO], False),
        (Proof.PHOTO_OR_VIDEO, [], True),
        (Proof.PHOTO_OR_VIDEO, [VIDEO], False),
    ],
)
def test_what_has_to_be_shown(required: Proof, files: list[NewFile], is_missing: bool) -> None:
    assert rules.needs_evidence(required, files) is is_missing
