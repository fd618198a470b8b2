"""Point your connector here: where to, with what, and programs that work as they stand."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.apps import credentials
from etalase.integrations.rehearsing.actions import SCENES
from etalase.web.developer.samples import SAMPLES
from etalase.web.request import VisitDep, render

router = APIRouter()


@router.get("/developer/connect")
async def show_connect(visit: VisitDep) -> Response:
    """The address, in a demo key, secret and token that work at once, and signing in several languages."""
    demo = credentials.demo_app(visit.settings.key()) if visit.settings.is_demo else None
    return render(
        visit,
        "developer/connect.html",
        demo=demo,
        base_url=visit.settings.base_url,
        samples=SAMPLES,
        scenes=SCENES,
    )
