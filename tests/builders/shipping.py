"""Orders that wait to be shipped, and what carriers report about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.placing import NewLine, NewOrder, insert_orders
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.sql import Db
from etalase.integrations.carriers.protocol import TrackingReport, TrackingStatus, reference_of
from tests.builders.accounts import make_account, make_shop

SELLER = Actor.seller(1)
_numbers = count(1)


@dataclass(frozen=True)
class Ready:
    """An order that waits for shipment, and who has to do with it."""

    shop_id: int
    order_id: int
    buyer_id: int
    seller_id: int
    lines: tuple[int, ...]
    variants: tuple[int, ...]


async def ready_order(
    db: Db, *, quantities: tuple[int, ...] = (2, 1), is_cod: bool = False, shop: tuple[int, int] | None = None,
    buyer_id: int | None = None,
) -> Ready:  # fmt: skip
    """An order of some lines, confirmed, its stock promised; `shop` is (shop_id, seller_id), made if not given."""
    at = clock.now()
    shop_id, seller_id = shop or await a_shop(db)
    buyer = buyer_id or (await make_account(db, name="Rina Wijaya")).id
    variants = [await a_variant(db, shop_id, stock=10) for _ in quantities]
    order = _new_order(shop_id, buyer, variants, quantities, is_cod=is_cod)
    async with db.for_shop(shop_id).transaction() as tx:
        await insert_orders(tx, [order], at=at)
        units = [StockUnits(shop_id, line.variant_id, line.quantity, order.id) for line in order.lines]
        await inventory.commit_units(tx, units, at=at)
        await orders.count(tx, [(shop_id, order.id, State.NEW, 1)])
    await orders.confirm(
        db,
        shop_id=shop_id,
        order_id=order.id,
        by=Actor.seller(seller_id),
        calendar=WorkingCalendar(),
        zone="Asia/Jakarta",
    )
    lines = tuple(line.id for line in order.lines)
    return Ready(shop_id, order.id, buyer, seller_id, lines, tuple(line.variant_id for line in order.lines))


def _new_order(
    shop_id: int, buyer_id: int, variants: list[tuple[int, int]], quantities: tuple[int, ...], *, is_cod: bool
) -> NewOrder:
    lines = tuple(
        NewLine(
            id=new_id(),
            product_id=product_id,
            variant_id=variant_id,
            title=f"Kemeja Batik {index}",
            variant_name="Merah, L",
            seller_sku=f"KB-{index}",
            image_key=None,
            unit_price_minor=50_000,
            quantity=quantity,
            weight_grams=300,
        )
        for index, ((product_id, variant_id), quantity) in enumerate(zip(variants, quantities, strict=True))
    )
    return NewOrder(
        shop_id=shop_id, id=new_id(), buyer_id=buyer_id, purchase_id=new_id(), state=State.NEW,
        payment_method="cod" if is_cod else "qris", is_cod=is_cod, currency="IDR", shipping_minor=12_000,
        shop_name="Batik Lestari", buyer_name="Rina", buyer_note="", policies={},
        address={"recipient": "Rina Wijaya", "phone": "+628123456789", "province": "DKI Jakarta", "city": "Kota Jakarta Pusat", "province_code": "31", "city_code": "3171",
                 "district": "Gambir", "postal_code": "10110", "street": "Jl. Merdeka 1", "landmark": ""},
        delivery={"carrier": "jne", "service": "reg", "carrier_name": "JNE", "service_name": "Reguler",
                  "price_minor": 12_000, "promised_from": "2026-11-25", "promised_until": "2026-11-27", "handling_days": 1},
        lines=lines,
    )  # fmt: skip


async def a_shop(db: Db) -> tuple[int, int]:
    """A shop in Bandung; (shop_id, seller_id)."""
    made = await make_shop(db)
    return made.shop_id, made.owner.id


async def a_variant(db: Db, shop_id: int, *, stock: int) -> tuple[int, int]:
    """A product of one variant with stock; (product_id, variant_id)."""
    category_id, product_id, variant_id = new_id(), new_id(), new_id()
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        run = tx.connection.execute
        await run(
            "INSERT INTO categories (id, slug, name_id, name_en) VALUES (%s, %s, 'Batik', 'Batik')",
            (category_id, f"batik-{category_id}"),
        )
        await run(
            "INSERT INTO products (shop_id, id, category_id, title, state, created_at, updated_at)"
            " VALUES (%s, %s, %s, 'Kemeja Batik', 'active', %s, %s)",
            (shop_id, product_id, category_id, at, at),
        )
        await run(
            "INSERT INTO variants (shop_id, id, product_id, seller_sku, price_minor, weight_grams)"
            " VALUES (%s, %s, %s, %s, 50000, 300)",
            (shop_id, variant_id, product_id, f"KB-{variant_id}"),
        )
        await run("INSERT INTO stock (shop_id, variant_id, on_hand) VALUES (%s, %s, %s)", (shop_id, variant_id, stock))
    return product_id, variant_id


async def arranged(db: Db, ready: Ready, **plan: object) -> Parcel:
    """A parcel of all that is left (or of the plan's lines), by JNE with a number of the seller's own unless the plan says else."""
    chosen: dict[str, object] = {
        "method": "own_number", "carrier": "jne", "service": "reg", "tracking_number": a_number(), **plan
    }  # fmt: skip
    return await shipping.arrange(
        db, shop_id=ready.shop_id, order_id=ready.order_id, by=Actor.seller(ready.seller_id),
        plan=ParcelPlan(**chosen),  # type: ignore[arg-type]
    )  # fmt: skip


def a_number() -> str:
    """A tracking number of JNE that no test has used."""
    return f"{9_000_000_000_000_000 - next(_numbers)}"


def a_report(
    parcel: Parcel, status: str, *, hours: float = 0, event_id: str = "", number: str | None = None, place: str = "Bandung",
    receiver: str | None = None, reason: str | None = None,
) -> TrackingReport:  # fmt: skip
    """What a carrier says about a parcel, some hours after it was arranged."""
    return TrackingReport(
        vendor_event_id=event_id or f"{parcel.id}-{status}-{hours}", carrier_code=parcel.carrier,
        tracking_number=number or parcel.tracking_number or "011540032186220",
        our_reference=reference_of(parcel.shop_id, parcel.id), status=TrackingStatus(status), code=status.upper(),
        description="Collected by the courier", place=place, zone="Asia/Jakarta",
        occurred_at=parcel.arranged_at + timedelta(hours=hours), receiver_name=receiver, attempt_reason=reason,
    )  # fmt: skip


async def order_now(db: Db, ready: Ready) -> Order:
    """The order as it stands."""
    async with db.for_shop(ready.shop_id).reading() as tx:
        order = await order_queries.order_of_shop(tx, shop_id=ready.shop_id, order_id=ready.order_id)
    assert order is not None
    return order


async def lines_now(db: Db, ready: Ready) -> list[OrderLine]:
    """The order's lines as they stand."""
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await order_queries.lines_of(tx, shop_id=ready.shop_id, order_id=ready.order_id)


async def parcel_now(db: Db, parcel: Parcel) -> Parcel:
    """The parcel as it stands."""
    async with db.for_shop(parcel.shop_id).reading() as tx:
        found = await queries.parcel_of_shop(tx, shop_id=parcel.shop_id, parcel_id=parcel.id)
    assert found is not None
    return found


async def stock_now(db: Db, ready: Ready, index: int = 0) -> tuple[int, int]:
    """(on hand, committed) of the order's variant."""
    async with db.for_shop(ready.shop_id).transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT on_hand, committed FROM stock WHERE shop_id = %s AND variant_id = %s",
            (ready.shop_id, ready.variants[index]),
        )
        row = await cursor.fetchone()
    assert row is not None
    return row[0], row[1]


async def fact_names(db: Db, ready: Ready) -> list[str]:
    """What happened to the order and its parcels, in order."""
    async with db.for_shop(ready.shop_id).transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT name FROM facts WHERE shop_id = %s AND order_id = %s ORDER BY id", (ready.shop_id, ready.order_id)
        )
        return [row[0] for row in await cursor.fetchall()]


async def running_clocks(db: Db, ready: Ready) -> dict[str, datetime]:
    """The order's running clocks and when they are due."""
    async with db.for_shop(ready.shop_id).transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT kind, due_at FROM deadlines WHERE shop_id = %s AND order_id = %s AND state = 'running'",
            (ready.shop_id, ready.order_id),
        )
        return dict(await cursor.fetchall())
