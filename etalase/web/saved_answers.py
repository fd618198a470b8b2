"""Saved answers on pages: kept, taken away, and chosen where somebody answers; whose they are the page's audience says."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from etalase.commerce.evidence import answers, queries, rules
from etalase.commerce.evidence.errors import AnswerNotFound, AnswerNotValid
from etalase.commerce.evidence.rules import SavedAnswer
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.web.request import NotFound, Visit, read_form, render, see_other

PROBLEMS = {
    "title": N_("Give it a title of at most 60 characters."),
    "words": N_("Write an answer of at most 500 characters."),
    "many": N_("There are 50 answers already: remove one first."),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose answers a page is about, where it lies, and who looks at it."""

    shop_id: int
    here: str
    template: str
    by: Actor


@dataclass(frozen=True, slots=True)
class Picked:
    """The answers to choose among at `here`, the words of the one that was chosen, and where they are looked after."""

    answers: Sequence[SavedAnswer]
    chosen: SavedAnswer | None
    here: str
    kept_at: str

    @property
    def words(self) -> str:
        return self.chosen.words if self.chosen else ""


async def picked(tx: Tx, visit: Visit, *, shop_id: int, here: str, kept_at: str) -> Picked:
    """What a page with a form to answer offers; `?answer=` names the one to fill in."""
    found = await queries.saved_answers(tx, shop_id=shop_id)
    wanted = parse_id(visit.request.query_params.get("answer", ""))
    return Picked(found, next((one for one in found if one.id == wanted), None), here, kept_at)


async def show(
    visit: Visit, owner: Owner, *, problem: str = "", title: str = "", words: str = ""
) -> Response:  # fmt: skip
    """The list, and the form for a new one."""
    async with visit.db.for_shop(owner.shop_id).reading() as tx:
        found = await queries.saved_answers(tx, shop_id=owner.shop_id)
    return render(
        visit, owner.template, status=422 if problem else 200, answers=found, here=owner.here,
        problem=visit.page.translator.gettext(PROBLEMS[problem]) if problem else "", title=title, words=words,
        title_max=rules.ANSWER_TITLE_MAX, words_max=rules.ANSWER_WORDS_MAX,
    )  # fmt: skip


async def save(request: Request, visit: Visit, owner: Owner) -> Response:
    """Keep what was sent, or show the form again with what has to be changed."""
    form = await read_form(request)
    title, words = str(form.get("title", "")), str(form.get("words", "")).replace("\r\n", "\n")
    try:
        await answers.save(visit.db, shop_id=owner.shop_id, title=title, words=words, by=owner.by)
    except AnswerNotValid as refused:
        return await show(visit, owner, problem=refused.problem, title=title, words=words)
    return see_other(visit, owner.here, flash=N_("The answer is saved."))


async def forget(visit: Visit, owner: Owner, answer_id: str) -> Response:
    """Take one away."""
    try:
        await answers.forget(visit.db, shop_id=owner.shop_id, answer_id=parse_id(answer_id) or 0, by=owner.by)
    except AnswerNotFound:
        raise NotFound from None
    return see_other(visit, owner.here, flash=N_("The answer is removed."))
