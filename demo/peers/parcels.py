"""The sandbox carrier's book: bookings, followed numbers, and the journey each parcel makes."""

import json
import random
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from demo.peers import journey, outbox
from demo.peers.journey import Place, Step
from demo.peers.slots import Slot
from demo.peers.state import State
from etalase.integrations.carriers import registry

KIND = "carriers"
REPEAT_SHARE: Final = 0.2
SWAP_SHARE: Final = 0.15
REPEAT_AFTER_S: Final = 1.5
SWAP_AMONG_MANY_S: Final = 0.6
TICK_ROWS_MAX: Final = 200
FINAL: Final = frozenset({"DLV", "RTN", "LST"})
# what `advance` can be asked for -> the code the regular journey is fired up to
UP_TO: Final = {
    "booked": "BKD",
    "collected": "PUP",
    "in_transit": "DEP",
    "out_for_delivery": "OFD",
    "delivered": "DLV",
    "delivery_failed": "OFD",
    "returned": "OFD",
    "lost": "DEP",
}
_FALLBACK: Final = Place("Jakarta", "Asia/Jakarta")


class Refused(Exception):
    """The carrier says no: `status` is HTTP's, `code` is for programs."""

    def __init__(self, code: str, *, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A parcel to carry (`number` is None) or a number to follow."""

    reference: str
    carrier: registry.Carrier
    service: registry.Service
    number: str | None
    origin: Place | None
    destination: Place | None
    receiver: str
    slot: Slot | None = None


def take(state: State, asked: Asked) -> sqlite3.Row:
    """Book or follow; the same parcel again gets the first answer, a corrected number starts anew."""
    with state.transaction() as sql:
        known = state.row("SELECT * FROM bookings WHERE our_reference = ?", asked.reference)
        if known is not None and known["state"] == "open" and asked.number in {None, known["number"]}:
            return known
        if known is not None:
            sql.execute("DELETE FROM steps WHERE booking = ?", (known["reference"],))
            sql.execute("DELETE FROM bookings WHERE reference = ?", (known["reference"],))
        reference = f"bk_{secrets.token_hex(8)}"
        number = asked.number or _new_number(state, asked.carrier)
        sql.execute(
            "INSERT INTO bookings VALUES (?, ?, ?, ?, ?, ?, 'open')",
            (reference, asked.reference, asked.carrier.code, asked.service.code, number, asked.receiver),
        )
        _plan(state, asked, reference=reference)
        return booking(state, reference)


def _plan(state: State, asked: Asked, *, reference: str) -> None:
    service = asked.service
    days = random.Random(asked.reference).randint(service.days_min, service.days_max)
    pace = journey.Pace(real_start=state.real(), clock_start=state.clock(), event_s=state.options.event_s, days=days)
    destination = asked.destination or asked.origin or _FALLBACK
    steps = journey.plan(asked.origin or destination, destination, pace=pace, is_booked_here=asked.number is None)
    if asked.slot is not None:
        steps = journey.collected_from(steps, asked.slot.start.timestamp())
    _add(state, reference, steps=steps)


def booking(state: State, reference: str) -> sqlite3.Row:
    """The booking by its own reference or ours, or Refused 404."""
    found = state.row("SELECT * FROM bookings WHERE reference = ? OR our_reference = ?", reference, reference)
    if found is None:
        raise Refused("not_found", status=404)
    return found


def booking_of_number(state: State, number: str, *, carrier: str | None) -> sqlite3.Row:
    """The latest booking of a tracking number, or Refused 404."""
    found = state.row(
        "SELECT * FROM bookings WHERE number = ? AND carrier = coalesce(?, carrier) ORDER BY rowid DESC",
        number,
        carrier,
    )
    if found is None:
        raise Refused("not_found", status=404)
    return found


def events(state: State, reference: str) -> list[dict[str, Any]]:
    """Everything that happened to a parcel, oldest first."""
    found = state.rows(
        "SELECT body FROM steps WHERE booking = ? AND event_id IS NOT NULL ORDER BY position LIMIT 200", reference
    )
    return [json.loads(row["body"]) for row in found]


def cancel(state: State, reference: str) -> sqlite3.Row:
    """Call the parcel back; refused once the courier has it, cancelling again changes nothing."""
    with state.transaction() as sql:
        row = booking(state, reference)
        if any(event["code"] != "BKD" for event in events(state, row["reference"])):
            raise Refused("already_collected")
        sql.execute("DELETE FROM steps WHERE booking = ? AND event_id IS NULL", (row["reference"],))
        sql.execute("UPDATE bookings SET state = 'cancelled' WHERE reference = ?", (row["reference"],))
        return booking(state, row["reference"])


def advance(state: State, reference: str, *, to: str, reason: str | None) -> sqlite3.Row:
    """Let the journey happen now, up to `to`."""
    if to not in UP_TO:
        raise Refused("unknown_status", status=422)
    with state.transaction():
        row = booking(state, reference)
        if row["state"] != "open":
            raise Refused("booking_cancelled")
        if any(event["code"] in FINAL for event in events(state, row["reference"])):
            raise Refused("journey_over")
        _fire_up_to(state, row, code=UP_TO[to])
        if to == "delivery_failed":
            _fail_attempt(state, row, reason=reason or "nobody_home")
        elif to in {"returned", "lost"}:
            _end_otherwise(state, row, code="RTN" if to == "returned" else "LST", reason=reason)
        return row


def _fire_up_to(state: State, row: sqlite3.Row, *, code: str) -> None:
    waiting = _waiting(state, row)
    last = max((step["position"] for step in waiting if step["code"] == code), default=-1)
    _fire(state, row, steps=[step for step in waiting if step["position"] <= last], is_by_hand=True)


def _fail_attempt(state: State, row: sqlite3.Row, *, reason: str) -> None:
    door = _end_of(state, row)
    again = journey.second_attempt(door, real_now=state.real(), clock_now=state.clock(), event_s=state.options.event_s)
    _replace_rest(state, row, steps=[Step("FLD", door, state.real(), state.clock()), *again], reason=reason)
    _fire(state, row, steps=_waiting(state, row)[:1], is_by_hand=True)


def _end_otherwise(state: State, row: sqlite3.Row, *, code: str, reason: str | None) -> None:
    first = state.row("SELECT place, zone FROM steps WHERE booking = ? ORDER BY position", row["reference"])
    last = state.row(
        "SELECT place, zone FROM steps WHERE booking = ? AND event_id IS NOT NULL ORDER BY position DESC",
        row["reference"],
    )
    where = first if code == "RTN" else last
    place = _FALLBACK if where is None else Place(where["place"], where["zone"])
    _replace_rest(state, row, steps=[Step(code, place, state.real(), state.clock())], reason=reason)
    _fire(state, row, steps=_waiting(state, row), is_by_hand=True)


def _end_of(state: State, row: sqlite3.Row) -> Place:
    last = state.row("SELECT place, zone FROM steps WHERE booking = ? ORDER BY position DESC", row["reference"])
    return _FALLBACK if last is None else Place(last["place"], last["zone"])


def _replace_rest(state: State, row: sqlite3.Row, *, steps: list[Step], reason: str | None) -> None:
    state.sql.execute("DELETE FROM steps WHERE booking = ? AND event_id IS NULL", (row["reference"],))
    _add(state, row["reference"], steps=steps, reason=reason)


def _add(state: State, reference: str, *, steps: list[Step], reason: str | None = None) -> None:
    last = state.sql.execute("SELECT coalesce(max(position), 0) FROM steps WHERE booking = ?", (reference,)).fetchone()[
        0
    ]
    state.sql.executemany(
        "INSERT INTO steps (booking, position, code, place, zone, reason, real_due, planned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                reference,
                last + 1 + index,
                step.code,
                step.place.name,
                step.place.zone,
                None if index else reason,
                step.real_due,
                step.planned_at,
            )
            for index, step in enumerate(steps)
        ],
    )


def tick(state: State) -> None:
    """Report everything whose time has come on either axis."""
    real, clock = state.real(), state.clock()
    due = state.rows(
        "SELECT DISTINCT booking FROM steps WHERE event_id IS NULL AND (real_due <= ? OR planned_at <= ?) LIMIT ?",
        real,
        clock,
        TICK_ROWS_MAX,
    )
    if not due:
        return
    with state.transaction():
        for found in due:
            row = booking(state, found["booking"])
            ripe = [step for step in _waiting(state, row) if step["real_due"] <= real or step["planned_at"] <= clock]
            _fire(state, row, steps=ripe)


def _waiting(state: State, row: sqlite3.Row) -> list[sqlite3.Row]:
    return state.rows("SELECT * FROM steps WHERE booking = ? AND event_id IS NULL ORDER BY position", row["reference"])


def _fire(state: State, row: sqlite3.Row, *, steps: list[sqlite3.Row], is_by_hand: bool = False) -> None:
    """Report these steps in order; each is a little later than the one before, never in the future of the demo's clock.

    What somebody advances by hand may be a long time before its next step: it is not held back until that one.
    """
    told = events(state, row["reference"])
    before = datetime.fromisoformat(told[-1]["occurred_at"]).timestamp() if told else 0.0
    for index, step in enumerate(steps):
        latest = state.clock() - (len(steps) - 1 - index)
        before = max(min(step["planned_at"], latest), before + 0.001)
        event_id = f"cev_{secrets.token_hex(9)}"
        body = json.dumps(_event(row, step, event_id=event_id, occurred_at=before))
        state.sql.execute(
            "UPDATE steps SET event_id = ?, body = ? WHERE booking = ? AND position = ?",
            (event_id, body, row["reference"], step["position"]),
        )
        is_among_many = is_by_hand or index + 1 < len(steps)
        _promise(state, row, body=body, position=step["position"], is_among_many=is_among_many)


def _event(row: sqlite3.Row, step: sqlite3.Row, *, event_id: str, occurred_at: float) -> dict[str, str | None]:
    return {
        "event_id": event_id,
        "booking": row["reference"],
        "reference": row["our_reference"],
        "carrier": row["carrier"],
        "tracking_number": row["number"],
        "code": step["code"],
        "place": step["place"],
        "zone": step["zone"],
        # carriers speak in the local time of the place
        "occurred_at": datetime.fromtimestamp(occurred_at, ZoneInfo(step["zone"])).isoformat(),
        "receiver": row["receiver"] if step["code"] == "DLV" else None,
        "reason": step["reason"],
    }


def _promise(state: State, row: sqlite3.Row, *, body: str, position: int, is_among_many: bool) -> None:
    """Promise the webhook; a chaotic carrier repeats some and lets some be overtaken by the next."""
    due_at = state.real()
    dice = random.Random(f"{row['our_reference']}/{position}")
    repeats, swaps = dice.random() < REPEAT_SHARE, dice.random() < SWAP_SHARE
    has_next = bool(_waiting(state, row))
    if state.options.is_chaotic and swaps and has_next:
        due_at += SWAP_AMONG_MANY_S if is_among_many else 1.3 * state.options.event_s
    outbox.put(state, kind=KIND, subject=row["reference"], body=body, due_at=due_at)
    if state.options.is_chaotic and repeats:
        outbox.put(state, kind=KIND, subject=row["reference"], body=body, due_at=due_at + REPEAT_AFTER_S)


def _new_number(state: State, carrier: registry.Carrier) -> str:
    """A number nobody has, shaped like the carrier's example."""
    while True:
        tail = f"{secrets.randbelow(10**9):09d}"
        number = registry.check_number(carrier.code, re.sub(r"\d{9}$", tail, carrier.number.example))
        if state.row("SELECT 1 FROM bookings WHERE number = ? AND carrier = ?", number, carrier.code) is None:
            return number
