"""The operator's audit: what is proved of the books, when it last was, and what was found."""

from dataclasses import fields
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.journeys.auditing import actions, queries
from etalase.journeys.auditing.rules import PROOFS, Audit, AuditState, Finding
from etalase.web.request import Visit, VisitDep, operator, render, see_other

router = APIRouter()

STATES = {
    AuditState.ASKED: (N_("Asked for"), "calm"),
    AuditState.RUNNING: (N_("Running"), "brand"),
    AuditState.DONE: (N_("Done"), "good"),
    AuditState.FAILED: (N_("Failed"), "bad"),
}
CAUSES = {"nightly": N_("Every night"), "operator": N_("By hand")}


@router.get("/operator/audit")
async def show_audit(visit: VisitDep) -> Response:
    """The last audit with its proofs and findings, and those before."""
    operator(visit)
    return render(visit, "back_office/audit.html", **await _values(visit))


@router.get("/operator/audit/latest")
async def show_latest(visit: VisitDep) -> Response:
    """The last audit alone, for the open page to look again while it runs."""
    operator(visit)
    return render(visit, "back_office/_audit.html", **await _values(visit))


async def _values(visit: Visit) -> dict[str, Any]:
    async with visit.db.any().reading() as tx:
        audits = await queries.audits(tx)
        last = audits[0] if audits else None
        found = findings_of(last) if last else []
        shops = await catalog.shops_by_id(tx, sorted({finding.shop_id for finding in found if finding.shop_id}))
    return {
        "last": last,
        "findings": found,
        "proofs": [(said, name not in {finding.proof for finding in found}) for name, said in PROOFS.items()],
        "said": PROOFS,
        "shops": {shop.shop_id: shop.name for shop in shops},
        "earlier": audits[1:],
        "states": STATES,
        "causes": CAUSES,
    }


def findings_of(audit: Audit) -> list[Finding]:
    """What the audit kept of its findings."""
    names = [field.name for field in fields(Finding)]
    return [Finding(**{name: kept[name] for name in names}) for kept in audit.findings]  # type: ignore[arg-type]


@router.post("/operator/audit")
async def ask(visit: VisitDep) -> Response:
    """Have everything proved now."""
    account = operator(visit)
    is_new = await actions.ask(visit.db, by=Actor.operator(account.id))
    said = N_("The audit begins in a moment.") if is_new else N_("An audit is under way already.")
    return see_other(visit, "/operator/audit", flash=said)
