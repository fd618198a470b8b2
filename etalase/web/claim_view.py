"""A claim as the pages of its three parties show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.deadlines.kinds import Audience
from etalase.foundation.deadlines.rules import Deadline
from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.journeys.claims import rules
from etalase.journeys.claims.rules import Claim, ClaimState
from etalase.web import parcel_view
from etalase.web.case_files import Line, conversation
from etalase.web.parcel_view import ParcelView
from etalase.web.request import Visit

TONES: dict[ClaimState, str] = {
    ClaimState.ASKED: "soon",
    ClaimState.EVIDENCE: "soon",
    ClaimState.REVIEW: "brand",
    ClaimState.DECIDED: "brand",
    ClaimState.APPEALED: "urgent",
    ClaimState.CLOSED: "neutral",
}
CHECK_TEXTS: dict[str, str] = {
    "right": N_("The address is right"),
    "wrong": N_("The address is wrong"),
    "asked": N_("Household, neighbors and reception were asked"),
    "unknown": N_("The receiver is not known"),
    "known_not_given": N_("The receiver is known, but did not get it or did not hand it on"),
    "no_name": N_("No receiver is named"),
}
REFUSALS: dict[str, str] = {
    "too_short": N_("Describe what happened in at least ten characters."),
    "moved": N_("Nothing was changed: the claim has moved on meanwhile."),
    "not_possible": N_("This order can't be claimed now."),
    "too_much": N_("That is too much for one message: nine pictures and one video at most."),
    "checks": N_("Go through the three questions first."),
    "reason": N_("Choose a reason that goes with the decision."),
}


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything a claim's page shows."""

    order: Order
    lines: Sequence[OrderLine]
    claim: Claim
    parcel: ParcelView | None
    messages: Sequence[Line]
    clocks: Sequence[Any]
    courier_until: Any

    @property
    def state_label(self) -> str:
        return rules.STATE_LABELS[self.claim.state]

    @property
    def tone(self) -> str:
        return TONES[self.claim.state]

    @property
    def title(self) -> str:
        return rules.REASONS[self.claim.reason]

    @property
    def checks(self) -> list[str]:
        """What the buyer answered to the guided check, as msgids."""
        return [CHECK_TEXTS[answer] for answer in self.claim.checks.values() if answer in CHECK_TEXTS]

    @property
    def decision_reason(self) -> str:
        return rules.REASON_TEXTS.get(self.claim.decision_reason, "")

    @property
    def outcome(self) -> str:
        return rules.OUTCOMES.get(self.claim.outcome, "")


async def view_of(tx: Tx, visit: Visit, claim: Claim, *, audience: Audience | None, files_at: str) -> ClaimView:
    """Read what the page shows: nine statements at most, whatever was said. No audience: the operator."""
    order = await orders.order_of_shop(tx, shop_id=claim.shop_id, order_id=claim.order_id)
    assert order is not None  # noqa: S101 - a claim has an order, by its key
    keys = {"shop_id": claim.shop_id, "order_id": claim.order_id}
    lines = await orders.lines_of(tx, **keys)
    parcels = await parcel_view.views_of(tx, order, lines, settings=visit.settings, page=visit.page)
    said = await evidence.thread_of_case(tx, shop_id=claim.shop_id, case_id=claim.id)
    running = [clock for clock in await deadline_queries.of_order(tx, **keys) if clock.subject_id == claim.id]
    parcel = next((view for view in parcels if view.parcel.id == claim.parcel_id), None)
    days = int(book_of(order.policies).find("claim.logistics").value)
    return ClaimView(
        order=order,
        lines=lines,
        claim=claim,
        parcel=parcel,
        messages=conversation(said, files_at=files_at, translator=visit.page.translator),
        clocks=_clocks(running, claim, visit, audience),
        courier_until=rules.courier_claim_until(parcel.parcel, days) if parcel else None,
    )


def _clocks(
    running: Sequence[Deadline], claim: Claim, visit: Visit, audience: Audience | None
) -> list[deadlines.StripItem]:  # fmt: skip
    translator = visit.page.translator
    items = deadlines.strip(running, now=visit.page.now, audience=audience or "buyer", translator=translator)
    if audience is not None or claim.state not in rules.WAITS:
        return items
    return [replace(item, consequence=translator.gettext(rules.WAITS[claim.state].default)) for item in items]
