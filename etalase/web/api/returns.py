"""Returns: what of an order can be returned, and asking for it."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from etalase.commerce.evidence.rules import needs_evidence
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import OrderNotFound
from etalase.journeys.cancellations.rules import TooManyUnits
from etalase.journeys.returns import asking, rules
from etalase.journeys.returns.errors import EvidenceMissing, KindNotOffered, NotReturnable, ReasonUnknown
from etalase.journeys.returns.rules import Kind
from etalase.web.api.access import BuyerDep, id_of
from etalase.web.api.evidence import Evidence, files_named
from etalase.web.api.models import Id, Money, Sent
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["returns"])


class Units(Sent):
    """Units of a line of the order."""

    line_id: Id
    quantity: int = Field(ge=1, le=999)


class ReturnAsked(Sent):
    """What is asked for, why, and for what."""

    kind: Kind
    reason: str
    lines: list[Units] = Field(min_length=1, max_length=100)
    words: str = ""
    evidence: Evidence = Field(default_factory=list)


class Reason(BaseModel):
    """A reason, what it can lead to, and whether it needs a picture or video."""

    code: str
    kinds: list[str]
    needs_evidence: bool


class Returnable(BaseModel):
    """What of the order can be returned now; `why_not` is "" if something can."""

    why_not: str
    until: datetime | None
    lines: list[Units]
    reasons: list[Reason]


class ReturnView(BaseModel):
    """A return as it was asked for."""

    id: str
    state: str
    kind: str
    amount: Money


@router.get("/orders/{order_id}/returnable")
async def returnable(buyer: BuyerDep, order_id: str) -> Returnable:
    """What of the order can be returned now, and for which reasons."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        order = await orders.order_of_buyer(tx, buyer_id=buyer.id, order_id=id_of(order_id))
        if order is None:
            raise not_found()
        found = await asking.eligibility(tx, order)
    return Returnable(
        why_not=found.why_not or "",
        until=found.until,
        lines=[Units(line_id=str(line), quantity=left) for line, left in found.units.items() if left > 0],
        reasons=[
            Reason(code=code, kinds=[str(kind) for kind in one.kinds], needs_evidence=needs_evidence(one.proof, ()))
            for code, one in rules.REASONS.items()
        ],
    )


@router.post("/orders/{order_id}/returns", status_code=201)
async def ask(buyer: BuyerDep, order_id: str, sent: ReturnAsked) -> ReturnView:
    """Ask for a return; the seller answers, or the clock does. It is a case: GET /orders/{order_id}/cases says how it stands."""
    files = files_named(buyer, sent.evidence)
    units = {id_of(one.line_id): one.quantity for one in sent.lines}
    draft = asking.Draft(sent.kind, sent.reason, units, words=sent.words.replace("\0", ""), files=files)
    try:
        made = await asking.request(buyer.db, buyer_id=buyer.id, order_id=id_of(order_id), draft=draft)
    except OrderNotFound:
        raise not_found() from None
    except (ReasonUnknown, KindNotOffered):
        raise Problem(422, "not_valid", "See errors.", errors=(("reason", "not_offered"),)) from None
    except TooManyUnits:
        raise Problem(422, "not_valid", "See errors.", errors=(("lines", "too_many"),)) from None
    except EvidenceMissing:
        raise Problem(
            409,
            "evidence_missing",
            "This reason needs a picture or video: send it to POST /evidence, and its key with the request.",
        ) from None
    except NotReturnable as refusal:
        raise Problem(409, "not_returnable", more={"why_not": str(refusal)}) from None
    amount = Money(amount_minor=made.amount_minor, currency="IDR")
    return ReturnView(id=str(made.id), state=made.state, kind=made.kind, amount=amount)
