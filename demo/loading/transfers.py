"""A bank transfer of the story: its buyer has shown the slip, and the operator has not looked yet."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from demo.loading.plots import Plot, Scene
from demo.loading.timeline import HOUR
from etalase.integrations.storage.folder import Folder

SHOWN_AFTER = timedelta(minutes=25)
PAPER, INK = (250, 250, 246), (60, 64, 72)


def keep_slip(var: Path) -> str:
    """Keep a picture of a transfer slip, as far as a drawing goes; returns its key."""
    slip = Image.new("RGB", (360, 480), PAPER)
    pen = ImageDraw.Draw(slip)
    pen.rectangle((24, 24, 336, 456), outline=INK, width=3)
    for row, width in enumerate((180, 250, 220, 250, 140, 250)):
        pen.rectangle((48, 70 + 56 * row, 48 + width, 88 + 56 * row), fill=INK)
    written = io.BytesIO()
    slip.save(written, "PNG")
    return asyncio.run(Folder(var / "private").keep_picture(written.getvalue())).key


def _shown(scene: Scene) -> None:
    purchase = scene.open()
    at = purchase.placed_at + SHOWN_AFTER
    purchase.telling.rows.add(
        "transfer_proofs", buyer_id=scene.buyer.id, id=scene.telling.ids.at(at), payment_id=purchase.payment_id,
        file_key=scene.telling.slip_key, state="sent", sent_at=at,
    )  # fmt: skip
    purchase.close()


TRANSFERRED: dict[str, Plot] = {
    "transfer_shown": Plot(
        lambda times, now: times.placed + SHOWN_AFTER < now, _shown, (HOUR, 9 * HOUR), ("bank_transfer",)
    )
}  # fmt: skip
