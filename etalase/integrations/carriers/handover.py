"""When a carrier's courier can come for parcels, for pages that let sellers choose."""

import asyncio
import logging

from etalase.commerce.shipping import queries
from etalase.foundation.sql import Db
from etalase.integrations.carriers.booking import origin_of
from etalase.integrations.carriers.gateway import carrier_gateway
from etalase.integrations.carriers.protocol import BookingRefused, CarrierUnavailable, PickupSlot
from etalase.settings import Settings

log = logging.getLogger(__name__)

ANSWER_WAIT_S = 2.0
"""A page waits no longer; without an answer the carrier chooses the time."""


async def pickup_slots(
    db: Db, settings: Settings, *, shop_id: int, carrier: str, service: str
) -> tuple[PickupSlot, ...] | None:
    """When a courier can come to the shop, soonest first; None when the carrier can't be asked now."""
    async with db.for_shop(shop_id).reading() as tx:
        place = await queries.place_of_shop(tx, shop_id=shop_id)
    async with carrier_gateway(settings) as gateway:
        if gateway is None:
            return None
        try:
            async with asyncio.timeout(ANSWER_WAIT_S):
                return await gateway.slots(carrier, service, origin=origin_of(place))
        except (CarrierUnavailable, BookingRefused, TimeoutError) as problem:
            log.warning("no pick-up times: %s", problem, extra={"carrier": carrier})
            return None
