"""Signed webhooks that reach the shop in the end: kept until it answers 2xx, asked again with growing patience."""

import asyncio
import hashlib
import hmac
import logging
import sqlite3
from typing import TYPE_CHECKING

from demo.peers.state import State

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("peers.outbox")

LOOK_EVERY_S = 0.1
BATCH_MAX = 64
AT_ONCE_MAX = 8
ANSWER_WAIT_S = 5.0
FIRST_PAUSE_S = 0.5
PAUSE_MAX_S = 15.0
ATTEMPTS_MAX = 5_000
KEEP_DELIVERED_S = 86_400


def put(state: State, *, kind: str, subject: str, body: str, due_at: float) -> None:
    """Promise one webhook; call it inside the transaction of what it tells."""
    state.sql.execute(
        "INSERT INTO outbox (kind, subject, body, due_at) VALUES (?, ?, ?, ?)", (kind, subject, body, due_at)
    )


def pause_s(attempts: int) -> float:
    """How long to wait after so many vain attempts."""
    return float(min(PAUSE_MAX_S, FIRST_PAUSE_S * 2 ** min(attempts - 1, 10)))


def signature_header(secret: str, *, body: bytes, timestamp_s: int) -> str:
    """The peer's own writing of the signature: the shop's reading of it is tested against this one."""
    digest = hmac.new(secret.encode(), str(timestamp_s).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={timestamp_s},v1={digest}"


class Sender:
    """Delivers what one peer promised."""

    def __init__(self, state: State, *, kind: str, url: str, secret: str) -> None:
        """`kind` is which promises, `url` where to."""
        self._state = state
        self._kind = kind
        self._url = url
        self._secret = secret

    async def run(self) -> None:
        """Deliver for ever; cancelled when the peer ends."""
        import httpx  # late: the peers answer before this half second of import is paid

        async with httpx.AsyncClient(timeout=ANSWER_WAIT_S, trust_env=False) as http:
            while True:
                try:
                    was_busy = await self._deliver_due(http)
                except Exception:
                    log.exception("%s webhooks: a round failed", self._kind)
                    was_busy = False
                if not was_busy:
                    await asyncio.sleep(LOOK_EVERY_S)

    async def _deliver_due(self, http: "httpx.AsyncClient") -> bool:
        due = self._state.rows(
            "SELECT * FROM outbox WHERE kind = ? AND delivered_at IS NULL AND due_at <= ? AND attempts < ? "
            "ORDER BY due_at, position LIMIT ?",
            self._kind, self._state.real(), ATTEMPTS_MAX, BATCH_MAX,
        )  # fmt: skip
        by_subject: dict[str, list[sqlite3.Row]] = {}
        for promise in due:
            by_subject.setdefault(promise["subject"], []).append(promise)
        free = asyncio.Semaphore(AT_ONCE_MAX)

        async def in_turn(promises: list[sqlite3.Row]) -> None:
            async with free:
                for promise in promises:
                    await self._deliver(http, promise)

        await asyncio.gather(*(in_turn(promises) for promises in by_subject.values()))
        return bool(due)

    async def _deliver(self, http: "httpx.AsyncClient", promise: sqlite3.Row) -> None:
        body = promise["body"].encode()
        stamp = int(self._state.real())
        headers = {
            "Content-Type": "application/json",
            "X-Sandbox-Signature": signature_header(self._secret, body=body, timestamp_s=stamp),
        }
        outcome = await _outcome(http, url=self._url, body=body, headers=headers)
        now = self._state.real()
        if outcome is None:
            self._state.sql.execute(
                "UPDATE outbox SET delivered_at = ?, attempts = attempts + 1 WHERE position = ?",
                (now, promise["position"]),
            )
            self._state.sql.execute("DELETE FROM outbox WHERE delivered_at < ?", (now - KEEP_DELIVERED_S,))
            return
        attempts = promise["attempts"] + 1
        if attempts in {1, 10, 100, 1000}:
            log.warning("%s webhook %s: %s (attempt %d)", self._kind, promise["position"], outcome, attempts)
        again_at = now + pause_s(attempts)
        self._state.sql.execute(
            "UPDATE outbox SET attempts = ?, due_at = ? WHERE position = ?", (attempts, again_at, promise["position"])
        )


async def _outcome(http: "httpx.AsyncClient", *, url: str, body: bytes, headers: dict[str, str]) -> str | None:
    """None when taken, else why not."""
    import httpx

    try:
        answer = await http.post(url, content=body, headers=headers)
    except httpx.HTTPError as problem:
        return type(problem).__name__
    return None if answer.is_success else str(answer.status_code)
