"""Returns in a rehearsal: a buyer asks with a picture, and a dispute about it that goes through to its end."""

import io
from typing import Final

from PIL import Image, ImageDraw

from etalase.commerce.evidence.rules import NewFile
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.integrations.storage.private import private_folder
from etalase.journeys.returns import actions, asking
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.rules import Kind, Return
from etalase.settings import Settings

CLOTH, TEAR, SIDE = (120, 144, 190), (30, 30, 34), 480
OPERATOR: Final = Actor("operator")
"""The desk itself: nobody's account stands for it in a rehearsal."""


async def ask(db: Db, settings: Settings, order: Order, *, kind: Kind = Kind.REFUND_ONLY) -> Return:
    """The buyer shows that what arrived is damaged and wants the money of all of it back."""
    async with db.for_shop(order.shop_id).reading() as tx:
        lines = await orders.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    kept = await private_folder(settings).keep(_picture())
    draft = Draft(
        kind, "damaged", {line.id: line.kept_quantity for line in lines}, words="Sobek di jahitan.",
        files=[NewFile(kept.key, kept.media_type, kept.sha256)],
    )  # fmt: skip
    return await asking.request(db, buyer_id=order.buyer_id, order_id=order.id, draft=draft)


async def dispute(db: Db, asked: Return, *, seller: Actor) -> Return:
    """The seller refuses, the buyer goes to the operator, who decides for the buyer; the seller accepts, and the money goes back."""
    of_shop = Key.of_shop(asked.shop_id, return_id=asked.id, by=seller)
    of_buyer = Key.of_buyer(asked.buyer_id, order_id=asked.order_id, return_id=asked.id)
    await actions.reject(db, of_shop, reason="as_described", words="Produk sesuai deskripsi.")
    await actions.escalate(db, of_buyer, words="Sobekannya terlihat di foto.")
    await actions.decide(
        db, shop_id=asked.shop_id, return_id=asked.id, decision="refund", reason="Foto menunjukkan sobekan di jahitan.",
        by=OPERATOR,
    )  # fmt: skip
    return await actions.accept_decision(db, of_shop)


def _picture() -> bytes:
    """A torn seam, as far as a drawing goes."""
    image = Image.new("RGB", (SIDE, SIDE), CLOTH)
    ImageDraw.Draw(image).line([(60, 240), (180, 228), (300, 252), (420, 240)], fill=TEAR, width=14)
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
