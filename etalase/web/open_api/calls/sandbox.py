"""What a sandbox can do beyond the interface: orders in any state, scenes, a clock that can be moved."""

from datetime import timedelta
from typing import Final, Literal

from pydantic import Field
from typing_extensions import TypedDict

from etalase.foundation import clock
from etalase.foundation.time_machine import actions as time_machine
from etalase.integrations.rehearsing import actions
from etalase.integrations.rehearsing.actions import SCENES, Stage
from etalase.integrations.rehearsing.errors import CannotRehearse
from etalase.web.clockwork import tell_peers, until_fired
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import NOT_OFFERED_HERE, PATH_NOT_KNOWN, Refused, missing
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.values import Body

NOTE: Final = "In sandbox mode alone; the interface itself has nothing like it."
Target = Literal[
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED"
]
Scene = Literal[
    "late_cancel", "lost_parcel", "failed_delivery", "returned_to_sender", "return_request", "return_dispute"
]  # fmt: skip


class OrdersToMake(Body):
    """How many orders, and in which state."""

    state: Target = "AWAITING_SHIPMENT"
    count: int = Field(1, ge=1, le=actions.ORDERS_MAX)


class MadeOrder(TypedDict):
    """An order that was made."""

    id: str


class MadeOrders(TypedDict):
    """The orders, each in the state that was asked for."""

    orders: list[MadeOrder]


class SceneToPlay(Body):
    """Which scene."""

    name: Scene


class Played(TypedDict):
    """The order that it happened to, and what it is about."""

    order_id: str
    about: str


class Move(Body):
    """How far to move the clock: some seconds, or to the next clock that runs out."""

    seconds: int = Field(0, ge=0, le=int(time_machine.MOVE_MAX.total_seconds()))
    to_next_deadline: bool = False


class Time(TypedDict, total=False):
    """The sandbox's time, how far it is ahead, and how many clocks ran out by the move."""

    now: int
    ahead_seconds: int
    fired: int
    waiting: int


def _stage(call: Call) -> Stage:
    _only_in_sandbox(call)
    return Stage(call.shop_id, call.caller.account_id)


def _only_in_sandbox(call: Call) -> None:
    if not call.settings.is_demo:
        raise Refused(PATH_NOT_KNOWN, "there is no sandbox here: it is part of the demo mode")


@api_call(
    "POST", "/sandbox/202309/orders", "Make orders in a state", scope="seller.order.info", body=OrdersToMake,
    body_example={"state": "AWAITING_SHIPMENT", "count": 2}, answer=MadeOrders, note=NOTE,
    example={"orders": [{"id": "868417036288008193"}, {"id": "868417036288008194"}]},
)  # fmt: skip
async def make_orders(call: Call) -> MadeOrders:
    """Real orders, brought into the state by what buyers, seller and carrier do; webhooks follow as from any other order."""
    stage, told = _stage(call), call.read(OrdersToMake)
    try:
        made = await actions.make_orders(call.db, call.settings, stage, state=told.state, count=told.count)
    except CannotRehearse as problem:
        raise Refused(NOT_OFFERED_HERE, str(problem)) from None
    return {"orders": [{"id": str(order_id)} for order_id in made]}


@api_call(
    "POST", "/sandbox/202309/scenarios", "Play a scenario", scope="seller.order.info", body=SceneToPlay,
    body_example={"name": "late_cancel"}, answer=Played, note=NOTE,
    example={"order_id": "868417036288008193", "about": SCENES["late_cancel"]},
)  # fmt: skip
async def play_scenario(call: Call) -> Played:
    """Something that goes wrong, with an order of its own: late_cancel, lost_parcel, failed_delivery, returned_to_sender, return_request,
    return_dispute."""
    stage, told = _stage(call), call.read(SceneToPlay)
    try:
        order_id = await actions.play(call.db, call.settings, stage, scene=told.name)
    except CannotRehearse as problem:
        raise Refused(NOT_OFFERED_HERE, str(problem)) from None
    return {"order_id": str(order_id), "about": SCENES[told.name]}


@api_call(
    "GET", "/sandbox/202309/time", "Get the sandbox's time", scope=None, needs_shop=False, answer=Time, note=NOTE,
    example={"now": 1764590400, "ahead_seconds": 86400},
)  # fmt: skip
async def get_time(call: Call) -> Time:
    """What time it is in the sandbox. The timestamp of requests is the real one, however far this clock is ahead."""
    _only_in_sandbox(call)
    return {"now": int(clock.now().timestamp()), "ahead_seconds": round(clock.offset().total_seconds())}


@api_call(
    "POST", "/sandbox/202309/time/advance", "Move the sandbox's time", scope=None, needs_shop=False, body=Move,
    body_example={"seconds": 3600}, answer=Time, note=NOTE,
    example={"now": 1764594000, "ahead_seconds": 90000, "fired": 3, "waiting": 0},
)  # fmt: skip
async def advance_time(call: Call) -> Time:
    """Move the clock forward for everybody, 31 days at most, and answer when everything due has happened (or after 8 s)."""
    _only_in_sandbox(call)
    told, before = call.read(Move), clock.now()
    if told.to_next_deadline:
        await time_machine.to_next_deadline(call.db, actor=call.by)
    elif told.seconds:
        await time_machine.advance(call.db, timedelta(seconds=told.seconds), actor=call.by)
    else:
        raise missing("body.seconds")
    await tell_peers(call.db, call.settings)
    waiting, fired = await until_fired(call.db, since=before)
    ahead_s = round(clock.offset().total_seconds())
    return {"now": int(clock.now().timestamp()), "ahead_seconds": ahead_s, "fired": fired, "waiting": waiting}
