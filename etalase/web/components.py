"""Every component in each of its states, for those who build pages."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.foundation.ui.gallery import component_states
from etalase.web.request import VisitDep, render

router = APIRouter()


@router.get("/-/components")
async def show_components(visit: VisitDep) -> Response:
    """The page of components."""
    return render(visit, "ui/components_page.html", **component_states(visit.page.now, visit.page.translator))
