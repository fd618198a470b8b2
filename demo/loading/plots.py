"""The plots of the demo world: how an order came to stand where it stands now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from demo.loading import shipping
from demo.loading.money import PurchaseStory
from demo.loading.orders import OrderStory, Wish
from demo.loading.parcels import ParcelStory, Scan, new_number
from demo.loading.telling import Buyer, Good, Shop, Telling
from demo.loading.timeline import DAY, HOUR, MINUTE, Times, paid_at, simulate
from demo.world.people import BUYER_NOTES, DELAY_NOTES, SELLER_NOTES
from etalase.commerce.orders.rules import State
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.shipping.rules import delivery_options
from etalase.integrations.carriers.registry import all_carriers

FAST = ("qris", "qris", "gopay", "ovo", "dana", "shopeepay", "card")
SLOW = ("bca_va", "mandiri_va", "bni_va", "bri_va", "indomaret", "alfamart")
TRIES = 400
OPEN_FOR_S = 23 * DAY


class NoSuchMoment(Exception):
    """The plot fits no moment of the past; the calendar is against it."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A parcel and what is still to be reported about it."""

    order: OrderStory
    parcel: ParcelStory
    to_come: tuple[Scan, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A purchase as it is about to be placed, with the moments its orders would have."""

    telling: Telling
    buyer: Buyer
    wishes: tuple[Wish, ...]
    method: str
    times: tuple[Times, ...]
    place: int

    def open(self) -> PurchaseStory:
        """Place it."""
        return PurchaseStory(
            self.telling, self.buyer, self.wishes, method=self.method, at=self.times[0].placed, place=self.place
        )


@dataclass(frozen=True, slots=True)
class Plot:
    """`fits` says whether moments suit it, `tell` plays it; ages in seconds; methods to pay it by."""

    fits: Callable[[Times, datetime], bool]
    tell: Callable[[Scene], None]
    ages: tuple[float, float]
    methods: Sequence[str] = (*FAST, *FAST, *SLOW)
    by_hand: bool = False
    lines: tuple[int, ...] = (1, 1, 1, 1, 2, 2, 3)
    has_failed_attempt: bool = False
    best: Callable[[Times, datetime], float] | None = None


def play(telling: Telling, plot: Plot, buyer: Buyer, shops: Sequence[Shop], *, method: str | None = None) -> None:
    """Find a moment that suits the plot and tell it; raises NoSuchMoment."""
    fitting: list[Scene] = []
    for _ in range(TRIES):
        scene = _draw(telling, plot, buyer, shops, method=method)
        if scene is not None and all(times.is_kept and plot.fits(times, telling.now) for times in scene.times):
            fitting.append(scene)
            if plot.best is None or len(fitting) >= 12:
                break
    if not fitting:
        raise NoSuchMoment
    best = plot.best
    scene = min(fitting, key=lambda one: best(one.times[0], telling.now)) if best else fitting[0]
    plot.tell(scene)


def _draw(telling: Telling, plot: Plot, buyer: Buyer, shops: Sequence[Shop], *, method: str | None) -> Scene | None:
    dice = telling.dice
    placed = telling.now - _age(dice, *plot.ages)
    place = dice.randrange(len(buyer.places)) if dice.random() < 0.3 else 0
    by_hand = plot.by_hand and any(shop.is_automatic for shop in shops)
    method = "cod" if by_hand else method or dice.choice(plot.methods)
    wishes = [_wish(telling, shop, buyer, place, placed, lines=dice.choice(plot.lines)) for shop in shops]
    found = tuple(wish for wish in wishes if wish is not None)
    if len(found) < len(shops) or not all(_takes(method, wish) for wish in found):
        return None
    paid = paid_at(telling, placed, method)
    times = tuple(
        simulate(
            telling, wish, buyer.places[place], placed=placed, paid=paid, has_failed_attempt=plot.has_failed_attempt
        )
        for wish in found
    )  # fmt: skip
    return Scene(telling, buyer, found, method, times, place)


def _age(dice: Random, least_s: float, most_s: float) -> timedelta:
    """How long ago; what is still open is rather young, unless holidays have held it up."""
    power = 3.0 if most_s <= OPEN_FOR_S else 1.0
    return timedelta(milliseconds=round(1000 * (least_s + (most_s - least_s) * dice.random() ** power)))


def _takes(method: str, wish: Wish) -> bool:
    """Whether the method takes the sum; cash on delivery has the operator's limits."""
    items = sum(good.price_minor * quantity for good, quantity in wish.goods)
    return payment_method(method).is_available_for(items + wish.option.price_minor)


def _wish(telling: Telling, shop: Shop, buyer: Buyer, place: int, placed: datetime, *, lines: int) -> Wish | None:
    dice = telling.dice
    goods = tuple((good, dice.choice((1, 1, 1, 1, 2, 2, 3))) for good in _choose(telling, shop, lines))
    where = buyer.places[place]
    options = delivery_options(
        shop=shop, address=where, weight_grams=sum(good.weight_grams * n for good, n in goods), carriers=all_carriers(),
        now=placed, calendar=shop.desk.calendar, book=telling.book,
        handling_days=max(good.handling_days for good, _ in goods),
    )  # fmt: skip
    options = [option for option in options if option.kind != "same_day"]
    note = dice.choice(BUYER_NOTES) if dice.random() < 0.25 else ""
    return Wish(shop, goods, dice.choice(options[:4]), note) if options else None


def _choose(telling: Telling, shop: Shop, lines: int) -> list[Good]:
    """Some goods sell better than others."""
    dice = telling.dice
    goods = list(dict.fromkeys(shop.goods[int(len(shop.goods) * dice.random() ** 1.7)] for _ in range(lines)))
    return sorted(goods, key=lambda good: good.variant_id)


# -- telling


def walk(scene: Scene, *, until: State, purchase: PurchaseStory | None = None) -> PurchaseStory:
    """Play a purchase by its moments until its orders stand in a state, or the present comes."""
    purchase = purchase or scene.open()
    paid = scene.times[0].paid
    if until is not State.UNPAID and paid is not None and paid <= scene.telling.now:
        purchase.pay(paid)
    for order, times in zip(purchase.orders, scene.times, strict=True):
        _walk_order(order, times, until=until)
    return purchase


def _walk_order(order: OrderStory, times: Times, *, until: State) -> None:
    now = order.telling.now
    if order.state is State.NEW and until not in (State.NEW, State.UNPAID) and times.confirmed <= now:
        order.confirm(times.confirmed)
    if order.state is not State.AWAITING_SHIPMENT or until is State.AWAITING_SHIPMENT or times.arranged > now:
        return
    parcel = shipping.arrange(order, times.arranged, is_insured=order.copy.insurance_minor > 0)
    if until is State.AWAITING_COLLECTION:
        expect(order, parcel, times)
    else:
        carry(order, parcel, times.scans)
        if until is State.COMPLETED:
            _finish(order, times)


def carry(order: OrderStory, parcel: ParcelStory, scans: Sequence[Scan]) -> None:
    """The carrier reports what has happened by now; what is still to come is left to the sandbox carrier."""
    told = 0
    for scan in scans:
        if not shipping.scan(order, parcel, scan):
            break
        told += 1
    order.telling.journeys[parcel.id] = Journey(order, parcel, tuple(scans[told:]))


def expect(order: OrderStory, parcel: ParcelStory, times: Times) -> None:
    """The courier is still to come, in time."""
    now = order.telling.now
    shift = now + (times.collect_by - now) * order.telling.dice.uniform(0.2, 0.8) - times.collected
    to_come = [Scan(scan.code, scan.place, scan.at + shift, scan.reason) for scan in times.scans]
    order.telling.journeys[parcel.id] = Journey(order, parcel, tuple(to_come))


def _finish(order: OrderStory, times: Times) -> None:
    now = order.telling.now
    if order.state is not State.DELIVERED:
        return
    complete_by = order.clocks.due_at("deliver.autocomplete")
    is_silent = order.telling.dice.random() < 0.3
    if not is_silent and times.completed <= now:
        order.complete(times.completed)
    elif complete_by + timedelta(seconds=2) <= now:
        order.complete(complete_by + timedelta(seconds=2), by_clock=True)


def _until(state: State) -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=state)
        dice = scene.telling.dice
        for order, times in zip(purchase.orders, scene.times, strict=True):
            if order.state is State.COMPLETED and dice.random() < 0.15:
                order.note(times.arranged + timedelta(minutes=3), dice.choice(SELLER_NOTES))
        purchase.close()

    return tell


