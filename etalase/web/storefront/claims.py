"""What a buyer does about a parcel that never came, and about an insured loss."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.insurance import EXCLUSIONS, Terms
from etalase.commerce.orders.insurance import KEY as INSURANCE_TERMS
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.rules import book_of
from etalase.integrations.storage.errors import UploadRefused
from etalase.journeys.claims import opening, queries, rules
from etalase.journeys.claims.errors import ChecksMissing, ClaimNotPossible, ReasonUnknown, TextTooShort
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import Claim
from etalase.web import case_files, claim_view, parcel_view
from etalase.web.claim_verbs import REFUSALS_OF_VERBS, act, code_of
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.storefront.order_page import order_or_404

router = APIRouter()


@router.get("/orders/{order_id}/claim")
async def show_guide(visit: VisitDep, order_id: str) -> Response:
    """The guided check; an order that has a claim leads to it."""
    return await _guide(visit, signed_in(visit), order_id)


async def _guide(
    visit: Visit, account: SignedIn, order_id: str, *, error: str = "", typed: str = "", status: int = 200
) -> Response:
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        keys = {"shop_id": order.shop_id, "order_id": order.id}
        lines = await orders.lines_of(tx, **keys)
        views = await parcel_view.views_of(tx, order, lines, settings=visit.settings, page=visit.page)
        before = await queries.claims_of_order(tx, **keys)
    is_possible = rules.can_claim(order, [view.parcel for view in views], before)
    if before and not is_possible:
        return see_other(visit, f"/orders/{order.id}/claims/{before[0].id}")
    return render(
        visit,
        "storefront/claims/ask.html",
        status=status,
        order=order,
        parcels=[view for view in views if view.parcel.state == "delivered"],
        is_possible=is_possible,
        answer_hours=int(book_of(order.policies).find("claim.seller_response").value),
        text_min=rules.TEXT_MIN,
        error=claim_view.REFUSALS.get(error, error),
        typed=typed,
    )


@router.post("/orders/{order_id}/claim")
async def tell_seller(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Send the seller the order number, the answers and what happened; the clock starts."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
    form = await read_form(request)
    text = str(form.get("text", ""))
    try:
        told = Told(
            text=text,
            checks={str(check): str(form.get(check, "")) for check in rules.Check},
            files=await case_files.uploads_in(visit, form),
            parcel_id=parse_id(str(form.get("parcel", ""))),
        )
        claim_id = await opening.ask_seller(visit.db, buyer_id=account.id, order_id=order.id, told=told)
    except UploadRefused as refusal:
        said = case_files.REFUSALS.get(refusal.code, case_files.REFUSED)
        return await _guide(visit, account, order_id, error=said, typed=text, status=422)
    except (TextTooShort, ChecksMissing, ClaimNotPossible) as refusal:
        return await _guide(visit, account, order_id, error=code_of(refusal), typed=text, status=422)
    flash = N_("The seller has been asked. You will hear from us at the latest when the clock runs out.")
    return see_other(visit, f"/orders/{order.id}/claims/{claim_id}", flash=flash)


@router.get("/orders/{order_id}/claims/{claim_id}")
async def show_claim(visit: VisitDep, order_id: str, claim_id: str) -> Response:
    """How the claim stands, what was said, what can be done."""
    return await _show(visit, order_id, claim_id, "storefront/claims/claim.html")


@router.get("/orders/{order_id}/claims/{claim_id}/details")
async def show_claim_details(visit: VisitDep, order_id: str, claim_id: str) -> Response:
    """The changing part of the page alone, for pages that follow the order live."""
    return await _show(visit, order_id, claim_id, "storefront/claims/_claim.html")


async def _show(visit: Visit, order_id: str, claim_id: str, template: str) -> Response:
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        claim = await _claim_or_404(visit, account, order_id, claim_id)
        files_at = f"/orders/{claim.order_id}/cases/{claim.id}/files"
        view = await claim_view.view_of(tx, visit, claim, audience="buyer", files_at=files_at)
    return render(visit, template, view=view, claim=claim, order=view.order, text_min=rules.TEXT_MIN)


async def _claim_or_404(visit: Visit, account: SignedIn, order_id: str, claim_id: str) -> Claim:
    async with visit.db.for_buyer(account.id).reading() as tx:
        found = await queries.claim_of_buyer(
            tx, buyer_id=account.id, order_id=parse_id(order_id) or 0, claim_id=parse_id(claim_id) or 0
        )
    if found is None:
        raise NotFound
    return found


@router.post("/orders/{order_id}/claims/{claim_id}")
async def act_on_claim(request: Request, visit: VisitDep, order_id: str, claim_id: str) -> Response:
    """Say more, take the claim back, accept the decision or appeal."""
    account = signed_in(visit)
    claim = await _claim_or_404(visit, account, order_id, claim_id)
    form = await read_form(request)
    back = f"/orders/{claim.order_id}/claims/{claim.id}"
    try:
        flash = await act(visit, claim, form, by=Actor.buyer(account.id), party="buyer")
    except UploadRefused as refusal:
        text = case_files.REFUSALS.get(refusal.code, case_files.REFUSED)
        return see_other(visit, back, flash=text, kind="error")
    except REFUSALS_OF_VERBS as refusal:
        return see_other(visit, back, flash=claim_view.REFUSALS[code_of(refusal)], kind="error")
    return see_other(visit, back, flash=flash)


@router.get("/orders/{order_id}/cases/{case_id}/files/{file_id}")
async def show_file(visit: VisitDep, order_id: str, case_id: str, file_id: str) -> Response:
    """A file of a case about the buyer's own order."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        case = await evidence.case_of_buyer(
            tx, buyer_id=account.id, order_id=parse_id(order_id) or 0, case_id=parse_id(case_id) or 0
        )
        return await case_files.send_file(tx, visit, case, parse_id(file_id))


