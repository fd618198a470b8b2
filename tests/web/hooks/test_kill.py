"""kill -9 of the web process while a carrier talks to it: what was answered is kept, what was not is sent again."""

import asyncio
import json
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from etalase.foundation.inbound.actions import apply_waiting
from etalase.foundation.sql import Db
from etalase.integrations.carriers.protocol import reference_of
from etalase.integrations.carriers.sandbox.signature import HEADER, sign
from etalase.settings import Settings
from etalase.subscriptions import INBOUND
from tests.builders.inbound import kept
from tests.builders.shipping import arranged, fact_names, ready_order
from tests.processes import free_port, is_ready, running, until

MESSAGES = 600
SENDERS = 20
KILLED_AFTER = 150


def messages_about(parcels: Sequence[tuple[int, int]]) -> dict[str, bytes]:
    """Scans of some parcels, in turn, by their ids."""
    bodies = {}
    for number in range(MESSAGES):
        shop_id, parcel_id = parcels[number % len(parcels)]
        bodies[f"cev_{number}"] = json.dumps(
            {
                "event_id": f"cev_{number}", "booking": "bk_1", "reference": reference_of(shop_id, parcel_id),
                "carrier": "jne", "tracking_number": "011540032186220", "code": "TRN", "place": "Bandung",
                "zone": "Asia/Jakarta", "occurred_at": "2026-11-23T10:00:00+07:00", "receiver": None, "reason": None,
            }
        ).encode()  # fmt: skip
    return bodies


class Carrier:
    """Sends messages over several connections and keeps in mind which were answered."""

    def __init__(self, port: int, settings: Settings) -> None:
        self.url = f"http://127.0.0.1:{port}/hooks/carriers/sandbox"
        self.secret = settings.sandbox_secret.get_secret_value()
        self.answered: set[str] = set()
        self.many_answered = asyncio.Event()

    async def send(self, messages: dict[str, bytes]) -> None:
        waiting = list(messages.items())[::-1]
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            await asyncio.gather(*(self._send_in_turn(client, waiting) for _ in range(SENDERS)))

    async def _send_in_turn(self, client: httpx.AsyncClient, waiting: list[tuple[str, bytes]]) -> None:
        while waiting:
            event_id, body = waiting.pop()
            headers = {HEADER: sign(self.secret, body=body, timestamp_s=int(time.time()))}
            answer = await client.post(self.url, content=body, headers=headers)
            assert answer.status_code == 200, answer.text
            self.answered.add(event_id)
            if len(self.answered) == KILLED_AFTER:
                self.many_answered.set()


@pytest.mark.slow
async def test_what_was_answered_survives_and_has_its_effect_once(db: Db, database_url: str, tmp_path: Path) -> None:
    ready = [await ready_order(db, quantities=(1,)) for _ in range(4)]
    parcels = [await arranged(db, one, method="pickup", tracking_number=None) for one in ready]
    messages = messages_about([(parcel.shop_id, parcel.id) for parcel in parcels])
    port = free_port()
    values = {"DATABASE_URL": database_url, "PORT": port, "ETALASE_VAR": tmp_path, "ETALASE_MODE": "demo"}
    carrier = Carrier(port, Settings())
    with running("web", tmp_path / "web.log", **values) as web:
        until(lambda: is_ready(port), "the shop is ready")
        sending = asyncio.create_task(carrier.send(messages))
        await asyncio.wait_for(carrier.many_answered.wait(), 90)
        web.send_signal(signal.SIGKILL)
        with suppress(httpx.HTTPError):
            await sending
    answered = set(carrier.answered)
    assert KILLED_AFTER <= len(answered) < MESSAGES, "it was killed in the middle"
    assert answered <= {row.event_id for row in await kept(db)}
    with running("web", tmp_path / "web.log", **values):
        until(lambda: is_ready(port), "the shop is ready again")
        await carrier.send({event_id: body for event_id, body in messages.items() if event_id not in answered})
        await carrier.send({event_id: messages[event_id] for event_id in list(answered)[:50]})
    while await apply_waiting(db, INBOUND):
        pass
    assert {row.event_id for row in await kept(db) if row.outcome == "recorded"} == set(messages)
    for one in ready:
        assert (await fact_names(db, one)).count("parcel.collected") == 1
    assert await events_by_parcel(db) == {parcel.id: MESSAGES // len(parcels) for parcel in parcels}


async def events_by_parcel(db: Db) -> dict[int, int]:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT parcel_id, count(*) FROM tracking_events GROUP BY parcel_id")
        return dict(await cursor.fetchall())
