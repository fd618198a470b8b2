"""Asking to return something: first which pieces and why, then what for, with evidence and what it brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence.errors import TooMuchSaid
from etalase.commerce.evidence.rules import TEXT_MAX, NewFile, Proof
from etalase.commerce.orders.errors import OrderNotFound
from etalase.commerce.orders.refunding import Worth
from etalase.commerce.payments.methods import MethodKind, payment_method
from etalase.foundation.i18n import N_
from etalase.journeys.cancellations.rules import TooManyUnits
from etalase.journeys.checkout.refunding import expected_days, wallets_share
from etalase.journeys.checkout.rules import WALLET
from etalase.journeys.returns import asking
from etalase.journeys.returns.asking import Draft, Eligibility
from etalase.journeys.returns.errors import EvidenceMissing, KindNotOffered, NotReturnable, ReasonUnknown
from etalase.journeys.returns.rules import NOT_RETURNABLE, REASONS, Kind, Reason
from etalase.web import evidence
from etalase.web.request import NotFound, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.return_words import KIND_HINTS, KIND_LABELS
from etalase.web.storefront.order_cancelling import wants_wallet
from etalase.web.storefront.order_page import order_or_404
from etalase.web.units import chosen_lines, units_in

router = APIRouter()

PROOF_WORDS: dict[Proof, str] = {
    Proof.NONE: N_("Pictures help the seller to answer soon."),
    Proof.PHOTO: N_("Show it with at least one picture."),
    Proof.PHOTO_OR_VIDEO: N_("Show it with a picture or a video."),
}


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in so far."""

    units: Mapping[int, int] = field(default_factory=dict)
    reason: str = ""
    kind: str = ""
    words: str = ""
    files: Sequence[NewFile] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/orders/{order_id}/returns/new")
async def ask(request: Request, visit: VisitDep, order_id: str) -> Response:
    """The form: pieces and reason at first; when they are chosen, the rest."""
    signed_in(visit)
    query = request.query_params
    form = Form(units=units_in(query.multi_items()), reason=query.get("reason", ""), kind=query.get("kind", ""))
    return await _page(visit, order_id, form, is_sent="reason" in query or bool(form.units))


async def _page(visit: Visit, order_id: str, form: Form, *, is_sent: bool, status: int = 200) -> Response:
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        found = await asking.eligibility(tx, order)
        expected = await expected_days(tx, method=order.payment_method, at=visit.page.now)
        worth, problem = _worth(found, form) if is_sent else (None, "")
        to_wallet_minor = await wallets_share(tx, order, worth.total_minor) if worth else 0
    method = payment_method(WALLET if worth and 0 < worth.total_minor == to_wallet_minor else order.payment_method)
    return render(
        visit,
        "storefront/returns/new.html",
        status=status,
        order=order,
        found=found,
        form=form,
        worth=worth,
        problem=problem,
        chosen=chosen_lines(found.lines, form.units),
        reason=REASONS.get(form.reason),
        reasons=REASONS,
        kinds=_kinds(REASONS.get(form.reason)),
        not_returnable=NOT_RETURNABLE,
        proof_words=PROOF_WORDS,
        method=method,
        to_wallet_minor=to_wallet_minor,
        can_choose_wallet=method.kind is not MethodKind.WALLET,
        expected=expected,
        evidence_hint=evidence.HINT,
        evidence_accept=evidence.ACCEPT,
        words_max=TEXT_MAX,
    )


def _kinds(reason: Reason | None) -> list[tuple[Kind, str, str]]:
    return [(kind, KIND_LABELS[kind], KIND_HINTS[kind]) for kind in reason.kinds] if reason else []


def _worth(found: Eligibility, form: Form) -> tuple[Worth | None, str]:
    """What it would bring, or what is still wrong (a msgid)."""
    if found.why_not:
        return None, ""
    try:
        return asking.calculate(found, form.units, reason=form.reason), ""
    except TooManyUnits:
        return None, N_("Choose at least one piece, no more than can be returned.")
    except ReasonUnknown:
        return None, N_("Choose a reason.")


@router.post("/orders/{order_id}/returns")
async def send(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Send the request; what is missing is said beside what was filled in, and files that were sent stay."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
    sent = await read_form(request)
    uploads = await evidence.read_uploads(visit, sent)
    form = Form(
        units=units_in(sent.multi_items()),
        reason=str(sent.get("reason", "")),
        kind=str(sent.get("kind", "")),
        words=str(sent.get("words", "")).strip(),
        files=uploads.files,
    )
    errors = {"evidence": " ".join(uploads.problems)} if uploads.problems else {}
    if form.kind not in list(Kind):
        errors["kind"] = N_("Choose what you ask for.")
    if errors:
        return await _again(visit, order_id, form, errors)
    draft = Draft(Kind(form.kind), form.reason, form.units, form.words, form.files, wants_wallet(sent))
    try:
        made = await asking.request(visit.db, buyer_id=account.id, order_id=order.id, draft=draft)
    except OrderNotFound:
        raise NotFound from None
    except NotReturnable as refused:
        text = NOT_RETURNABLE[refused.code]
        return see_other(visit, f"/orders/{order.id}", flash=text, kind="error")
    except (EvidenceMissing, TooMuchSaid):
        return await _again(visit, order_id, form, {"evidence": PROOF_WORDS[REASONS[form.reason].proof]})
    except KindNotOffered:
        return await _again(visit, order_id, form, {"kind": N_("Choose what you ask for.")})
    except (TooManyUnits, ReasonUnknown):
        return await _again(visit, order_id, form, {})
    text = N_("The seller has been asked. The clock on this page says when you will know.")
    return see_other(visit, f"/orders/{order.id}/returns/{made.id}", flash=text)


async def _again(visit: Visit, order_id: str, form: Form, errors: Mapping[str, str]) -> Response:
    shown = Form(form.units, form.reason, form.kind, form.words, form.files, errors)
    return await _page(visit, order_id, shown, is_sent=True, status=422)
