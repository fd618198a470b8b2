"""What a buyer shows of a bank transfer."""

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.transfers import queries
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.payment_providers.bank_transfer import desk
from etalase.integrations.payment_providers.bank_transfer.desk import TooManyProofs, TransferGone
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.pictures import UPLOAD_BYTES_MAX
from etalase.web.media import private_picture, private_storage
from etalase.web.request import NotFound, VisitDep, read_form, see_other, signed_in

router = APIRouter()

REFUSALS = {
    "too_large": N_("The picture is larger than 10 MB."),
    "too_many_pixels": N_("A picture may have at most 40 megapixels."),
    "too_small": N_("The picture is too small to read."),
    "not_a_picture": N_("That is not a picture: send a JPEG, PNG or WebP."),
}


@router.post("/purchases/{purchase_id}/proof")
async def send_proof(request: Request, visit: VisitDep, purchase_id: str) -> Response:
    """Show the operator a picture of the transfer slip."""
    account = signed_in(visit, back_to=f"/purchases/{purchase_id}")
    number = parse_id(purchase_id)
    if number is None:
        raise NotFound
    async with visit.db.for_buyer(account.id).reading() as tx:
        if await payments.purchase_of_buyer(tx, buyer_id=account.id, purchase_id=number) is None:
            raise NotFound
    here = f"/purchases/{number}"
    upload = (await read_form(request)).get("proof")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return see_other(visit, here, flash=N_("Choose a picture of the transfer slip."), kind="error")
    try:
        kept = await private_storage(visit.settings).keep_picture(await upload.read(UPLOAD_BYTES_MAX + 1))
        await desk.show_proof(visit.db, buyer_id=account.id, purchase_id=number, file_key=kept.key)
    except UploadRefused as refusal:
        return see_other(visit, here, flash=REFUSALS[refusal.code], kind="error")
    except TransferGone:
        return see_other(visit, here, flash=N_("There is nothing left to pay here."), kind="info")
    except TooManyProofs:
        return see_other(visit, here, flash=N_("You have sent enough pictures. We are looking at them."), kind="info")
    return see_other(visit, here, flash=N_("Thank you. We look at it and tell you as soon as the money is found."))


@router.get("/purchases/{purchase_id}/proofs/{proof_id}")
async def show_proof(visit: VisitDep, purchase_id: str, proof_id: str) -> Response:
    """A picture that the buyer has sent."""
    account = signed_in(visit)
    number, wanted = parse_id(purchase_id), parse_id(proof_id)
    if number is None or wanted is None:
        raise NotFound
    async with visit.db.for_buyer(account.id).reading() as tx:
        attempts = await payments.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
        proofs = await queries.proofs_of_payments(tx, [(account.id, attempt.id) for attempt in attempts])
    found = next((proof for proof in proofs if proof.id == wanted), None)
    if found is None:
        raise NotFound
    return private_picture(visit.settings, found.file_key)
