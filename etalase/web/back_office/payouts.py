"""The operator's payouts: bank accounts to verify, batches to approve, transfers that left or came back."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts.banks import BANKS
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.wallet import queries as withdrawals
from etalase.commerce.wallet.rules import WithdrawalState
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.payouts import actions, queries
from etalase.journeys.payouts.errors import StepNotAllowed
from etalase.journeys.payouts.rules import BatchState, PayoutState
from etalase.web.explained_money import csv_answer
from etalase.web.request import NotFound, VisitDep, operator, read_form, render, see_other

router = APIRouter()

CURRENCY = "IDR"
BATCH_STATES = {
    BatchState.PROPOSED: (N_("Waits for approval"), "soon"),
    BatchState.APPROVED: (N_("On its way"), "brand"),
    BatchState.DROPPED: (N_("Dropped"), "neutral"),
    BatchState.CLOSED: (N_("Closed"), "good"),
}
PAYOUT_STATES = {
    PayoutState.PROPOSED: (N_("Proposed"), "soon"),
    PayoutState.APPROVED: (N_("On its way"), "brand"),
    PayoutState.PAID: (N_("Paid out"), "good"),
    PayoutState.RETURNED: (N_("Came back"), "bad"),
    PayoutState.DROPPED: (N_("Dropped"), "neutral"),
}
WITHDRAWAL_STATES = {
    WithdrawalState.REQUESTED: (N_("Waits for approval"), "soon"),
    WithdrawalState.APPROVED: (N_("On its way"), "brand"),
    WithdrawalState.PAID: (N_("Paid out"), "good"),
    WithdrawalState.FAILED: (N_("Came back"), "bad"),
    WithdrawalState.REFUSED: (N_("Refused"), "bad"),
    WithdrawalState.WITHDRAWN: (N_("Taken back"), "neutral"),
}
STEPS = {"paid": WithdrawalState.PAID, "returned": WithdrawalState.FAILED, "refuse": WithdrawalState.REFUSED}
MOVED_ON = N_("That was done already, or is not possible any more.")


@router.get("/operator/payouts")
async def show_payouts(visit: VisitDep) -> Response:
    """Accounts that wait to be verified, and batches."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        accounts = await queries.accounts_to_verify(tx)
        batches = await queries.batches(tx)
        shops = await _shop_names(tx, [account.shop_id for account in accounts])
        waiting = await withdrawals.withdrawals_waiting(tx)
    return render(
        visit, "back_office/payouts.html", accounts=accounts, batches=batches, shops=shops, banks=BANKS, states=BATCH_STATES,
        currency=CURRENCY, waiting=waiting,
    )  # fmt: skip


async def _shop_names(tx: Tx, shop_ids: list[int]) -> dict[int, str]:
    return {shop.shop_id: shop.name for shop in await catalog.shops_by_id(tx, sorted(set(shop_ids)))}


@router.post("/operator/payouts")
async def propose(visit: VisitDep) -> Response:
    """Put everybody who can be paid into a batch."""
    account = operator(visit)
    try:
        batch_id = await actions.propose_batch(visit.db, currency=CURRENCY, by=Actor.operator(account.id))
    except StepNotAllowed:
        return see_other(visit, "/operator/payouts", flash=N_("A batch waits for approval already."), kind="warning")
    if batch_id is None:
        said = N_("Nobody can be paid now: no money above the minimum, or no verified account.")
        return see_other(visit, "/operator/payouts", flash=said, kind="info")
    return see_other(visit, f"/operator/payouts/{batch_id}")


@router.get("/operator/payouts/{batch_id}")
async def show_batch(visit: VisitDep, batch_id: str) -> Response:
    """One batch with its transfers."""
    operator(visit)
    return render(visit, "back_office/payout_batch.html", **await _batch(visit, batch_id))


async def _batch(visit: VisitDep, batch_id: str) -> dict[str, Any]:
    async with visit.db.any().reading() as tx:
        found = await queries.payouts_of_batch(tx, batch_id=parse_id(batch_id) or 0)
        batch = next((one for one in await queries.batches(tx) if str(one.id) == batch_id), None)
        taken_out = await withdrawals.withdrawals_of_batch(tx, batch_id=parse_id(batch_id) or 0)
        if batch is None or not (found or taken_out):
            raise NotFound
        shops = await _shop_names(tx, [payout.shop_id for payout in found])
    return {
        "payouts": found,
        "withdrawals": taken_out,
        "withdrawal_states": WITHDRAWAL_STATES,
        "batch": batch,
        "shops": shops,
        "banks": BANKS,
        "states": PAYOUT_STATES,
        "batch_states": BATCH_STATES,
        "currency": CURRENCY,
    }


@router.post("/operator/payouts/{batch_id}/approval")
async def approve(visit: VisitDep, batch_id: str) -> Response:
    """Set the sellers' money aside: the transfers can be made."""
    by, number = Actor.operator(operator(visit).id), await _known(visit, batch_id)
    try:
        approved = await actions.approve_batch(visit.db, batch_id=number, by=by)
    except StepNotAllowed:
        return see_other(visit, f"/operator/payouts/{number}", flash=MOVED_ON, kind="warning")
    return see_other(visit, f"/operator/payouts/{number}", flash=N_("%(n)s payouts are approved."), n=approved)


