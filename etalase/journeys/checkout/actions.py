"""Placing orders: checkouts that arrive together are checked again under lock, decided in order, and committed at once.

A lane takes them (`foundation.lane`): the stock of the whole batch is locked in key order, `deciding` says in order of
arrival who gets what, everything is written with one statement a table, one commit makes it durable, and only then is
anybody answered. Lanes of several processes and hosts run side by side: the locks and the placement key are the
database's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.inventory.queries import lock_stock
from etalase.commerce.ledger.queries import lock_wallets
from etalase.commerce.payments import queries as payments
from etalase.commerce.shipping.rules import CarrierOffer
from etalase.foundation import clock
from etalase.foundation.lane import Lane
from etalase.foundation.sql import Db, Tx
from etalase.journeys.cart import queries as cart
from etalase.journeys.checkout import admitting, quoting
from etalase.journeys.checkout.deciding import Placement, Repeat, Scene, decide
from etalase.journeys.checkout.errors import Refusal
from etalase.journeys.checkout.rules import COD, Checkout, PlacementKey, WantedLine
from etalase.journeys.checkout.writing import PlacedMeanwhile, write

BATCH_MAX = 100
WAITING_MAX = 2000
"""What a lane works off in a few seconds; who comes then is asked to come again."""
ROUNDS_MAX = 5
WALLET_CURRENCY = "IDR"


@dataclass(frozen=True, slots=True)
class Placed:
    """What a placement made, the same however often it is repeated."""

    purchase_id: int
    payment_id: int | None
    is_new: bool


CheckoutLane = Lane[Checkout, Placed]


def open_lane(db: Db, *, carriers: Sequence[CarrierOffer]) -> CheckoutLane:
    """The lane through which this process places orders."""
    return Lane(partial(place_all, db, carriers=carriers), batch_max=BATCH_MAX, waiting_max=WAITING_MAX)


async def place(lane: CheckoutLane, checkout: Checkout) -> Placed:
    """Place one order a shop under one payment, all or nothing; a repeated placement key answers the first result.

    Raises CartEmpty, AddressMissing, NotDeliverable, MethodNotAllowed, or QuoteChanged with today's quote when price,
    stock or shipping are not what the buyer saw, and LaneFull when too many wait. Nothing is written then.
    """
    return await lane.submit(checkout)


async def placed_with(db: Db, *, buyer_id: int, placement_key: str) -> Placed | None:
    """What an earlier placement with this key made, if there was one."""
    async with db.for_buyer(buyer_id).reading() as tx:
        return (await _placed_before(tx, [(buyer_id, placement_key)])).get((buyer_id, placement_key))


async def place_all(
    db: Db, checkouts: Sequence[Checkout], *, carriers: Sequence[CarrierOffer]
) -> list[Placed | Exception]:
    """Place a batch in one transaction; for each checkout its result or refusal, those of one after the other."""
    for _ in range(ROUNDS_MAX):
        try:
            async with db.any().transaction() as tx:
                return await _place_in(tx, checkouts, carriers)
        except PlacedMeanwhile:
            continue  # its result can be seen now
    raise PlacedMeanwhile


async def _place_in(
    tx: Tx, checkouts: Sequence[Checkout], carriers: Sequence[CarrierOffer]
) -> list[Placed | Exception]:
    before = await _placed_before(tx, [checkout.key for checkout in checkouts])
    fresh = [checkout for checkout in checkouts if checkout.key not in before]
    decisions = iter(await _place_fresh(tx, fresh, carriers) if fresh else [])
    return [before.get(checkout.key) or next(decisions) for checkout in checkouts]


async def _place_fresh(
    tx: Tx, checkouts: Sequence[Checkout], carriers: Sequence[CarrierOffer]
) -> list[Placed | Exception]:
    at = clock.now()
    scene = await _read_scene(tx, checkouts)
    stock = await lock_stock(tx, shop_ids=[key[0] for key in scene.left], variant_ids=[key[1] for key in scene.left])
    scene.left.update({(row.shop_id, row.variant_id): row.available for row in stock})
    # Only under the lock is it known what the limits leave: the same buyer may have bought elsewhere at this moment.
    scene.limits_left = await quoting.limits_left(tx, _wishes(checkouts, scene), scene.around.variants)
    scene.wallets = await _lock_wallets(tx, checkouts)
    decided = decide(checkouts, scene, carriers=carriers, at=at)
    placements = [decision for decision in decided if isinstance(decision, Placement)]
    if placements:
        await write(tx, placements, stock, at=at)
    made = {placement.checkout.key: placement for placement in placements}
    return [_outcome(decision, made) for decision in decided]


def _outcome(decision: Placement | Repeat | Refusal, made: Mapping[PlacementKey, Placement]) -> Placed | Exception:
    if isinstance(decision, Refusal):
        return decision
    placement = decision if isinstance(decision, Placement) else made[decision.key]
    return Placed(placement.purchase.id, placement.payment.id, is_new=decision is placement)


async def _placed_before(tx: Tx, keys: Sequence[PlacementKey]) -> dict[PlacementKey, Placed]:
    return {
        (known.buyer_id, known.placement_key): Placed(known.purchase_id, known.payment_id, is_new=False)
        for known in await payments.purchases_by_keys(tx, keys)
    }


async def _read_scene(tx: Tx, checkouts: Sequence[Checkout]) -> Scene:
    """Everything but what the locks guard; of stock the keys alone, with nothing left."""
    carts = await _read_carts(tx, [checkout.buyer_id for checkout in checkouts if checkout.lines is None])
    addresses = await accounts.addresses_by_keys(tx, [(c.buyer_id, c.address_id) for c in checkouts])
    wanted = [line for lines in carts.values() for line in lines]
    wanted += [line for checkout in checkouts for line in checkout.lines or ()]
    around = await quoting.look_around(tx, wanted)
    on_delivery = {checkout.buyer_id for checkout in checkouts if checkout.method.kind == COD}
    return Scene(
        around=around,
        refusers=await admitting.who_refused(tx, around.book, on_delivery, now=clock.now()),
        carts=carts,
        addresses={(address.buyer_id, address.id): address for address in addresses},
        left={(line.shop_id, line.variant_id): 0 for line in wanted},
    )


async def _lock_wallets(tx: Tx, checkouts: Sequence[Checkout]) -> dict[int, int]:
    """What those have who pay from their wallets, locked after the stock; most batches have none of them."""
    payers = sorted({checkout.buyer_id for checkout in checkouts if checkout.wallet_minor})
    return await lock_wallets(tx, owner_ids=payers, currency=WALLET_CURRENCY) if payers else {}


async def _read_carts(tx: Tx, buyer_ids: Sequence[int]) -> dict[int, list[WantedLine]]:
    carts: dict[int, list[WantedLine]] = {buyer_id: [] for buyer_id in buyer_ids}
    for line in await cart.chosen_of_buyers(tx, list(carts)) if carts else []:
        carts[line.buyer_id].append(WantedLine(line.shop_id, line.variant_id, line.quantity, line.price_seen_minor))
    return carts


def _wishes(checkouts: Sequence[Checkout], scene: Scene) -> list[tuple[int, tuple[int, int]]]:
    return [
        (checkout.buyer_id, (line.shop_id, line.variant_id))
        for checkout in checkouts
        for line in scene.lines_of(checkout)
    ]
