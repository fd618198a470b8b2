"""Claims under real commits at once: the decision against the clock, two answers, two claims."""

import asyncio
from collections import Counter

from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.claims import answering, deciding, opening
from etalase.journeys.claims.deciding import Ruling
from etalase.journeys.claims.errors import ClaimMoved, ClaimNotPossible
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import ClaimState
from etalase.subscriptions import DEADLINES
from tests.auditor import audit
from tests.builders.claims import CHECKS, TEXT, claim_now, not_received, to_zero
from tests.builders.stall import make_stall

OPERATOR = Actor.operator(1)
ROUNDS = 3


async def test_the_decision_and_the_clock_never_both_count(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    for _ in range(ROUNDS):
        claim = await not_received(stall, await stall.delivered())
        await to_zero(db)
        await to_zero(db)
        await time_machine.to_next_deadline(db, actor=OPERATOR)
        ruling = Ruling("reject", "handed_over", "The picture shows the buyer's door.")
        decided, _, _ = await asyncio.gather(
            deciding.decide(db, shop_id=claim.shop_id, claim_id=claim.id, ruling=ruling, by=OPERATOR),
            sweep_once(db, DEADLINES),
            sweep_once(db, DEADLINES),
            return_exceptions=True,
        )
        now = await claim_now(stall, claim.id)
        assert now.state is ClaimState.DECIDED
        assert now.decision == ("grant" if isinstance(decided, ClaimMoved) else "reject")
        await answering.withdraw(
            db, shop_id=claim.shop_id, claim_id=claim.id, by=Actor.buyer(stall.buyer.id), party="buyer"
        )
    assert audit(database_url) == {}


async def test_one_answer_of_the_seller_counts(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    by = Actor.seller(stall.seller.id)
    for _ in range(ROUNDS):
        claim = await not_received(stall, await stall.delivered())
        keys = {"shop_id": claim.shop_id, "claim_id": claim.id}
        answers = await asyncio.gather(
            answering.agree(db, by=by, **keys),
            answering.agree(db, by=by, **keys),
            answering.withdraw(db, by=Actor.buyer(stall.buyer.id), party="buyer", **keys),
            return_exceptions=True,
        )
        assert Counter(isinstance(answer, ClaimMoved) for answer in answers) == {True: 2, False: 1}
        assert not (await claim_now(stall, claim.id)).is_open
    assert audit(database_url) == {}


async def test_a_double_tap_opens_one_claim(db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    told = Told(text=TEXT, checks=CHECKS)
    taps = await asyncio.gather(
        *(opening.ask_seller(db, buyer_id=stall.buyer.id, order_id=order.id, told=told) for _ in range(4)),
        return_exceptions=True,
    )
    assert Counter(type(tap) for tap in taps) == {int: 1, ClaimNotPossible: 3}