def _awaiting(*, reminded: bool = False, readdressed: bool = False, noted: bool = False) -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.AWAITING_SHIPMENT)
        order, now = purchase.orders[0], scene.telling.now
        since = max(scene.times[0].confirmed, scene.times[0].placed)
        if reminded:
            order.remind(since + (now - since) * 0.7)
        if readdressed and len(scene.buyer.places) > 1:
            order.readdress(since + (now - since) * 0.3, place=1 - scene.place)
        if noted:
            order.note(since + (now - since) * 0.5, scene.telling.dice.choice(SELLER_NOTES))
        purchase.close()

    return tell


def _split(scene: Scene) -> None:
    """Two parcels: what was ready at once, and the rest some hours later."""
    purchase = walk(scene, until=State.AWAITING_SHIPMENT)
    order, times = purchase.orders[0], scene.times[0]
    first, *others = order.lines
    later = timedelta(hours=4)
    one = shipping.arrange(order, times.arranged, units={first.id: first.open})
    if others:
        two = shipping.arrange(order, times.arranged + timedelta(minutes=35))
        carry(order, one, times.scans)
        carry(order, two, [Scan(s.code, s.place, s.at + later, s.reason) for s in times.scans])
    purchase.close()


def _delayed(scene: Scene) -> None:
    purchase = walk(scene, until=State.IN_TRANSIT)
    order, times = purchase.orders[0], scene.times[0]
    at = times.arranged + timedelta(minutes=50)
    shipping.note_delay(order, order.parcels[0], at, scene.telling.dice.choice(DELAY_NOTES))
    purchase.close()


