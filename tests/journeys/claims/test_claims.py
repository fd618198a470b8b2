"""Claims from asking to the end: who may do what, what happens when nobody acts, and where the money is."""

from datetime import timedelta
from typing import Any

import pytest

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import CaseOpen, OrderNotFound
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcel_queries
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.claims import answering, deciding, opening
from etalase.journeys.claims.deciding import Ruling
from etalase.journeys.claims.errors import (
    ChecksMissing,
    ClaimMoved,
    ClaimNotFound,
    ClaimNotPossible,
    NotTheLoser,
    ReasonUnknown,
    TextTooShort,
)
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import Claim, ClaimState
from tests.auditor import audit
from tests.builders.accounts import make_account, make_shop
from tests.builders.claims import CHECKS, TEXT, claim_now, not_received, to_zero
from tests.builders.shipping import a_number, a_report
from tests.builders.stall import Stall, make_stall

OPERATOR = Actor.operator(1)
NO_PROOF = Ruling("grant", "no_proof", "Nobody signed for it, and no picture was taken.")
HANDED_OVER = Ruling("reject", "handed_over", "The picture shows your door, the name is yours.")


async def in_review(stall: Stall) -> Claim:
    """A claim both sides had their time for."""
    claim = await not_received(stall, await stall.delivered())
    await to_zero(stall.db)
    await to_zero(stall.db)
    return await claim_now(stall, claim.id)


