"""Cases: returns and claims of an order, what was said and shown in them, saying more, and asking for what never came."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from etalase.commerce.evidence import queries
from etalase.commerce.evidence.errors import CaseClosed, NothingSaid, TooMuchSaid
from etalase.commerce.evidence.rules import Case, Said
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import OrderNotFound
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Tx
from etalase.journeys.claims import answering, opening
from etalase.journeys.claims import queries as claims
from etalase.journeys.claims.errors import ChecksMissing, ClaimNotPossible, TextTooShort
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import CHECK_ANSWERS, Check, Claim
from etalase.journeys.returns import actions as returning
from etalase.journeys.returns import queries as returns
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.rules import Return
from etalase.web.api.access import Buyer, BuyerDep, id_of
from etalase.web.api.evidence import Evidence, files_named
from etalase.web.api.models import Id, Money, Sent
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["cases"])


class CaseView(BaseModel):
    """A return or a claim; `state` is that of its kind, `amount` what is asked for."""

    id: str
    kind: str = Field(examples=["return", "claim", "insurance"])
    state: str
    is_open: bool
    amount: Money
    opened_at: datetime
    closed_at: datetime | None


class Cases(BaseModel):
    """The cases of an order, the newest first."""

    cases: list[CaseView]


class FileView(BaseModel):
    """A picture or video; its address needs the token like all others."""

    url: str
    media_type: str


class MessageView(BaseModel):
    """What somebody said and showed: buyer, seller, operator or system."""

    author: str
    text: str
    at: datetime
    files: list[FileView]


class CaseOpened(CaseView):
    """A case with its conversation, in order."""

    messages: list[MessageView]


class MessageSent(Sent):
    """Words, pictures, or both."""

    words: str = ""
    evidence: Evidence = Field(default_factory=list)


class ClaimAsked(Sent):
    """What was looked at before, what happened, and which parcel if there are several."""

    checks: dict[Check, str] = Field(examples=[{check: answers[0] for check, answers in CHECK_ANSWERS.items()}])
    words: str
    parcel_id: Id | None = None
    evidence: Evidence = Field(default_factory=list)


@router.get("/orders/{order_id}/cases")
async def list_cases(buyer: BuyerDep, order_id: str) -> Cases:
    """Returns and claims of one's own order."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        order = await orders.order_of_buyer(tx, buyer_id=buyer.id, order_id=id_of(order_id))
        if order is None:
            raise not_found()
        found = await queries.cases_of_order(tx, shop_id=order.shop_id, order_id=order.id)
        return Cases(cases=[await _view(tx, case, order.currency) for case in found])


@router.get("/orders/{order_id}/cases/{case_id}")
async def show_case(buyer: BuyerDep, order_id: str, case_id: str) -> CaseOpened:
    """A case and what was said in it."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        case = await _own(tx, buyer, order_id, case_id)
        return await _opened(tx, case)


@router.post("/orders/{order_id}/cases/{case_id}/messages", status_code=201)
async def say(buyer: BuyerDep, order_id: str, case_id: str, sent: MessageSent) -> CaseOpened:
    """Add words or evidence to an open case; the other side is told."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        case = await _own(tx, buyer, order_id, case_id)
    words, files = sent.words.replace("\0", ""), files_named(buyer, sent.evidence)
    try:
        if case.kind == "return":
            key = Key.of_buyer(buyer.id, order_id=case.order_id, return_id=case.id)
            await returning.say(buyer.db, key, words=words, files=files)
        else:
            by = Actor.buyer(buyer.id)
            await answering.say(buyer.db, shop_id=case.shop_id, claim_id=case.id, text=words, files=files, by=by)
    except CaseClosed:
        raise Problem(409, "moved_on", "The case is closed.") from None
    except TooMuchSaid:
        raise Problem(409, "too_much_said", "The case holds as many messages as one may.") from None
    except NothingSaid:
        raise Problem(422, "not_valid", "See errors.", errors=(("words", "missing"),)) from None
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        return await _opened(tx, case)


@router.post("/orders/{order_id}/claims", status_code=201)
async def ask_for_what_never_came(buyer: BuyerDep, order_id: str, sent: ClaimAsked) -> CaseOpened:
    """Tell the seller that a parcel marked as delivered was not received; the seller's clock starts."""
    told = Told(
        text=sent.words.replace("\0", ""), checks={str(name): answer for name, answer in sent.checks.items()},
        files=files_named(buyer, sent.evidence), parcel_id=id_of(sent.parcel_id) if sent.parcel_id else None,
    )  # fmt: skip
    try:
        claim_id = await opening.ask_seller(buyer.db, buyer_id=buyer.id, order_id=id_of(order_id), told=told)
    except OrderNotFound:
        raise not_found() from None
    except ClaimNotPossible:
        raise Problem(
            409, "not_claimable", "Nothing of it is delivered, it is completed, or was claimed before."
        ) from None
    except ChecksMissing as missing:
        errors = tuple((f"checks.{check}", "missing") for check in missing.checks)
        raise Problem(422, "not_valid", "See errors.", errors=errors) from None
    except TextTooShort:
        raise Problem(422, "not_valid", "See errors.", errors=(("words", "too_short"),)) from None
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        return await _opened(tx, await _own(tx, buyer, order_id, str(claim_id)))


async def _own(tx: Tx, buyer: Buyer, order_id: str, case_id: str) -> Case:
    case = await queries.case_of_buyer(tx, buyer_id=buyer.id, order_id=id_of(order_id), case_id=id_of(case_id))
    if case is None:
        raise not_found()
    return case


async def _opened(tx: Tx, case: Case) -> CaseOpened:
    order = await orders.order_of_shop(tx, shop_id=case.shop_id, order_id=case.order_id)
    said = await queries.thread_of_case(tx, shop_id=case.shop_id, case_id=case.id)
    view = await _view(tx, case, order.currency if order else "IDR")
    return CaseOpened(**view.model_dump(), messages=[_message(case, one) for one in said])


async def _view(tx: Tx, case: Case, currency: str) -> CaseView:
    found: Return | Claim | None
    if case.kind == "return":
        found = await returns.return_of_shop(tx, shop_id=case.shop_id, return_id=case.id)
    else:
        found = await claims.claim_of_shop(tx, shop_id=case.shop_id, claim_id=case.id)
    return CaseView(
        id=str(case.id),
        kind=case.kind,
        state=found.state if found else case.state,
        is_open=case.is_open,
        amount=Money(amount_minor=found.amount_minor if found else 0, currency=currency),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
    )


def _message(case: Case, one: Said) -> MessageView:
    at = f"/api/v1/orders/{case.order_id}/cases/{case.id}/files"
    files = [FileView(url=f"{at}/{file.id}", media_type=file.media_type) for file in one.files]
    return MessageView(author=one.message.author, text=one.message.text, at=one.message.at, files=files)