def _corrected(scene: Scene) -> None:
    """The shop brought the parcel to the carrier itself and mistyped its number."""
    purchase = walk(scene, until=State.AWAITING_SHIPMENT)
    order, times = purchase.orders[0], scene.times[0]
    telling = scene.telling
    number = new_number(order.copy.delivery["carrier"], dice=telling.dice, taken=telling.numbers)
    parcel = shipping.arrange(order, times.arranged, number=number)
    shipping.correct_number(order, parcel, times.arranged + timedelta(minutes=28))
    carry(order, parcel, times.scans)
    purchase.close()


def _extended(scene: Scene) -> None:
    purchase = walk(scene, until=State.DELIVERED)
    order, times = purchase.orders[0], scene.times[0]
    order.extend(times.delivered + (scene.telling.now - times.delivered) / 2)
    purchase.close()


def _hidden(scene: Scene) -> None:
    purchase = walk(scene, until=State.COMPLETED)
    order = purchase.orders[0]
    order.hide(order.updated_at + (scene.telling.now - order.updated_at) / 3)
    purchase.close()


def _delivered_since(times: Times, now: datetime) -> bool:
    return times.delivered + timedelta(hours=1) < now < times.complete_by - timedelta(hours=3)


def _under_way(times: Times, now: datetime) -> bool:
    return times.collected + timedelta(hours=1) < now < times.delivered - timedelta(hours=3)


def _unpaid(times: Times, now: datetime) -> bool:
    return times.placed < now


def _new(times: Times, now: datetime) -> bool:
    return (times.paid or times.placed) < now < times.confirm_by - timedelta(minutes=10)


