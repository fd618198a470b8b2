"""The sandbox payment provider's book: payments, what happened to them, refunds."""

import json
import secrets
import sqlite3
from datetime import UTC, datetime
from typing import Any

from demo.peers import outbox
from demo.peers.state import State

KIND = "payments"
REFUND_TAKES_S = 2.0
LATE_AFTER_S = 2.0
REPEAT_AFTER_S = 0.7
TICK_ROWS_MAX = 200
# what may be paid, and what a page's button may still do
OPEN = ("pending",)
PAYABLE_LATE = ("pending", "expired", "failed", "cancelled")


class Refused(Exception):
    """The provider says no: `status` is HTTP's, `code` is for programs."""

    def __init__(self, code: str, *, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def start(state: State, asked: dict[str, Any]) -> sqlite3.Row:
    """Open a payment, or give the one opened with this reference and key before."""
    with state.transaction() as sql:
        known = _same(state, asked)
        if known is not None:
            return known
        reference = f"pay_{secrets.token_hex(9)}"
        sql.execute(
            "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL)",
            (reference, secrets.token_urlsafe(18), asked["merchant_reference"], asked["attempt_key"], asked["amount_minor"],
             asked["currency"], asked["method"], asked["expires_at"].timestamp(), asked["return_url"], asked["description"],
             asked["buyer_name"]),
        )  # fmt: skip
        opened = payment(state, reference)
        _note(state, opened, status="pending")
        return opened


def _same(state: State, asked: dict[str, Any]) -> sqlite3.Row | None:
    known = state.row(
        "SELECT * FROM payments WHERE merchant_reference = ? AND attempt_key = ?",
        asked["merchant_reference"],
        asked["attempt_key"],
    )
    if known is not None and (known["amount_minor"], known["currency"]) != (asked["amount_minor"], asked["currency"]):
        raise Refused("key_used_for_another_payment")
    return known


def payment(state: State, reference: str) -> sqlite3.Row:
    """The payment, or Refused 404."""
    found = state.row("SELECT * FROM payments WHERE reference = ?", reference)
    if found is None:
        raise Refused("not_found", status=404)
    return found


def payment_of_token(state: State, token: str) -> sqlite3.Row | None:
    """The payment a hosted page shows."""
    return state.row("SELECT * FROM payments WHERE token = ?", token)


def events(state: State, reference: str) -> list[dict[str, Any]]:
    """Everything that happened to a payment, oldest first."""
    found = state.rows("SELECT body FROM payment_events WHERE payment = ? ORDER BY position LIMIT 500", reference)
    return [json.loads(row["body"]) for row in found]


def pay(state: State, reference: str, *, times: int = 1) -> None:
    """Take the money, `times` over; refused once the payment is not open."""
    with state.transaction():
        now = payment(state, reference)
        if now["status"] not in OPEN or is_over(state, now):
            raise Refused("not_open")
        for _ in range(times):
            _take(state, now)


def pay_late(state: State, reference: str) -> None:
    """Take the money after the end; before the end, the payment expires now and the money comes a moment later."""
    with state.transaction() as sql:
        now = payment(state, reference)
        if now["status"] not in PAYABLE_LATE:
            raise Refused("already_paid")
        if now["status"] != "pending":
            _take(state, now)
            return
        _move(state, now, status="expired")
        sql.execute(
            "UPDATE payments SET paid_late_at = ? WHERE reference = ?", (state.real() + LATE_AFTER_S, reference)
        )


def fail(state: State, reference: str) -> None:
    """The attempt did not go through."""
    with state.transaction():
        now = payment(state, reference)
        if now["status"] not in OPEN:
            raise Refused("not_open")
        _move(state, now, status="failed")


def cancel(state: State, reference: str) -> sqlite3.Row:
    """Close an unpaid payment; cancelling again changes nothing."""
    with state.transaction():
        now = payment(state, reference)
        if now["status"] == "paid":
            raise Refused("already_paid")
        if now["status"] == "pending":
            _move(state, now, status="cancelled")
        return payment(state, reference)


def refund(state: State, reference: str, *, refund_reference: str, amount_minor: int) -> sqlite3.Row:
    """Promise money back; the same refund reference again gets the first answer."""
    with state.transaction() as sql:
        payment(state, reference)
        known = state.row(
            "SELECT * FROM refunds WHERE payment = ? AND refund_reference = ?", reference, refund_reference
        )
        if known is not None:
            if known["amount_minor"] != amount_minor:
                raise Refused("key_used_for_another_refund")
            return known
        paid = sum(event["amount_minor"] for event in events(state, reference) if event["status"] == "paid")
        given = state.row(
            "SELECT coalesce(sum(amount_minor), 0) AS given FROM refunds WHERE payment = ? AND status <> 'failed'",
            reference,
        )
        if not paid:
            raise Refused("not_paid")
        if given is not None and given["given"] + amount_minor > paid:
            raise Refused("more_than_paid")
        made = f"ref_{secrets.token_hex(9)}"
        sql.execute(
            "INSERT INTO refunds VALUES (?, ?, ?, ?, ?, 'pending')",
            (made, reference, refund_reference, amount_minor, state.real() + REFUND_TAKES_S),
        )
        return state.sql.execute("SELECT * FROM refunds WHERE reference = ?", (made,)).fetchone()  # type: ignore[no-any-return]


def is_over(state: State, row: sqlite3.Row) -> bool:
    """Whether the time to pay has run out on the demo's clock."""
    return bool(row["expires_at"] <= state.clock())


def tick(state: State) -> None:
    """Let everything happen whose time has come: ends, late money, refunds."""
    due = (
        state.rows(
            "SELECT reference FROM payments WHERE status = 'pending' AND expires_at <= ? LIMIT ?",
            state.clock(),
            TICK_ROWS_MAX,
        ),
        state.rows("SELECT reference FROM payments WHERE paid_late_at <= ? LIMIT ?", state.real(), TICK_ROWS_MAX),
        state.rows(
            "SELECT reference FROM refunds WHERE status = 'pending' AND due_at <= ? LIMIT ?",
            state.real(),
            TICK_ROWS_MAX,
        ),
    )
    if not any(due):
        return
    expired, late, refunds = due
    with state.transaction() as sql:
        for row in expired:
            _move(state, payment(state, row["reference"]), status="expired")
        for row in late:
            sql.execute("UPDATE payments SET paid_late_at = NULL WHERE reference = ?", (row["reference"],))
            _take(state, payment(state, row["reference"]))
        for row in refunds:
            _finish_refund(state, row["reference"])


def _finish_refund(state: State, reference: str) -> None:
    works = state.setting("refunds", "work") == "work"
    state.sql.execute("UPDATE refunds SET status = ? WHERE reference = ?", ("done" if works else "failed", reference))
    row = state.sql.execute("SELECT * FROM refunds WHERE reference = ?", (reference,)).fetchone()
    status = "refunded" if works else "refund_failed"
    what = {"amount_minor": row["amount_minor"], "refund_reference": row["refund_reference"]}
    _tell(state, row["payment"], body=_note(state, payment(state, row["payment"]), status=status, what=what))


def _take(state: State, row: sqlite3.Row) -> None:
    _move(state, row, status="paid", what={"paid_attempt": f"att_{secrets.token_hex(9)}"})


def _move(state: State, row: sqlite3.Row, *, status: str, what: dict[str, object] | None = None) -> None:
    state.sql.execute("UPDATE payments SET status = ? WHERE reference = ?", (status, row["reference"]))
    _tell(state, row["reference"], body=_note(state, row, status=status, what=what))


def _note(state: State, row: sqlite3.Row, *, status: str, what: dict[str, object] | None = None) -> str:
    """Write down what happened; gives the body a notification of it has."""
    event_id = f"pev_{secrets.token_hex(9)}"
    body = json.dumps(
        {
            "event_id": event_id,
            "payment": row["reference"],
            "merchant_reference": row["merchant_reference"],
            "status": status,
            "amount_minor": row["amount_minor"],
            "currency": row["currency"],
            "method": row["method"],
            "occurred_at": datetime.fromtimestamp(state.clock(), UTC).isoformat(),
            "refund_reference": None,
            "paid_attempt": None,
            **(what or {}),
        }
    )
    state.sql.execute(
        "INSERT INTO payment_events (event_id, payment, body) VALUES (?, ?, ?)", (event_id, row["reference"], body)
    )
    return body


def _tell(state: State, reference: str, *, body: str) -> None:
    """Promise the notification; a chaotic provider sends each one twice."""
    due_at = state.real() + state.options.notify_delay_s
    outbox.put(state, kind=KIND, subject=reference, body=body, due_at=due_at)
    if state.options.is_chaotic:
        outbox.put(state, kind=KIND, subject=reference, body=body, due_at=due_at + REPEAT_AFTER_S)
