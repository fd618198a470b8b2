"""Orders that were really placed and paid, through the journeys that buyers take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from weakref import WeakKeyDictionary

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import Report
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.carriers.registry import all_carriers
from etalase.journeys.checkout import actions, quoting, settle
from etalase.journeys.checkout.actions import Placed
from etalase.journeys.checkout.rules import Checkout, Method, Quote, WantedLine

_numbers = count(1)


def method_of(code: str, *, provider: str = "sandbox") -> Method:
    """What placing has to know of a payment method, paid through the sandbox unless another provider is named."""
    return Method(code, str(payment_method(code).kind), provider)


def wanted(lines: Mapping[tuple[int, int], int]) -> tuple[WantedLine, ...]:
    """(shop_id, variant_id) -> quantity, as a checkout wants it."""
    return tuple(WantedLine(shop_id, variant_id, quantity) for (shop_id, variant_id), quantity in lines.items())


async def quote_of(db: Db, buyer: Account, address: Address, lines: Sequence[WantedLine]) -> Quote:
    """What the lines cost now, with the cheapest delivery."""
    async with db.any().reading() as tx:
        return await quoting.quote(
            tx, buyer_id=buyer.id, wanted=lines, address=address, carriers=all_carriers(), chosen={}, now=clock.now()
        )


_lanes: WeakKeyDictionary[Db, actions.CheckoutLane] = WeakKeyDictionary()


def lane_of(db: Db) -> actions.CheckoutLane:
    """The one lane of this process on the database."""
    if db not in _lanes:
        _lanes[db] = actions.open_lane(db, carriers=all_carriers())
    return _lanes[db]


@dataclass(frozen=True)
class Basket:
    """A checkout ready to be placed, any number of times."""

    checkout: Checkout

    async def place(self, db: Db) -> Placed:
        """Press the button."""
        return await actions.place(lane_of(db), self.checkout)


async def make_basket(
    db: Db, buyer: Account, address: Address, lines: Mapping[tuple[int, int], int], *, method: str = "qris",
    notes: Mapping[int, str] | None = None, provider: str = "sandbox", fee_minor: int = 0, wallet_minor: int = 0,
) -> Basket:  # fmt: skip
    """A checkout of these lines at today's total."""
    chosen = wanted(lines)
    quote = await quote_of(db, buyer, address, chosen)
    checkout = Checkout(
        buyer_id=buyer.id, buyer_name=buyer.name, placement_key=f"placement-{next(_numbers)}", address_id=address.id,
        lines=chosen, delivery={}, method=method_of(method, provider=provider), total_seen_minor=quote.total_minor,
        notes=notes or {}, fee_seen_minor=fee_minor, wallet_minor=wallet_minor,
    )  # fmt: skip
    return Basket(checkout)


async def place_order(
    db: Db, buyer: Account, address: Address, lines: Mapping[tuple[int, int], int], *, method: str = "qris"
) -> Placed:
    """Place an order (one a shop) of these lines."""
    return await (await make_basket(db, buyer, address, lines, method=method)).place(db)


async def paid_report(db: Db, buyer: Account, placed: Placed, *, attempt: str = "attempt-1") -> Report:
    """What the provider says when the purchase is paid in full."""
    assert placed.payment_id is not None
    async with db.for_buyer(buyer.id).reading() as tx:
        payment = await payments.payment(tx, buyer_id=buyer.id, payment_id=placed.payment_id)
    assert payment is not None
    return Report(
        buyer_id=buyer.id, payment_id=payment.id, status="paid", attempt=attempt, amount_minor=payment.amount_minor,
        currency=payment.currency,
    )  # fmt: skip


async def pay(db: Db, buyer: Account, placed: Placed, *, attempt: str = "attempt-1") -> settle.Outcome:
    """Let the provider report the purchase paid."""
    return await settle.settle(db, await paid_report(db, buyer, placed, attempt=attempt))


async def orders_of(db: Db, buyer: Account, placed: Placed) -> list[Order]:
    """The orders of the purchase as they stand now."""
    async with db.for_buyer(buyer.id).reading() as tx:
        return await queries.orders_of_purchase(tx, buyer_id=buyer.id, purchase_id=placed.purchase_id)


async def for_sale(db: Db, shop_id: int, variant_id: int) -> catalog.VariantForSale:
    """The variant as it is offered now."""
    async with db.any().reading() as tx:
        return (await catalog.variants_for_sale(tx, shop_ids=[shop_id], variant_ids=[variant_id]))[0]
