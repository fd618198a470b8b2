"""The reference of the Open API, made from its registry; no script, nothing from other hosts."""

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from etalase.foundation.i18n import N_
from etalase.web.open_api import describing
from etalase.web.open_api.refusals import MEANING, STATUS_OF
from etalase.web.open_api.registry import ApiCall, Fills
from etalase.web.request import NotFound, VisitDep, render

router = APIRouter()

FAMILIES = {
    "authorization": N_("Authorization"),
    "seller": N_("Seller"),
    "order": N_("Orders"),
    "fulfillment": N_("Fulfillment"),
    "logistics": N_("Logistics"),
    "product": N_("Products"),
    "return_refund": N_("Returns and cancellations"),
    "finance": N_("Finance"),
    "customer_service": N_("Customer service"),
    "promotion": N_("Promotion"),
    "analytics": N_("Analytics"),
    "affiliate_seller": N_("Affiliates of sellers"),
    "affiliate_creator": N_("Affiliates of creators"),
    "event": N_("Webhooks"),
    "sandbox": N_("Sandbox"),
}
FILLS = {
    Fills.FILLED: (N_("Filled"), "good"),
    Fills.EMPTY: (N_("Empty here"), "neutral"),
    Fills.REFUSED: (N_("Not offered"), "soon"),
}


@router.get("/developer/openapi.json")
async def openapi_document() -> Response:
    """The document for tools."""
    return Response(orjson.dumps(describing.document()), media_type="application/json")


@router.get("/developer/reference")
async def show_reference(visit: VisitDep) -> Response:
    """How to sign, what codes mean, and every call by family."""
    families = [(domain, label, _calls(domain)) for domain, label in FAMILIES.items()]
    return render(
        visit,
        "developer/reference.html",
        families=[family for family in families if family[2]],
        fills=FILLS,
        codes=[(code, STATUS_OF.get(code, 200), meaning) for code, meaning in sorted(MEANING.items())],
        introduction=describing.INTRODUCTION,
        base_url=visit.settings.base_url,
    )


@router.get("/developer/reference/{domain}")
async def show_family(visit: VisitDep, domain: str) -> Response:
    """The calls of a family with all they take and answer."""
    found = _calls(domain)
    if domain not in FAMILIES or not found:
        raise NotFound
    return render(
        visit,
        "developer/family.html",
        label=FAMILIES[domain],
        calls=[(call, _shown(call)) for call in found],
        fills=FILLS,
    )


def _calls(domain: str) -> list[ApiCall]:
    return [call for call in describing.all_calls() if call.domain == domain]


def _shown(call: ApiCall) -> dict[str, object]:
    return {
        "about": describing.about(call).replace("`", ""),
        "path_names": describing.path_names(call),
        "query": describing.query_of(call),
        "body": describing.fields_of("body", call) if call.body else [],
        "answer": describing.fields_of("answer", call),
        "body_example": _pretty(call.body_example),
        "example": _pretty({"code": 0, "message": "Success", "request_id": "...", "data": dict(call.example)}),
    }


def _pretty(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() if value else ""
