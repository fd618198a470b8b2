"""What came back is not as it was sent: the operator decides, as from the Seller Center's page of the return."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from etalase.commerce.evidence.rules import PICTURES_MAX, NewFile
from etalase.integrations.storage.pictures import SIZES
from etalase.integrations.storage.private import private_folder
from etalase.journeys.returns import actions, queries
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.rules import ReturnState
from etalase.web.media import storage
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import STATUS_DOES_NOT_ALLOW, Refused, missing, not_valid


async def reject_goods(call: Call, key: Key, *, words: str, pictures: Sequence[str]) -> None:
    """Ask the operator to decide, with pictures that were uploaded. Raises Refused, WordsMissing, ReturnMovedOn."""
    if not pictures:
        raise missing("body.images (what came back, to be seen: upload by POST /product/202309/images/upload)")
    files = [await _kept(call, image_id) for image_id in dict.fromkeys(pictures[:PICTURES_MAX])]
    async with call.reading() as tx:
        found = await queries.return_of_shop(tx, shop_id=call.shop_id, return_id=key.return_id)
    if found is None or found.state not in (ReturnState.RETURNING, ReturnState.RECEIVED):
        raise Refused(STATUS_DOES_NOT_ALLOW, "nothing came back that could be rejected")
    if found.state is ReturnState.RETURNING:
        await actions.receive(call.db, key)
    await actions.escalate(call.db, key, words=words, files=files)


async def _kept(call: Call, image_id: str) -> NewFile:
    """The uploaded picture, among the files that the parties of the case alone see."""
    place: Path | None = None
    if storage(call.settings).kept(image_id) is not None:
        place = storage(call.settings).path(f"{image_id.partition('.')[0]}-{SIZES[-1]}.webp")
    if place is None:
        raise not_valid(
            "body.images", f"name pictures by the uri that images/upload answered; {image_id[:80]!r} is none"
        )
    kept = await private_folder(call.settings).keep(await asyncio.to_thread(place.read_bytes))
    return NewFile(kept.key, kept.media_type, kept.sha256)
