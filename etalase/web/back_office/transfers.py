"""The operator's desk of bank transfers: what waits, what buyers show, and statements with a preview."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from etalase.commerce.payments.by_hand.rules import REFERENCE_CHARS_MAX
from etalase.commerce.payments.transfers import queries
from etalase.commerce.payments.transfers.queries import AwaitedTransfer, Proof
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.money import typed_rupiah
from etalase.integrations.payment_providers.bank_transfer import desk, statement
from etalase.integrations.payment_providers.bank_transfer.desk import TransferGone
from etalase.integrations.payment_providers.bank_transfer.matching import code_of
from etalase.integrations.payment_providers.bank_transfer.statement import FILE_BYTES_MAX, StatementNotRead
from etalase.integrations.payment_providers.routing import bank_accounts
from etalase.journeys.checkout.settle import AmountNotValid
from etalase.web.media import private_picture
from etalase.web.request import NotFound, VisitDep, operator, read_form, render, see_other

router = APIRouter()

HERE = "/operator/transfers"
REASON_CHARS_MAX = 300
SHOWN_MAX = 100
FOUND = {
    "code": N_("Found by its code"),
    "amount": N_("Found by its amount"),
    "confirmed": N_("Confirmed by hand before"),
    "several": N_("Could be several: choose"),
    "none": N_("Nobody waits for this sum"),
}


@dataclass(frozen=True, slots=True)
class TransferView:
    """A payment that waits, as the desk shows it."""

    awaited: AwaitedTransfer
    code: str
    proof: Proof | None


@router.get("/operator/transfers")
async def show_transfers(visit: VisitDep) -> Response:
    """Lines that wait with what they are for, and payments that wait with what buyers show."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        planned = await desk.preview(tx)
        found = await desk.awaited(tx)
        waiting = [one for one in found if one.is_open][:SHOWN_MAX]
        proofs = await queries.proofs_of_payments(tx, [(one.buyer_id, one.payment_id) for one in waiting])
    newest: dict[int, Proof] = {}
    for proof in proofs:
        newest.setdefault(proof.payment_id, proof)
    views = [TransferView(one, code_of(one.payment_id), newest.get(one.payment_id)) for one in waiting]
    return render(
        visit,
        "back_office/transfers.html",
        accounts=bank_accounts(visit.settings),
        planned=planned,
        matched=sum(1 for one in planned if one.match.payment is not None),
        found_labels=FOUND,
        code_of=code_of,
        # what somebody has to look at comes first
        waiting=sorted(views, key=lambda view: view.proof is None or view.proof.state != "sent"),
    )


@router.post("/operator/transfers/statement")
async def read_statement(request: Request, visit: VisitDep) -> Response:
    """Read a bank statement in; nothing moves before its lines are applied."""
    account = operator(visit)
    form = await read_form(request)
    upload = form.get("statement")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return see_other(visit, HERE, flash=N_("Choose the statement as a CSV file."), kind="error")
    try:
        lines = statement.read(await upload.read(FILE_BYTES_MAX + 1), account=str(form.get("account", ""))[:40])
    except StatementNotRead as problem:
        text = N_("The statement could not be read: %(problem)s")
        return see_other(visit, HERE, flash=text, kind="error", problem=str(problem))
    new = await desk.read_in(visit.db, lines, by=Actor.operator(account.id))
    return see_other(
        visit, HERE, flash=N_("%(lines)s incoming lines read, %(new)s of them new."), lines=len(lines), new=new
    )


@router.post("/operator/transfers/lines")
async def apply_lines(visit: VisitDep) -> Response:
    """Let every line whose payment is known take effect."""
    account = operator(visit)
    applied = await desk.apply_matched(visit.db, by=Actor.operator(account.id))
    return see_other(visit, HERE, flash=N_("%(n)s lines applied."), n=applied)


@router.post("/operator/transfers/lines/{line_id}")
async def decide_line(request: Request, visit: VisitDep, line_id: str) -> Response:
    """Say which payment a line is for, or that it is no buyer's."""
    account = operator(visit)
    number = parse_id(line_id)
    if number is None:
        raise NotFound
    form, by = await read_form(request), Actor.operator(account.id)
    try:
        if form.get("action") == "aside":
            await desk.set_aside(visit.db, line_id=number, by=by)
            return see_other(visit, HERE, flash=N_("The line is set aside."))
        await desk.assign(visit.db, line_id=number, code=str(form.get("code", ""))[:20], by=by)
    except TransferGone:
        return see_other(visit, HERE, flash=N_("No payment has this code, or the line is gone."), kind="error")
    return see_other(visit, HERE, flash=N_("The line is applied."))


@router.post("/operator/transfers/{buyer_id}/{payment_id}")
async def decide_transfer(request: Request, visit: VisitDep, buyer_id: str, payment_id: str) -> Response:
    """Confirm money that is at the bank, or say why a picture is not enough."""
    account = operator(visit)
    buyer, payment = parse_id(buyer_id), parse_id(payment_id)
    if buyer is None or payment is None:
        raise NotFound
    form, by = await read_form(request), Actor.operator(account.id)
    reason = str(form.get("reason", "")).strip()[:REASON_CHARS_MAX]
    reference = str(form.get("reference", "")).strip()[:REFERENCE_CHARS_MAX]
    try:
        if form.get("action") == "reject":
            if not reason:
                return see_other(visit, HERE, flash=N_("Tell the buyer why."), kind="error")
            await desk.reject_proof(visit.db, buyer_id=buyer, payment_id=payment, reason=reason, by=by)
            return see_other(visit, HERE, flash=N_("The buyer is told."))
        if not reference:
            return see_other(visit, HERE, flash=N_("Write down the bank's reference of the transfer."), kind="error")
        outcome = await desk.confirm(
            visit.db, buyer_id=buyer, payment_id=payment, amount_minor=_amount(form.get("amount")), reference=reference,
            by=by,
        )  # fmt: skip
    except TransferGone:
        raise NotFound from None
    except AmountNotValid:
        return see_other(visit, HERE, flash=N_("Type the amount in whole rupiah."), kind="error")
    return see_other(visit, HERE, flash=N_("Confirmed: %(outcome)s."), outcome=outcome)


def _amount(typed: object) -> int:
    return typed_rupiah(typed or "") or 0


@router.get("/operator/transfers/{buyer_id}/{payment_id}/proofs/{proof_id}")
async def show_proof(visit: VisitDep, buyer_id: str, payment_id: str, proof_id: str) -> Response:
    """The picture a buyer shows."""
    operator(visit)
    buyer, payment, wanted = parse_id(buyer_id), parse_id(payment_id), parse_id(proof_id)
    if buyer is None or payment is None or wanted is None:
        raise NotFound
    async with visit.db.for_buyer(buyer).reading() as tx:
        proofs = await queries.proofs_of_payments(tx, [(buyer, payment)])
    found = next((proof for proof in proofs if proof.id == wanted), None)
    if found is None:
        raise NotFound
    return private_picture(visit.settings, found.file_key)
