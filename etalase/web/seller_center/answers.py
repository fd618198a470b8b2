"""The answers that a shop keeps for returns and claims."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.foundation.facts import Actor
from etalase.web import saved_answers
from etalase.web.request import Visit, VisitDep, member_of_shop
from etalase.web.saved_answers import Owner

router = APIRouter()

HERE = "/seller/answers"


def _owner(visit: Visit) -> Owner:
    member = member_of_shop(visit)
    return Owner(member.shop_id, HERE, "seller_center/answers.html", Actor.seller(member.account_id))


@router.get(HERE)
async def show_answers(visit: VisitDep) -> Response:
    """All of them, and a form for one more."""
    return await saved_answers.show(visit, _owner(visit))


@router.post(HERE)
async def save_answer(request: Request, visit: VisitDep) -> Response:
    """Keep one."""
    return await saved_answers.save(request, visit, _owner(visit))


@router.post("/seller/answers/{answer_id}/removal")
async def forget_answer(visit: VisitDep, answer_id: str) -> Response:
    """Take one away."""
    return await saved_answers.forget(visit, _owner(visit), answer_id)
