"""The buyer's own corner: who one is, where one's orders are, and the way to everything else."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State, Tab
from etalase.commerce.wallet.rules import CURRENCY
from etalase.foundation.i18n import N_
from etalase.web.request import VisitDep, render

router = APIRouter()

SHORTCUTS: tuple[tuple[Tab, str, str, tuple[State, ...]], ...] = (
    (Tab.UNPAID, N_("Unpaid"), "wallet", (State.UNPAID,)),
    (
        Tab.WAITING,
        N_("Waiting for Delivery"),
        "package",
        (State.NEW, State.AWAITING_SHIPMENT, State.AWAITING_COLLECTION),
    ),
    (Tab.IN_TRANSIT, N_("In Transit"), "truck", (State.IN_TRANSIT,)),
    (Tab.RECEIVED, N_("Received"), "house", (State.DELIVERED,)),
)
"""Tab, label, icon, and the states whose number is shown: orders that wait for something."""


@router.get("/profile")
async def show_profile(visit: VisitDep) -> Response:
    """Name, orders by status, the shop for those who have one; an invitation to those who are not signed in."""
    if visit.account is None:
        return render(visit, "storefront/account/invitation.html")
    async with visit.db.for_buyer(visit.account.id).reading() as tx:
        counts, _ = await orders.counts_of_buyer(tx, buyer_id=visit.account.id)
        wallet = await ledger.totals_of_wallet(tx, owner_id=visit.account.id, currency=CURRENCY)
    shortcuts = [
        (tab, label, icon, sum(counts.get(state, 0) for state in states)) for tab, label, icon, states in SHORTCUTS
    ]
    return render(
        visit,
        "storefront/account/profile.html",
        account=visit.account,
        member=visit.member,
        shortcuts=shortcuts,
        wallet_minor=wallet["buyer_wallet"],
    )