async def test_a_silent_seller_loses_step_by_step(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    claim = await not_received(stall, order)
    assert (claim.state, claim.amount_minor) == (ClaimState.ASKED, order.total_minor)
    seen = []
    for _ in range(4):
        await to_zero(db)
        now = await claim_now(stall, claim.id)
        seen.append((now.state, (await stall.now(order)).refunded_minor))
        assert audit(database_url) == {}
    assert seen == [
        (ClaimState.EVIDENCE, 0), (ClaimState.REVIEW, 0), (ClaimState.DECIDED, 0), (ClaimState.CLOSED, order.total_minor),
    ]  # fmt: skip
    assert (now.outcome, now.decision_reason, now.paid_minor) == ("granted", "seller_silent", order.total_minor)
    assert (await stall.now(order)).state is State.COMPLETED


async def test_the_money_stays_held_while_a_claim_is_open(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    claim = await not_received(stall, order)
    with pytest.raises(CaseOpen):
        await orders.confirm_receipt(db, buyer_id=stall.buyer.id, order_id=order.id)
    await answering.withdraw(
        db, shop_id=order.shop_id, claim_id=claim.id, by=Actor.buyer(stall.buyer.id), party="buyer"
    )
    assert audit(database_url) == {}
    done = await orders.confirm_receipt(db, buyer_id=stall.buyer.id, order_id=order.id)
    assert done.state is State.COMPLETED
    with pytest.raises(ClaimNotPossible):
        await not_received(stall, order)


async def test_a_seller_who_agrees_ends_it_at_once(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    claim = await not_received(stall, order)
    ended = await answering.agree(db, shop_id=order.shop_id, claim_id=claim.id, by=Actor.seller(stall.seller.id))
    assert (ended.outcome, ended.paid_minor) == ("agreed", order.total_minor)
    assert audit(database_url) == {}
    with pytest.raises(ClaimMoved):
        await answering.agree(db, shop_id=order.shop_id, claim_id=claim.id, by=Actor.seller(stall.seller.id))


async def test_a_refusal_brings_customer_service_at_once(db: Db) -> None:
    stall = await make_stall(db)
    claim = await not_received(stall, await stall.delivered())
    by = Actor.seller(stall.seller.id)
    with pytest.raises(TextTooShort):
        await answering.refuse(db, shop_id=claim.shop_id, claim_id=claim.id, text="no", by=by)
    moved = await answering.refuse(
        db, shop_id=claim.shop_id, claim_id=claim.id, text="The courier has a signature.", by=by
    )
    assert (moved.state, moved.has_answer) == (ClaimState.EVIDENCE, True)
    async with db.for_shop(claim.shop_id).reading() as tx:
        said = await evidence.messages_of_case(tx, shop_id=claim.shop_id, case_id=claim.id)
    assert [(message.author, message.text) for message in said] == [
        ("buyer", TEXT), ("seller", "The courier has a signature."),
    ]  # fmt: skip


async def test_the_operator_decides_only_after_the_evidence(db: Db) -> None:
    stall = await make_stall(db)
    claim = await not_received(stall, await stall.delivered())
    with pytest.raises(ClaimMoved):
        await deciding.decide(db, shop_id=claim.shop_id, claim_id=claim.id, ruling=NO_PROOF, by=OPERATOR)
    await to_zero(db)
    with pytest.raises(ClaimMoved):
        await deciding.decide(db, shop_id=claim.shop_id, claim_id=claim.id, ruling=NO_PROOF, by=OPERATOR)


async def test_a_decision_needs_a_reason_of_its_own_and_words(db: Db) -> None:
    stall = await make_stall(db)
    claim = await in_review(stall)
    keys: dict[str, Any] = {"shop_id": claim.shop_id, "claim_id": claim.id, "by": OPERATOR}
    with pytest.raises(ReasonUnknown):
        await deciding.decide(db, ruling=Ruling("grant", "handed_over", "x" * 20), **keys)
    with pytest.raises(ReasonUnknown):
        await deciding.decide(db, ruling=Ruling("else", "no_proof", "x" * 20), **keys)  # type: ignore[arg-type]
    with pytest.raises(TextTooShort):
        await deciding.decide(db, ruling=Ruling("grant", "no_proof", " "), **keys)


async def test_who_lost_may_appeal_once_and_nobody_else(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    claim = await in_review(stall)
    keys: dict[str, Any] = {"shop_id": claim.shop_id, "claim_id": claim.id}
    decided = await deciding.decide(db, ruling=HANDED_OVER, by=OPERATOR, **keys)
    assert (decided.state, decided.loser) == (ClaimState.DECIDED, "buyer")
    buyer, seller = Actor.buyer(stall.buyer.id), Actor.seller(stall.seller.id)
    with pytest.raises(NotTheLoser):
        await answering.appeal(db, text="We agree entirely.", by=seller, party="seller", **keys)
    with pytest.raises(NotTheLoser):
        await answering.accept(db, by=seller, party="seller", **keys)
    appealed = await answering.appeal(db, text="This is not my door.", by=buyer, party="buyer", **keys)
    assert appealed.state is ClaimState.APPEALED
    with pytest.raises(NotTheLoser):
        await answering.appeal(db, text="This is not my door.", by=buyer, party="buyer", **keys)
    ended = await deciding.decide(db, ruling=NO_PROOF, by=OPERATOR, **keys)
    assert (ended.state, ended.outcome, ended.paid_minor) == (ClaimState.CLOSED, "granted", claim.amount_minor)
    assert audit(database_url) == {}


@pytest.mark.parametrize("ruling", [NO_PROOF, HANDED_OVER])
async def test_an_appeal_nobody_decides_leaves_the_first_decision(db: Db, ruling: Ruling, database_url: str) -> None:
    stall = await make_stall(db)
    claim = await in_review(stall)
    keys: dict[str, Any] = {"shop_id": claim.shop_id, "claim_id": claim.id}
    decided = await deciding.decide(db, ruling=ruling, by=OPERATOR, **keys)
    loser = decided.loser
    assert loser is not None
    await answering.appeal(db, text="Please look at it again.", by=Actor(loser, 1), party=loser, **keys)
    await to_zero(db)
    ended = await claim_now(stall, claim.id)
    assert (ended.state, ended.outcome) == (ClaimState.CLOSED, "granted" if ruling.decision == "grant" else "rejected")
    assert audit(database_url) == {}


async def test_a_rejected_claim_lets_the_order_complete(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    claim = await in_review(stall)
    keys: dict[str, Any] = {"shop_id": claim.shop_id, "claim_id": claim.id}
    await deciding.decide(db, ruling=HANDED_OVER, by=OPERATOR, **keys)
    ended = await answering.accept(db, by=Actor.buyer(stall.buyer.id), party="buyer", **keys)
    assert (ended.outcome, ended.paid_minor) == ("rejected", 0)
    assert audit(database_url) == {}
    with pytest.raises(ClaimNotPossible):
        await opening.ask_seller(
            db, buyer_id=stall.buyer.id, order_id=claim.order_id, told=Told(text=TEXT, checks=CHECKS)
        )
    await time_machine.advance(db, timedelta(days=20), actor=OPERATOR)
    await to_zero(db)
    async with db.for_shop(claim.shop_id).reading() as tx:
        order = await order_queries.order_of_shop(tx, shop_id=claim.shop_id, order_id=claim.order_id)
    assert order is not None
    assert order.state is State.COMPLETED


async def test_the_guided_check_comes_first(db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    with pytest.raises(ChecksMissing) as missing:
        await opening.ask_seller(db, buyer_id=stall.buyer.id, order_id=order.id, told=Told(text=TEXT, checks={}))
    assert set(missing.value.checks) == {"address", "neighbors", "receiver"}
    with pytest.raises(TextTooShort):
        await opening.ask_seller(
            db, buyer_id=stall.buyer.id, order_id=order.id, told=Told(text="where?", checks=CHECKS)
        )
    await not_received(stall, order)
    with pytest.raises(ClaimNotPossible):
        await not_received(stall, order)


async def test_only_a_delivered_order_is_claimed(db: Db) -> None:
    stall = await make_stall(db)
    for order in (await stall.new(), await stall.arranged(), await stall.completed()):
        with pytest.raises(ClaimNotPossible):
            await not_received(stall, order)


async def test_strangers_find_nothing(db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    stranger = await make_account(db)
    with pytest.raises(OrderNotFound):
        await opening.ask_seller(db, buyer_id=stranger.id, order_id=order.id, told=Told(text=TEXT, checks=CHECKS))
    claim = await not_received(stall, order)
    other = await make_shop(db)
    for verb in (answering.agree,):
        with pytest.raises(ClaimNotFound):
            await verb(db, shop_id=other.shop_id, claim_id=claim.id, by=Actor.seller(other.owner.id))
    with pytest.raises(ClaimNotFound):
        await deciding.decide(db, shop_id=other.shop_id, claim_id=claim.id, ruling=NO_PROOF, by=OPERATOR)
    with pytest.raises(ClaimNotFound):
        await answering.withdraw(
            db, shop_id=order.shop_id, claim_id=claim.id, by=Actor.seller(stall.seller.id), party="seller"
        )


async def test_of_two_parcels_the_one_that_never_came_is_paid_back(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.ready(units=2)
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    async with db.for_shop(order.shop_id).reading() as tx:
        [line] = await order_queries.lines_of(tx, **keys)
    for _ in range(2):
        plan = ParcelPlan("own_number", "jne", "reg", tracking_number=a_number(), lines={line.id: 1})
        await shipping.arrange(db, **keys, by=Actor.seller(stall.seller.id), plan=plan)
    async with db.for_shop(order.shop_id).reading() as tx:
        parcels = await parcel_queries.parcels_of_order(tx, **keys)
    for status in ("collected", "delivered"):
        for parcel in parcels:
            await tracking.record_tracking(
                db, a_report(parcel, status, hours=1), vendor="test", parcel=(parcel.shop_id, parcel.id)
            )
    told = Told(text=TEXT, checks=CHECKS, parcel_id=parcels[1].id)
    claim_id = await opening.ask_seller(db, buyer_id=stall.buyer.id, order_id=order.id, told=told)
    ended = await answering.agree(db, shop_id=order.shop_id, claim_id=claim_id, by=Actor.seller(stall.seller.id))
    assert ended.paid_minor == line.unit_price_minor
    now = await stall.now(order)
    assert (now.state, now.refunded_minor) == (State.DELIVERED, line.unit_price_minor)
    assert audit(database_url) == {}