@router.get("/orders/{order_id}/insurance-claim")
async def show_insurance(visit: VisitDep, order_id: str) -> Response:
    """The form of an insurance claim."""
    return await _insurance(visit, signed_in(visit), order_id)


async def _insurance(
    visit: Visit, account: SignedIn, order_id: str, *, error: str = "", typed: str = "", status: int = 200
) -> Response:
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        before = await queries.claims_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return render(
        visit,
        "storefront/claims/insurance.html",
        status=status,
        order=order,
        is_possible=rules.can_claim_insurance(order, before, by="buyer", now=visit.page.now),
        until=rules.insured_until(order, before),
        amount_minor=rules.insured_loss(order, by="buyer"),
        terms=Terms.of(book_of(order.policies).find(INSURANCE_TERMS).value),
        exclusions=EXCLUSIONS,
        error=claim_view.REFUSALS.get(error, error),
        typed=typed,
    )


@router.post("/orders/{order_id}/insurance-claim")
async def claim_insurance(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Claim the loss."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
    form = await read_form(request)
    text = str(form.get("text", ""))
    try:
        files = await case_files.uploads_in(visit, form)
        told = Told(text=text, reason=str(form.get("reason", "")), files=files)
        claim_id = await opening.claim_insurance_as_buyer(
            visit.db, buyer_id=account.id, order_id=order.id, told=told
        )  # fmt: skip
    except UploadRefused as refusal:
        said = case_files.REFUSALS.get(refusal.code, case_files.REFUSED)
        return await _insurance(visit, account, order_id, error=said, typed=text, status=422)
    except (TextTooShort, ClaimNotPossible, ReasonUnknown) as refusal:
        return await _insurance(visit, account, order_id, error=code_of(refusal), typed=text, status=422)
    return see_other(visit, f"/orders/{order.id}/claims/{claim_id}", flash=N_("Your claim is with customer service."))