async def _known(visit: VisitDep, batch_id: str) -> int:
    number = parse_id(batch_id) or 0
    async with visit.db.any().reading() as tx:
        if not await queries.payouts_of_batch(tx, batch_id=number) and not await withdrawals.withdrawals_of_batch(
            tx, batch_id=number
        ):
            raise NotFound
    return number


@router.post("/operator/payouts/{batch_id}/drop")
async def drop(visit: VisitDep, batch_id: str) -> Response:
    """Do not pay this batch."""
    by, number = Actor.operator(operator(visit).id), await _known(visit, batch_id)
    try:
        await actions.drop_batch(visit.db, batch_id=number, by=by)
    except StepNotAllowed:
        return see_other(visit, f"/operator/payouts/{number}", flash=MOVED_ON, kind="warning")
    return see_other(visit, "/operator/payouts", flash=N_("The batch was dropped; no money moved."))


@router.post("/operator/payouts/{batch_id}/withdrawals/{buyer_id}/{withdrawal_id}")
async def end_withdrawal(
    request: Request, visit: VisitDep, batch_id: str, buyer_id: str, withdrawal_id: str
) -> Response:  # fmt: skip
    """Refuse a withdrawal before the batch is approved, or what the bank says of it afterwards."""
    by, number = Actor.operator(operator(visit).id), await _known(visit, batch_id)
    form = await read_form(request)
    said = str(form.get("step", ""))
    if said not in STEPS:
        raise NotFound
    try:
        await actions.end_withdrawal(
            visit.db, buyer_id=parse_id(buyer_id) or 0, withdrawal_id=parse_id(withdrawal_id) or 0, to=STEPS[said], by=by,
            reason=str(form.get("reason", "")),
        )  # fmt: skip
    except StepNotAllowed:
        return see_other(visit, f"/operator/payouts/{number}", flash=MOVED_ON, kind="warning")
    return see_other(visit, f"/operator/payouts/{number}", flash=N_("Written down."))


@router.post("/operator/payouts/{batch_id}/{shop_id}/{payout_id}")
async def end(request: Request, visit: VisitDep, batch_id: str, shop_id: str, payout_id: str) -> Response:
    """What the bank says of one transfer: it left, or it came back."""
    by, number = Actor.operator(operator(visit).id), await _known(visit, batch_id)
    form = await read_form(request)
    said = str(form.get("step", ""))
    if said not in ("paid", "returned"):
        raise NotFound
    try:
        await actions.end_payout(
            visit.db, shop_id=parse_id(shop_id) or 0, payout_id=parse_id(payout_id) or 0,
            to="paid" if said == "paid" else "returned", by=by, reason=str(form.get("reason", "")),
        )  # fmt: skip
    except StepNotAllowed:
        return see_other(visit, f"/operator/payouts/{number}", flash=MOVED_ON, kind="warning")
    return see_other(visit, f"/operator/payouts/{number}", flash=N_("Written down."))


@router.get("/operator/payouts/{batch_id}/csv")
async def download_batch(visit: VisitDep, batch_id: str) -> Response:
    """The transfers as the bank's bulk upload wants them: account, name, amount, reference."""
    operator(visit)
    values = await _batch(visit, batch_id)
    rows: list[tuple[object, ...]] = [
        ("bank", "account_number", "account_name", "currency", "amount", "reference", "state")
    ]
    rows += [
        (BANKS.get(p.bank, p.bank), p.number, p.holder, p.currency, p.amount_minor, str(p.id), p.state.value)
        for p in values["payouts"]
    ]
    rows += [
        (BANKS.get(w.bank, w.bank), w.number, w.holder, w.currency, w.goes_minor, str(w.id), w.state.value)
        for w in values["withdrawals"]
    ]
    return csv_answer(rows, name=f"payouts-{batch_id}.csv")


@router.post("/operator/bank-accounts/{shop_id}/{account_id}")
async def decide_account(request: Request, visit: VisitDep, shop_id: str, account_id: str) -> Response:
    """Verify or refuse a seller's bank account."""
    by = Actor.operator(operator(visit).id)
    form = await read_form(request)
    about = {"shop_id": parse_id(shop_id) or 0, "account_id": parse_id(account_id) or 0}
    reason = str(form.get("reason", "")).strip()
    try:
        if form.get("step") == "verify":
            await actions.verify_account(visit.db, **about, by=by)
        elif form.get("step") == "refuse" and reason:
            await actions.refuse_account(visit.db, **about, reason=reason, by=by)
        else:
            said = N_("Say why the account is refused; the seller reads it.")
            return see_other(visit, "/operator/payouts", flash=said, kind="error")
    except StepNotAllowed:
        raise NotFound from None
    return see_other(visit, "/operator/payouts", flash=N_("Written down."))
