"""One order walks through its states, with everything that the real verbs write on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.loading.clocks import Clocks
from demo.loading.settling import settle
from demo.loading.telling import CURRENCY, Buyer, Good, Shop, Telling
from etalase.commerce.orders import facts, insurance
from etalase.commerce.orders.insurance import Terms
from etalase.commerce.orders.placing import NewLine, NewOrder
from etalase.commerce.orders.rules import STAMPS, TRANSITIONS, Move, State
from etalase.commerce.shipping.rules import DeliveryOption
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, Fact
from etalase.foundation.facts.model import PROVIDER, SYSTEM
from etalase.foundation.policies.rules import PolicyBook, book_of, frozen

INSURED_FROM_MINOR = 500_000


@dataclass(slots=True)
class Line:
    """A line with what was cancelled of it so far."""

    id: int
    good: Good
    quantity: int
    cancelled: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.cancelled


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer orders of one shop, how it is to be brought, and what is said with it."""

    shop: Shop
    goods: tuple[tuple[Good, int], ...]
    option: DeliveryOption
    note: str = ""


class OrderStory:
    """An order as it stands at this moment of the story; shipping and cancelling are in modules of their own."""

    def __init__(
        self, telling: Telling, buyer: Buyer, wish: Wish, *, purchase_id: int, method: str, is_cod: bool, at: datetime,
        place: int = 0,
    ) -> None:  # fmt: skip
        self.telling, self.buyer, self.shop = telling, buyer, wish.shop
        self.id = telling.ids.at(at)
        self.lines = [Line(telling.ids.at(at), good, quantity) for good, quantity in wish.goods]
        self.state = State.NEW if is_cod else State.UNPAID
        self.is_cod = is_cod
        self.copy = self._copy(wish, purchase_id=purchase_id, method=method, address=buyer.places[place].copy)
        self.total_minor = self.copy.total_minor
        self.refunded_minor = 0
        self.placed_at = self.updated_at = at
        self.stamps: dict[str, Any] = {}
        self.seller_note = ""
        self.address = self.copy.address
        self.clocks = Clocks(telling)
        self.parcels: list[Any] = []
        self.more_words: list[str] = []
        self.book: PolicyBook = book_of(self.copy.policies)
        self.money: Any = None

    def _copy(self, wish: Wish, *, purchase_id: int, method: str, address: dict[str, str]) -> NewOrder:
        option, shop = wish.option, wish.shop
        return NewOrder(
            shop_id=shop.shop_id, id=self.id, buyer_id=self.buyer.id, purchase_id=purchase_id, state=self.state,
            payment_method=method, is_cod=self.is_cod, currency=CURRENCY, shipping_minor=option.price_minor,
            shop_name=shop.name, buyer_name=self.buyer.name, address=address,
            delivery={
                "carrier": option.carrier, "service": option.service, "carrier_name": option.carrier_name,
                "service_name": option.service_name, "kind": option.kind, "price_minor": option.price_minor,
                "promised_from": option.promised_from.isoformat(), "promised_until": option.promised_until.isoformat(),
                "zone": shop.zone, "handling_days": max(line.good.handling_days for line in self.lines),
            },
            policies=frozen(
                self.telling.book, shop_id=shop.shop_id,
                goods=[(line.good.category_id, line.good.product_id) for line in self.lines],
            ),
            buyer_note=wish.note,
            lines=tuple(
                NewLine(
                    id=line.id, product_id=line.good.product_id, variant_id=line.good.variant_id, title=line.good.title,
                    variant_name=line.good.variant_name, seller_sku=line.good.seller_sku, image_key=line.good.image_key,
                    unit_price_minor=line.good.price_minor, quantity=line.quantity, weight_grams=line.good.weight_grams,
                )
                for line in self.lines
            ),
            insurance_minor=self._premium(),
        )  # fmt: skip

    def _premium(self) -> int:
        """Buyers of this world insure what is dear."""
        goods_minor = sum(line.good.price_minor * line.quantity for line in self.lines)
        terms = Terms.of(self.telling.book.find(insurance.KEY, self.shop.shop_id).value)
        return terms.premium_minor(goods_minor) if goods_minor >= INSURED_FROM_MINOR else 0

    # -- what every step needs

    @property
    def kept_minor(self) -> int:
        return self.total_minor - self.refunded_minor

    @property
    def is_paid(self) -> bool:
        return "paid_at" in self.stamps

    @property
    def seller(self) -> Actor:
        """Somebody of the shop."""
        return Actor.seller(self.telling.dice.choice(self.shop.members))

    @property
    def promise(self) -> dict[str, Any]:
        """What the clocks of shipping are reckoned from."""
        return {
            "paid_at": self.stamps.get("paid_at", self.placed_at), "zone": self.shop.zone, "calendar": self.shop.desk.calendar,
            "book": self.book, "handling_days": int(self.copy.delivery["handling_days"]),
        }  # fmt: skip

    @property
    def keys(self) -> dict[str, Any]:
        return {"shop_id": self.shop.shop_id, "order_id": self.id}

    def tell(self, fact: type[Fact], *, by: Actor, at: datetime, subject_id: int | None = None, **data: Any) -> int:
        """Record a fact about this order."""
        about = {**self.keys, "subject_id": subject_id or self.id, "buyer_id": self.buyer.id}
        return self.telling.record(fact(**about, **data), by=by, at=at)

    def move(self, move: Move, *, at: datetime) -> None:
        """Take a step of the order's table."""
        transition = TRANSITIONS[move]
        if self.state not in transition.sources:
            raise ValueError(f"{move} from {self.state}")
        self.state = transition.to
        self.stamps[transition.stamp] = self.updated_at = at

    def stock(self, reason: str, units: Mapping[int, int], *, at: datetime) -> None:
        """Move units (line id -> quantity) as the verb of that name does."""
        signs = {"reservation": (0, 1), "release": (0, -1), "shipment": (-1, -1), "damage": (-1, -1), "return": (1, 0)}
        on_hand, committed = signs[reason]
        for line in self.lines:
            if quantity := units.get(line.id, 0):
                self.telling.shelves.move(
                    line.good, reason=reason, units=(on_hand * quantity, committed * quantity), order_id=self.id, at=at
                )

    # -- from placing to confirming

    def place(self) -> None:
        """The order is placed: units promised, the first clock started."""
        at = self.placed_at
        self.telling.orders.append(self)
        self.stock("reservation", {line.id: line.quantity for line in self.lines}, at=at)
        self.tell(
            facts.OrderPlaced, by=Actor.buyer(self.buyer.id), at=at, total_minor=self.total_minor, currency=CURRENCY,
            is_cod=self.is_cod, title=self.lines[0].good.title, image_key=self.lines[0].good.image_key, units=self.copy.units,
        )  # fmt: skip
        if self.is_cod:
            self._start_to_confirm(at)

    def start_to_pay(self, method_kind: str) -> None:
        """The clock of paying starts."""
        limit = due.unpaid_due(self.placed_at, method_kind, self.book)
        if limit is not None:
            self.clocks.start(limit.clock("payment.deadline", **self.keys), at=self.placed_at)

    def _start_to_confirm(self, at: datetime) -> None:
        limit = due.confirm_due(at, zone=self.shop.zone, calendar=self.shop.desk.calendar, book=self.book)
        self.clocks.start(limit.clock("confirm.deadline", **self.keys), at=at)

    def pay(self, at: datetime) -> None:
        """The money arrived."""
        self.telling.post(
            **self.keys, taken_from="escrow", put_to="provider_clearing", amount_minor=self.total_minor, cause="capture", at=at
        )  # fmt: skip
        self.clocks.stop("payment.deadline", at=at)
        self.tell(
            facts.OrderPaid, by=PROVIDER, at=at, amount_minor=self.total_minor, currency=CURRENCY,
            method=self.copy.payment_method,
        )  # fmt: skip
        self.move(Move.PAY, at=at)
        if self.shop.is_automatic:
            self.confirm(at, by=SYSTEM)
        else:
            self._start_to_confirm(at)

    def confirm(self, at: datetime, *, by: Actor | None = None) -> None:
        """The shop accepts the order for shipping."""
        by = by or self.seller
        self.clocks.stop("confirm.deadline", at=at)
        self.tell(facts.OrderConfirmed, by=by, at=at, automatic=by.kind == "system")
        self.clocks.start(*due.shipping_clocks(**self.keys, **self.promise), at=at)
        self.move(Move.CONFIRM, at=at)

    def complete(self, at: datetime, *, by_clock: bool = False) -> None:
        """The buyer is content, or the time to say otherwise is over."""
        if by_clock:
            self.clocks.fire("deliver.autocomplete", at=at)
        self.clocks.stop(at=at)
        premium = min(self.copy.insurance_minor, self.kept_minor)
        released = self.kept_minor - premium
        self.telling.post(
            **self.keys, taken_from="insurance", put_to="escrow", amount_minor=premium, cause="insurance premium", at=at
        )  # fmt: skip
        self.telling.post(
            **self.keys, taken_from="seller_pending", put_to="escrow", amount_minor=released, cause="release", at=at
        )  # fmt: skip
        by = SYSTEM if by_clock else Actor.buyer(self.buyer.id)
        self.tell(facts.OrderCompleted, by=by, at=at, automatic=by_clock, released_minor=released)
        self.move(Move.COMPLETE, at=at)
        settle(self.telling, self, at=at)

    # -- what people do beside

    def extend(self, at: datetime) -> None:
        """The buyer takes more time to check."""
        days = int(self.book.find("deliver.extension").value)
        until = self.clocks.extend("deliver.autocomplete", timedelta(days=days))
        self.stamps["extended_at"] = at
        self.tell(facts.ReceiptExtended, by=Actor.buyer(self.buyer.id), at=at, until=until.isoformat())

    def remind(self, at: datetime) -> None:
        """The buyer reminds the seller."""
        self.stamps["reminded_at"] = at
        self.tell(facts.SellerReminded, by=Actor.buyer(self.buyer.id), at=at)

    def readdress(self, at: datetime, *, place: int) -> None:
        """The buyer sends it elsewhere."""
        self.address = self.buyer.places[place].copy
        self.stamps["address_changed_at"] = self.updated_at = at
        self.tell(facts.AddressChanged, by=Actor.buyer(self.buyer.id), at=at)

    def note(self, at: datetime, text: str) -> None:
        """The shop writes a note for itself."""
        self.seller_note, self.updated_at = text, at
        about = {**self.keys, "subject_id": self.id}
        self.telling.record(facts.SellerNoteChanged(**about), by=self.seller, at=at)

    def hide(self, at: datetime) -> None:
        """The buyer takes the finished order off the list."""
        self.stamps["hidden_at"] = at
        self.tell(facts.OrderHidden, by=Actor.buyer(self.buyer.id), at=at)

    # -- the end of the story

    def close(self) -> None:
        """Write the order as it stands at present."""
        self.clocks.close()
        self.telling.count(**self.keys, state=self.state)
        self._write_order()
        for line in self.lines:
            good = line.good
            self.telling.rows.add(
                "order_lines", shop_id=self.shop.shop_id, id=line.id, order_id=self.id, product_id=good.product_id,
                variant_id=good.variant_id, title=good.title, variant_name=good.variant_name, seller_sku=good.seller_sku,
                image_key=good.image_key, unit_price_minor=good.price_minor, quantity=line.quantity,
                cancelled_quantity=line.cancelled, returned_quantity=line.returned, weight_grams=good.weight_grams,
            )  # fmt: skip
        for parcel in self.parcels:
            parcel.write(self.telling)

    def _write_order(self) -> None:
        copy = self.copy
        stamps = {
            name: self.stamps.get(name)
            for name in (
                *STAMPS,
                "cancelled_by",
                "cancel_reason",
                "address_changed_at",
                "extended_at",
                "reminded_at",
                "hidden_at",
            )
        }
        self.telling.rows.add(
            "orders", shop_id=copy.shop_id, id=self.id, buyer_id=copy.buyer_id, purchase_id=copy.purchase_id, state=self.state,
            payment_method=copy.payment_method, is_cod=self.is_cod, currency=CURRENCY, items_minor=copy.items_minor,
            shipping_minor=copy.shipping_minor, insurance_minor=copy.insurance_minor, total_minor=self.total_minor, refunded_minor=self.refunded_minor,
            units=sum(line.open for line in self.lines), shop_name=copy.shop_name, buyer_name=copy.buyer_name,
            address=self.address, delivery=copy.delivery, policy_set_id=self.telling.set_id(copy.policies), buyer_note=copy.buyer_note,
            seller_note=self.seller_note, search=tsvector(copy.search_text, *self.more_words), placed_at=self.placed_at,
            updated_at=self.updated_at, **stamps,
        )  # fmt: skip


def tsvector(*texts: str) -> str:
    """What to_tsvector('simple', ...) makes of texts that hold nothing but words, each appended to the one before."""
    places: dict[str, list[int]] = {}
    position = 0
    for text in texts:
        for word in text.lower().split():
            position += 1
            places.setdefault(word, []).append(position)
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())
