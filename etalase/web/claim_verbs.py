"""What both sides can do with a claim, read from a form, and how refusals are said."""

from starlette.datastructures import FormData

from etalase.commerce.evidence.errors import CaseClosed, NothingSaid, TooMuchSaid
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.journeys.claims import answering
from etalase.journeys.claims.errors import (
    ChecksMissing,
    ClaimMoved,
    ClaimNotFound,
    ClaimNotPossible,
    NotTheLoser,
    ReasonUnknown,
    TextTooShort,
)
from etalase.journeys.claims.rules import Claim, Party
from etalase.web import case_files
from etalase.web.request import Visit

REFUSALS_OF_VERBS = (
    ClaimMoved, ClaimNotFound, NotTheLoser, TextTooShort, CaseClosed, NothingSaid, TooMuchSaid, ReasonUnknown,
)  # fmt: skip
CODES: dict[type[Exception], str] = {
    TextTooShort: "too_short",
    NothingSaid: "too_short",
    TooMuchSaid: "too_much",
    ChecksMissing: "checks",
    ClaimNotPossible: "not_possible",
    ReasonUnknown: "reason",
}


def code_of(refusal: Exception) -> str:
    """The code of a refusal among `claim_view.REFUSALS`."""
    return CODES.get(type(refusal), "moved")


async def act(visit: Visit, claim: Claim, form: FormData, *, by: Actor, party: Party) -> str:
    """Do what both sides can do with an open claim; returns what to say about it."""
    keys = {"shop_id": claim.shop_id, "claim_id": claim.id}
    text, action = str(form.get("text", "")), str(form.get("action", ""))
    if action == "withdraw":
        await answering.withdraw(visit.db, by=by, party=party, **keys)
        return N_("The claim is taken back. The order goes on as before.")
    if action == "accept":
        await answering.accept(visit.db, by=by, party=party, **keys)
        return N_("The decision takes effect now.")
    files = await case_files.uploads_in(visit, form)
    if action == "appeal":
        await answering.appeal(visit.db, text=text, files=files, by=by, party=party, **keys)
        return N_("Your appeal is with customer service, who decides finally.")
    await answering.say(visit.db, text=text, files=files, by=by, **keys)
    return N_("Your message was added.")
