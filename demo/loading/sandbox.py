"""What the sandbox provider and the sandbox carrier know of the demo world, so that they can go on with it.

Without it a refund of a loaded payment would be refused, and parcels that are under way would never arrive.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.loading.money import Booked
from demo.loading.parcels import Scan
from demo.loading.plots import Journey
from demo.loading.telling import CURRENCY, Telling
from demo.peers.options import Options
from demo.peers.state import State
from etalase.commerce.shipping.rules import OWN_COURIER, ParcelState
from etalase.integrations.carriers.protocol import reference_of

FILE = "peers.json"
TABLES = ("outbox", "steps", "bookings", "refunds", "payment_events", "payments")
OPEN = (ParcelState.AWAITING_COLLECTION, ParcelState.IN_TRANSIT)
REFUND_TAKES = timedelta(minutes=30)


def teach_peers(telling: Telling, *, var: Path, offset: timedelta) -> None:
    """Write paid payments, their refunds and open bookings into the peers' book, all or nothing."""
    options = Options(state=var / FILE, shop_url="", secret="", key="", payment_url="", carrier_url="")
    state = State(options)
    try:
        with state.transaction() as sql:
            for table in TABLES:  # whatever they knew was of another world
                sql.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            for booked in telling.payments:
                _pay(state, booked)
            for journey in telling.journeys.values():
                if journey.parcel.state in OPEN and journey.parcel.carrier != OWN_COURIER and journey.parcel.number:
                    _book(state, journey, offset=offset)
    finally:
        state.close()


def _pay(state: State, booked: Booked) -> None:
    state.sql.execute(
        "INSERT INTO payments VALUES (?, ?, ?, '1', ?, ?, ?, ?, '', 'Etalase', ?, 'paid', NULL)",
        (booked.reference, secrets.token_urlsafe(18), booked.merchant_reference, booked.amount_minor, CURRENCY, booked.method,
         booked.expires_at.timestamp(), booked.buyer_name),
    )  # fmt: skip
    event_id = f"pev_{secrets.token_hex(9)}"
    body = {
        "event_id": event_id, "payment": booked.reference, "merchant_reference": booked.merchant_reference, "status": "paid",
        "amount_minor": booked.amount_minor, "currency": CURRENCY, "method": booked.method,
        "occurred_at": booked.paid_at.astimezone(UTC).isoformat(), "refund_reference": None, "paid_attempt": booked.attempt,
    }  # fmt: skip
    state.sql.execute(
        "INSERT INTO payment_events (event_id, payment, body) VALUES (?, ?, ?)",
        (event_id, booked.reference, json.dumps(body)),
    )
    for refund in booked.refunds:
        due_at = datetime.now(UTC) + REFUND_TAKES
        state.sql.execute(
            "INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?)",
            (
                refund.reference,
                booked.reference,
                str(refund.id),
                refund.amount_minor,
                due_at.timestamp(),
                refund.status,
            ),
        )


def _book(state: State, journey: Journey, *, offset: timedelta) -> None:
    parcel = journey.parcel
    reference, ours = f"bk_{secrets.token_hex(8)}", reference_of(parcel.shop_id, parcel.id)
    receiver = parcel.receiver or journey.order.address["recipient"]
    state.sql.execute(
        "INSERT INTO bookings VALUES (?, ?, ?, ?, ?, ?, 'open')",
        (reference, ours, parcel.carrier, parcel.service, parcel.number, receiver),
    )
    steps: list[tuple[str | None, Scan]] = [*parcel.events, *((None, scan) for scan in journey.to_come)]
    state.sql.executemany(
        "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _steps(journey, steps, reference=reference, ours=ours, offset=offset),
    )


def _steps(
    journey: Journey, steps: Iterable[tuple[str | None, Scan]], *, reference: str, ours: str, offset: timedelta
) -> Iterable[tuple[object, ...]]:
    parcel = journey.parcel
    for position, (event_id, scan) in enumerate(steps, 1):
        body = {
            "event_id": event_id, "booking": reference, "reference": ours, "carrier": parcel.carrier,
            "tracking_number": parcel.number, "code": scan.code, "place": scan.place.name, "zone": scan.place.zone,
            "occurred_at": scan.at.astimezone(ZoneInfo(scan.place.zone)).isoformat(),
            "receiver": (parcel.receiver or journey.order.address["recipient"]) if scan.code == "DLV" else None, "reason": scan.reason,
        }  # fmt: skip
        told = json.dumps(body) if event_id else None
        real_due = (scan.at - offset).timestamp()
        yield (
            reference, position, scan.code, scan.place.name, scan.place.zone, scan.reason, real_due, scan.at.timestamp(),
            event_id, told,
        )  # fmt: skip