def _to_ship(times: Times, now: datetime) -> bool:
    return times.confirmed + timedelta(minutes=2) < now < times.ship_by - timedelta(minutes=20)


def _late(times: Times, now: datetime) -> bool:
    return times.confirmed < times.ship_by + timedelta(minutes=5) < now < times.arrange_by - timedelta(hours=3)


def _to_collect(times: Times, now: datetime) -> bool:
    return times.arranged + timedelta(minutes=12) < now < times.collect_by - timedelta(hours=3)


def _finished(times: Times, now: datetime) -> bool:
    return times.complete_by + timedelta(hours=1) < now


def _failed(times: Times, now: datetime) -> bool:
    failed = next(scan.at for scan in times.scans if scan.code == "FLD")
    return failed + timedelta(minutes=5) < now < times.delivered - timedelta(hours=1)


def _split_under_way(times: Times, now: datetime) -> bool:
    return times.collected + timedelta(hours=6) < now < times.delivered - timedelta(hours=3)


PLOTS: dict[str, Plot] = {
    "unpaid": Plot(_unpaid, _until(State.UNPAID), (HOUR, 16 * HOUR), SLOW),
    "unpaid_soon": Plot(_unpaid, _until(State.UNPAID), (5 * MINUTE, 25 * MINUTE), ("qris",)),
    "new": Plot(_new, _until(State.NEW), (20 * MINUTE, 14 * DAY), by_hand=True),
    "to_ship": Plot(_to_ship, _awaiting(), (20 * MINUTE, 14 * DAY)),
    "to_ship_noted": Plot(_to_ship, _awaiting(reminded=True, noted=True), (2 * HOUR, 14 * DAY)),
    "to_ship_readdressed": Plot(_to_ship, _awaiting(readdressed=True), (2 * HOUR, 14 * DAY)),
    "to_ship_soon": Plot(
        _to_ship,
        _awaiting(reminded=True),
        (HOUR, 14 * DAY),
        best=lambda times, now: (times.ship_by - now).total_seconds(),
    ),
    "late": Plot(_late, _awaiting(reminded=True), (DAY, 16 * DAY)),
    "to_collect": Plot(_to_collect, _until(State.AWAITING_COLLECTION), (2 * HOUR, 16 * DAY)),
    "under_way": Plot(_under_way, _until(State.IN_TRANSIT), (8 * HOUR, 16 * DAY)),
    "split": Plot(_split_under_way, _split, (8 * HOUR, 16 * DAY), lines=(3,)),
    "delayed": Plot(_under_way, _delayed, (8 * HOUR, 16 * DAY)),
    "corrected": Plot(_under_way, _corrected, (8 * HOUR, 16 * DAY)),
    "failed_attempt": Plot(_failed, _until(State.IN_TRANSIT), (2 * DAY, 22 * DAY), has_failed_attempt=True),
    "delivered": Plot(_delivered_since, _until(State.DELIVERED), (2 * DAY, 22 * DAY)),
    "extended": Plot(_delivered_since, _extended, (4 * DAY, 22 * DAY)),
    "completed": Plot(_finished, _until(State.COMPLETED), (16 * DAY, 118 * DAY)),
    "completed_after_failure": Plot(_finished, _until(State.COMPLETED), (20 * DAY, 118 * DAY), has_failed_attempt=True),
    "completed_cod": Plot(_finished, _until(State.COMPLETED), (16 * DAY, 118 * DAY), ("cod",)),
    "under_way_cod": Plot(_under_way, _until(State.IN_TRANSIT), (8 * HOUR, 16 * DAY), ("cod",)),
    "delivered_cod": Plot(_delivered_since, _until(State.DELIVERED), (2 * DAY, 22 * DAY), ("cod",)),
    "hidden": Plot(_finished, _hidden, (30 * DAY, 118 * DAY)),
    "as_it_goes": Plot(_unpaid, _until(State.COMPLETED), (2 * DAY, 12 * DAY)),
}
"""Plots by name; those that end in a cancellation are in `plots_cancelled`."""
