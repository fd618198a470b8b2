"""The seller's side of claims: what waits for an answer, agreeing, refusing, evidence, appeals, insured losses."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, parse_id
from etalase.integrations.storage.errors import UploadRefused
from etalase.journeys.claims import answering, opening, queries, rules
from etalase.journeys.claims.errors import ClaimNotPossible, ReasonUnknown, TextTooShort
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import Claim
from etalase.web import case_files, claim_view, saved_answers
from etalase.web.claim_verbs import REFUSALS_OF_VERBS, act, code_of
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, read_form, render, see_other
from etalase.web.seller_center import answers
from etalase.web.seller_center.order_page import order_or_404
from etalase.web.seller_center.orders import at_shop_time

router = APIRouter()


@router.get("/seller/claims")
async def show_claims(request: Request, visit: VisitDep) -> Response:
    """The shop's open claims, newest first."""
    member = at_shop_time(visit)
    before = parse_id(request.query_params.get("before", "")) or ID_MAX
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await queries.open_claims_of_shop(tx, shop_id=member.shop_id, before=before)
        names = await orders.standings(tx, shop_id=member.shop_id, order_ids=[claim.order_id for claim in found])
    more = f"?before={found[-1].id}" if len(found) == queries.PAGE_SIZE else ""
    return render(
        visit, "seller_center/claims/list.html", claims=found, names=names, more=more, labels=rules.STATE_LABELS,
        reasons=rules.REASONS, tones=claim_view.TONES,
    )  # fmt: skip


async def _claim_or_404(visit: Visit, member: Member, claim_id: str) -> Claim:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await queries.claim_of_shop(tx, shop_id=member.shop_id, claim_id=parse_id(claim_id) or 0)
    if found is None:
        raise NotFound
    return found


@router.get("/seller/claims/{claim_id}")
async def show_claim(visit: VisitDep, claim_id: str) -> Response:
    """How the claim stands, what the buyer says, what the courier says, what can be done."""
    member = at_shop_time(visit)
    claim = await _claim_or_404(visit, member, claim_id)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        files_at = f"/seller/cases/{claim.id}/files"
        view = await claim_view.view_of(tx, visit, claim, audience="seller", files_at=files_at)
        here = f"/seller/claims/{claim.id}"
        picked = await saved_answers.picked(tx, visit, shop_id=member.shop_id, here=here, kept_at=answers.HERE)
    return render(
        visit, "seller_center/claims/claim.html", view=view, claim=claim, order=view.order, text_min=rules.TEXT_MIN,
        picked=picked,
    )  # fmt: skip


@router.post("/seller/claims/{claim_id}")
async def act_on_claim(request: Request, visit: VisitDep, claim_id: str) -> Response:
    """Agree, refuse with a reason, say more, accept a decision or appeal."""
    member = member_of_shop(visit)
    claim = await _claim_or_404(visit, member, claim_id)
    form = await read_form(request)
    back = f"/seller/claims/{claim.id}"
    try:
        flash = await _act(visit, claim, form, by=Actor.seller(member.account_id))
    except UploadRefused as refusal:
        text = case_files.REFUSALS.get(refusal.code, case_files.REFUSED)
        return see_other(visit, back, flash=text, kind="error")
    except REFUSALS_OF_VERBS as refusal:
        return see_other(visit, back, flash=claim_view.REFUSALS[code_of(refusal)], kind="error")
    return see_other(visit, back, flash=flash)


async def _act(visit: Visit, claim: Claim, form: FormData, *, by: Actor) -> str:
    action = form.get("action")
    if action == "agree":
        await answering.agree(visit.db, shop_id=claim.shop_id, claim_id=claim.id, by=by)
        return N_("The money goes back to the buyer. Claim it from the carrier.")
    if action == "refuse":
        files = await case_files.uploads_in(visit, form)
        await answering.refuse(
            visit.db, shop_id=claim.shop_id, claim_id=claim.id, text=str(form.get("text", "")), files=files, by=by
        )
        return N_("Customer service has taken over. Add your proof while there is time.")
    return await act(visit, claim, form, by=by, party="seller")


@router.get("/seller/cases/{case_id}/files/{file_id}")
async def show_file(visit: VisitDep, case_id: str, file_id: str) -> Response:
    """A file of a case about one of the shop's orders."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        case = await evidence.case_of_shop(tx, shop_id=member.shop_id, case_id=parse_id(case_id) or 0)
        return await case_files.send_file(tx, visit, case, parse_id(file_id))


@router.get("/seller/orders/{order_id}/insurance-claim")
async def show_insurance(visit: VisitDep, order_id: str) -> Response:
    """The form of an insurance claim for what the shop had to pay back."""
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
    return await _insurance(visit, member, order)


async def _insurance(
    visit: Visit, member: Member, order: Order, *, error: str = "", typed: str = "", status: int = 200
) -> Response:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        before = await queries.claims_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return render(
        visit,
        "seller_center/claims/insurance.html",
        status=status,
        order=order,
        is_possible=rules.can_claim_insurance(order, before, by="seller", now=visit.page.now),
        until=rules.insured_until(order, before),
        amount_minor=rules.insured_loss(order, by="seller"),
        error=claim_view.REFUSALS.get(error, error),
        typed=typed,
    )


@router.post("/seller/orders/{order_id}/insurance-claim")
async def claim_insurance(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Claim the loss."""
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await order_or_404(tx, member, order_id)
    form = await read_form(request)
    text = str(form.get("text", ""))
    try:
        files = await case_files.uploads_in(visit, form)
        claim_id = await opening.claim_insurance_as_seller(
            visit.db, shop_id=member.shop_id, order_id=order.id, by=Actor.seller(member.account_id),
            told=Told(text=text, reason=str(form.get("reason", "")), files=files),
        )  # fmt: skip
    except UploadRefused as refusal:
        said = case_files.REFUSALS.get(refusal.code, case_files.REFUSED)
        return await _insurance(visit, member, order, error=said, typed=text, status=422)
    except (TextTooShort, ClaimNotPossible, ReasonUnknown) as refusal:
        return await _insurance(visit, member, order, error=code_of(refusal), typed=text, status=422)
    return see_other(visit, f"/seller/claims/{claim_id}", flash=N_("Your claim is with customer service."))
