"""Doing something with a return by its page's form: the verb, its words and files; what was refused keeps what was typed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request

from etalase.commerce.evidence.rules import NewFile
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.errors import ParcelNotFound
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions, parcels
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.errors import ReturnNotFound
from etalase.web import return_words
from etalase.web.evidence import read_uploads
from etalase.web.request import NotFound, Visit, read_form
from etalase.web.return_parcels import can_book, plan_in
from etalase.web.units import units_in

DIGITS_MAX = 2


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with the form."""

    form: FormData
    words: str
    files: Sequence[NewFile]
    is_bookable: bool
    """Whether carriers can be asked for labels here."""

    def text(self, name: str) -> str:
        return str(self.form.get(name, "")).strip()

    def plan(self, method: str = "") -> ParcelPlan:
        """How it travels; raises WayNotOffered, NumberNotValid."""
        return plan_in(self.form, is_bookable=self.is_bookable, method=method)

    @property
    def parcel_id(self) -> int:
        return parse_id(self.text("parcel")) or 0

    @property
    def percent(self) -> int:
        text = self.text("percent")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else 0


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it: `done` (a msgid), or the problem (a text) with what was typed and the files that were kept."""

    done: str = ""
    problem: str = ""
    verb: str = ""
    words: str = ""
    kept: Sequence[NewFile] = ()


Verb = Callable[[Db, Key, Sent], Awaitable[object]]
Verbs = Mapping[str, tuple[Verb, str]]

EITHER: Final[Verbs] = {
    "message": (
        lambda db, key, sent: actions.say(db, key, words=sent.words, files=sent.files), N_("Your message is sent."),
    ),
    "escalate": (
        lambda db, key, sent: actions.escalate(db, key, words=sent.words, files=sent.files),
        N_("Etalase has been asked to decide."),
    ),
    "appeal": (
        lambda db, key, sent: actions.appeal(db, key, words=sent.words, files=sent.files),
        N_("Etalase looks at it once more."),
    ),
    "accept_decision": (lambda db, key, _sent: actions.accept_decision(db, key), N_("The decision is carried out.")),
}  # fmt: skip
BUYER: Final[Verbs] = {
    **EITHER,
    "withdraw": (lambda db, key, _sent: actions.withdraw(db, key), N_("Your request is taken back.")),
    "contest": (
        lambda db, key, sent: actions.contest(db, key, words=sent.words, files=sent.files),
        N_("The seller has been asked again."),
    ),
    "accept_offer": (
        lambda db, key, _sent: actions.answer_offer(db, key, is_accepted=True), N_("The offer is accepted."),
    ),
    "decline_offer": (
        lambda db, key, _sent: actions.answer_offer(db, key, is_accepted=False), N_("The offer is declined."),
    ),
    "send_back": (
        lambda db, key, sent: parcels.send_back(db, key, plan=sent.plan("own_number")),
        N_("Thank you. The seller checks it when it arrives."),
    ),
    "label": (
        lambda db, key, sent: parcels.ask_for_label(db, key, plan=sent.plan()),
        N_("The carrier is asked for your label. It appears here in a moment."),
    ),
    "undo_label": (
        lambda db, key, sent: parcels.undo(db, key, parcel_id=sent.parcel_id), N_("Choose another way to send it back."),
    ),
    "confirm_replacement": (
        lambda db, key, _sent: actions.confirm_replacement(db, key), N_("Thank you. The request is settled."),
    ),
}  # fmt: skip
"""What a buyer can do with a return; with what is said when it is done."""
SELLER: Final[Verbs] = {
    **EITHER,
    "approve": (lambda db, key, _sent: actions.approve(db, key), N_("The request is approved.")),
    "reject": (
        lambda db, key, sent: actions.reject(
            db, key, reason=sent.text("reason"), words=sent.words, files=sent.files
        ),
        N_("The request is rejected. The buyer reads your words."),
    ),
    "offer": (
        lambda db, key, sent: actions.offer(db, key, percent=sent.percent, words=sent.words),
        N_("The buyer has your offer."),
    ),
    "receive": (lambda db, key, _sent: actions.receive(db, key), N_("Check it before the clock runs out.")),
    "inspect": (
        lambda db, key, sent: actions.inspect(
            db, key, received=units_in(sent.form.multi_items()), restock=sent.text("restock") == "1"
        ),
        N_("The return is accepted."),
    ),
    "replace": (
        lambda db, key, sent: parcels.arrange_replacement(db, key, plan=sent.plan()),
        N_("The replacement is arranged. The buyer is told when the carrier has it."),
    ),
    "undo_replacement": (
        lambda db, key, sent: parcels.undo(db, key, parcel_id=sent.parcel_id),
        N_("The parcel is undone. Its units can be shipped again."),
    ),
    "refund_instead": (lambda db, key, _sent: parcels.refund_instead(db, key), N_("The buyer's money goes back.")),
}  # fmt: skip
"""What a shop can do with a return; with what is said when it is done."""


async def attempt(request: Request, visit: Visit, key: Key, verbs: Verbs) -> Tried:
    """Do what the form's `verb` says; raises NotFound for a verb there is none of, and for a return that is not theirs."""
    form = await read_form(request)
    name = str(form.get("verb", ""))
    if name not in verbs:
        raise NotFound
    uploads = await read_uploads(visit, form)
    sent = Sent(form, str(form.get("words", "")).strip(), uploads.files, can_book(visit.settings))
    if uploads.problems:
        return Tried(problem=" ".join(uploads.problems), verb=name, words=sent.words, kept=sent.files)
    do, done = verbs[name]
    try:
        await do(visit.db, key, sent)
    except (ReturnNotFound, ParcelNotFound):
        raise NotFound from None
    except return_words.REFUSED as error:
        problem = visit.page.translator.gettext(return_words.refusal(error))
        return Tried(problem=problem, verb=name, words=sent.words, kept=sent.files)
    return Tried(done=done)
