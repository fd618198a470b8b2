"""Returns of orders that were really delivered, taken as far as a test needs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from etalase.commerce.evidence.rules import NewFile
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.commerce.shipping import of_returns, tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation import clock
from etalase.foundation.deadlines import sweep
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions, asking, parcels, queries
from etalase.journeys.returns.actions import Decision, Key
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.rules import Kind, Return, ReturnState
from etalase.subscriptions import DEADLINES
from tests.builders.reacting import facts_of
from tests.builders.shipping import a_number, a_report
from tests.builders.stall import Stall, make_stall

PHOTO = NewFile("a" * 64 + ".webp", "image/webp", "a" * 64)
MOVED = "return_parcel.moved"
OPERATOR = Actor.operator(99)


@dataclass(frozen=True)
class Asked:
    """A return and everybody who has to do with it."""

    stall: Stall
    order: Order
    line: OrderLine
    id: int

    @property
    def db(self) -> Db:
        return self.stall.db

    @property
    def buyer(self) -> Key:
        return Key.of_buyer(self.order.buyer_id, order_id=self.order.id, return_id=self.id)

    @property
    def seller(self) -> Key:
        by = Actor.seller(self.stall.seller.id)
        return Key.of_shop(self.order.shop_id, return_id=self.id, by=by)

    async def now(self) -> Return:
        async with self.db.for_shop(self.order.shop_id).reading() as tx:
            found = await queries.return_of_shop(tx, shop_id=self.order.shop_id, return_id=self.id)
        assert found is not None
        return found

    async def decide(self, decision: Decision, percent: int | None = None) -> Return:
        return await actions.decide(
            self.db, shop_id=self.order.shop_id, return_id=self.id, decision=decision, reason="Fotonya jelas",
            by=OPERATOR, percent=percent,
        )  # fmt: skip

    async def reject(self) -> Return:
        return await actions.reject(self.db, self.seller, reason="as_described", words="Sesuai foto")

    async def escalate(self) -> Return:
        await self.reject()
        return await actions.escalate(self.db, self.buyer, words="Tidak sesuai")

    async def send_back(self) -> Return:
        await actions.approve(self.db, self.seller)
        return await parcels.send_back(self.db, self.buyer, plan=a_plan("own_number"))

    async def parcel(self) -> Parcel:
        """What was sent last because of the return."""
        async with self.db.for_shop(self.order.shop_id).reading() as tx:
            return (await of_returns.of_case(tx, self.order, self.id))[-1]

    async def report(self, status: str) -> Return:
        """The carrier says something about what was sent last, and the return follows."""
        sent = await self.parcel()
        before = await facts_of(self.db, self.order.id, MOVED)
        await tracking.record_tracking(
            self.db, a_report(sent, status, hours=len(before)), vendor="test", parcel=(sent.shop_id, sent.id)
        )
        for fact in await facts_of(self.db, self.order.id, MOVED):
            await parcels.follow(self.db, fact)  # each again: a repeat changes nothing
        return await self.now()


def a_plan(method: str = "drop_off") -> ParcelPlan:
    """How a parcel travels: booked with a carrier, or under a number of one's own."""
    number = a_number() if method == "own_number" else None
    return ParcelPlan(method, "jne", "reg", tracking_number=number)


async def line_of(stall: Stall, order: Order) -> OrderLine:
    """The order's first line as it stands."""
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        return (await orders.lines_of(tx, shop_id=order.shop_id, order_id=order.id))[0]


async def delivered(stall: Stall, *, units: int = 1) -> Order:
    """An order of so many units that has arrived."""
    order = await stall.arranged(order=await stall.ready(units=units))
    await stall.report(order, "collected")
    return await stall.report(order, "delivered")


async def ask(
    stall: Stall, order: Order, *, kind: Kind = Kind.REFUND_ONLY, reason: str = "damaged", units: int = 1,
    files: Sequence[NewFile] = (PHOTO,),
) -> Asked:  # fmt: skip
    """The buyer asks to return units of the order's first line."""
    line = await line_of(stall, order)
    draft = Draft(kind, reason, {line.id: units}, "Sobek di jahitan", files)
    made = await asking.request(stall.db, buyer_id=order.buyer_id, order_id=order.id, draft=draft)
    return Asked(stall, order, line, made.id)


async def asked(db: Db, *, kind: Kind = Kind.REFUND_ONLY, units: int = 1, of: int = 1) -> Asked:
    """A request for units of an order of so many, which waits for the seller."""
    stall = await make_stall(db)
    return await ask(stall, await delivered(stall, units=of), kind=kind, units=units)


STEPS: dict[ReturnState, tuple[str, ...]] = {
    ReturnState.REQUESTED: (),
    ReturnState.OFFERED: ("offer",),
    ReturnState.REJECTED: ("reject",),
    ReturnState.AWAITING_RETURN: ("approve",),
    ReturnState.RETURNING: ("send_back",),
    ReturnState.RECEIVED: ("send_back", "receive"),
    ReturnState.REPLACING: ("approve",),
    ReturnState.REPLACED: ("approve", "replace"),
    ReturnState.ESCALATED: ("escalate",),
    ReturnState.DECIDED: ("escalate", "decide"),
    ReturnState.APPEALED: ("escalate", "decide", "appeal"),
}
"""How a return comes to a state."""


async def in_state(db: Db, state: ReturnState) -> Asked:
    """A return that waits in a state."""
    is_replaced = state in (ReturnState.REPLACING, ReturnState.REPLACED)
    made = await asked(db, kind=Kind.RESHIP if is_replaced else Kind.RETURN_AND_REFUND)
    for step in STEPS[state]:
        await take_step(made, step)
    assert (await made.now()).state is state
    return made


async def take_step(made: Asked, step: str) -> Return:
    """One of STEPS."""
    steps: dict[str, Callable[[], Awaitable[Return]]] = {
        "offer": lambda: actions.offer(made.db, made.seller, percent=40),
        "reject": made.reject,
        "approve": lambda: actions.approve(made.db, made.seller),
        "send_back": made.send_back,
        "receive": lambda: actions.receive(made.db, made.seller),
        "replace": lambda: replace(made),
        "escalate": made.escalate,
        "decide": lambda: made.decide("none"),
        "appeal": lambda: actions.appeal(made.db, made.buyer, words="Lihat foto kedua"),
    }
    return await steps[step]()


async def replace(made: Asked) -> Return:
    """The replacement is with its carrier."""
    await parcels.arrange_replacement(made.db, made.seller, plan=a_plan())
    return await made.report("collected")


async def pass_days(db: Db, days: float) -> None:
    """Time goes by, and every clock that is due fires."""
    clock.set_offset(clock.offset() + timedelta(days=days))
    while await sweep.sweep_once(db, DEADLINES):
        pass
