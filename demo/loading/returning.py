"""Returns of the story: what a buyer wants to give back, as far as it has come by now."""

from datetime import datetime
from typing import Any

from demo.loading import shipping
from demo.loading.orders import OrderStory
from demo.loading.parcels import BY_CARRIER, ParcelStory, Scan, new_number, place_of, way
from demo.loading.plots import Journey
from demo.loading.telling import CURRENCY
from etalase.commerce.shipping import facts as parcel_facts
from etalase.commerce.shipping import rules as parcels
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import CARRIER
from etalase.journeys.returns import facts
from etalase.journeys.returns.rules import ENDS, WAITING, Kind, ReturnState
from etalase.journeys.returns.times import due_of

ASKED = "Ternyata tidak cocok untuk saya. Barang masih utuh, belum dipakai, kemasannya masih rapi."
REFUSED = "Produknya sudah sesuai deskripsi, mohon dicek lagi."
DISPUTED = "Deskripsinya tidak sama dengan barang yang saya terima."
REJECT_REASON = "as_described"
PARCEL_DAYS = 2


class ReturnStory:
    """A return of all pieces of an order, as it stands at this moment of the story."""

    def __init__(self, order: OrderStory, at: datetime, *, kind: Kind) -> None:
        self.order, self.telling, self.kind, self.at = order, order.telling, kind, at
        self.id = self.telling.ids.at(at)
        self.state, self.updated_at = ReturnState.REQUESTED, at
        self.row: dict[str, Any] = {}
        self.parcels: list[ParcelStory] = []
        self.words = [("buyer", order.buyer.id, ASKED, at)]
        self.amount_minor = order.copy.items_minor
        order.clocks.pause("deliver.autocomplete", at=at)
        self._tell(
            facts.ReturnRequested, by=Actor.buyer(order.buyer.id), at=at, reason_code="does_not_fit",
            amount_minor=self.amount_minor, currency=CURRENCY,
        )  # fmt: skip
        self._start(at)

    # -- what people do

    def approve(self, at: datetime) -> None:
        """The shop wants the goods back first."""
        self._go(ReturnState.AWAITING_RETURN, at)
        self._tell(facts.ReturnApproved, by=self.order.seller, at=at)

    def dispute(self, refused_at: datetime, at: datetime) -> None:
        """The shop refuses, and the buyer asks the operator."""
        self.words.append(("seller", self.order.seller.id or 0, REFUSED, refused_at))
        self.row |= {"answer": REFUSED}
        self._go(ReturnState.REJECTED, refused_at)
        self._tell(
            facts.ReturnRejected, by=self.order.seller, at=refused_at, reason_code=REJECT_REASON, answer=REFUSED
        )  # fmt: skip
        buyer = Actor.buyer(self.order.buyer.id)
        self.words.append(("buyer", buyer.id or 0, DISPUTED, at))
        self.row |= {"escalated_by": "buyer"}
        self._go(ReturnState.ESCALATED, at)
        self._tell(facts.ReturnEscalated, by=buyer, at=at, escalated_by="buyer")

    def send_back(self, at: datetime, *, collected_at: datetime) -> None:
        """The buyer asks for a label and brings the parcel to the carrier; what is still to come is left to the sandbox."""
        parcel = self._parcel(at, purpose="way_back", by=Actor.buyer(self.order.buyer.id))
        self._carry(parcel, collected_at)

    def inspect(self, at: datetime) -> None:
        """What came back is as good as new: it is sold again, and the money goes back, or a replacement is next."""
        units = {line.id: line.open for line in self.order.lines}
        self.row |= {"restock": True}
        self.order.stock("return", units, at=at)
        if self.kind is Kind.EXCHANGE:
            self._go(ReturnState.REPLACING, at)
            self._tell(facts.ReplacementPromised, by=self.order.seller, at=at)
            return
        for line in self.order.lines:
            line.returned = line.open
        self.order.refunded_minor += self.amount_minor
        self.order.money.refund(
            self.order, at, amount_minor=self.amount_minor, case_id=self.id, reason="returned", ends="done"
        )
        self.row |= {"outcome": "accepted", "refund_minor": self.amount_minor}
        self._go(ReturnState.REFUNDED, at)
        self.order.clocks.resume("deliver.autocomplete", at=at)
        self._tell(
            facts.ReturnEnded, by=self.order.seller, at=at, state="refunded", outcome="accepted",
            refund_minor=self.amount_minor, currency=CURRENCY,
        )  # fmt: skip

    def replace(self, at: datetime, *, collected_at: datetime) -> None:
        """The shop sends the same again."""
        units = {line.id: line.open for line in self.order.lines}
        parcel = self._parcel(at, purpose="replacement", by=self.order.seller)
        for reason in ("reservation", "shipment"):
            self.order.stock(reason, units, at=at)
        self._carry(parcel, collected_at)

    # -- what travels

    def _parcel(self, at: datetime, *, purpose: str, by: Actor) -> ParcelStory:
        order, telling = self.order, self.telling
        carrier, service = order.copy.delivery["carrier"], order.copy.delivery["service"]
        parcel = ParcelStory(
            shop_id=order.shop.shop_id, id=telling.ids.at(at), order_id=order.id, method="drop_off", carrier=carrier,
            service=service, number=None, booking="booked", units={line.id: line.open for line in order.lines},
            arranged_at=at, purpose=purpose, case_id=self.id, **shipping.eta(order, carrier, service, at),
        )  # fmt: skip
        if purpose == "way_back":
            parcel.receiver = order.shop.name
        self.parcels.append(parcel)
        self._tell_of(
            parcel_facts.ReturnParcelArranged, parcel, by=by, at=at, service=service, method="drop_off",
            tracking_number=None,
        )  # fmt: skip
        booked_at = at + shipping.BOOKED_AFTER
        number = new_number(carrier, dice=telling.dice, taken=telling.numbers)
        parcel.number_it(number, entered_by=None, at=booked_at)
        order.more_words.append(number)
        start = self._ends(parcel)[0]
        parcel.report(telling, Scan("BKD", start, booked_at), vendor=BY_CARRIER, recorded_at=booked_at)
        self._tell_of(parcel_facts.ReturnParcelBooked, parcel, by=CARRIER, at=booked_at, tracking_number=number)
        return parcel

    def _ends(self, parcel: ParcelStory) -> tuple[Any, Any]:
        """Where it starts and where it is to arrive, as carriers name places."""
        order = self.order
        shop = place_of(order.shop.city, order.shop.province)
        buyer = place_of(order.address["city_code"], order.address["province_code"])
        return (buyer, shop) if parcel.purpose == "way_back" else (shop, buyer)

    def _carry(self, parcel: ParcelStory, collected_at: datetime) -> None:
        scans = way(*self._ends(parcel), collected_at=collected_at, days=PARCEL_DAYS)
        told = 0
        for scan in scans:
            heard_at = scan.at + shipping.HEARD_AFTER
            if heard_at > self.telling.now:
                break
            parcel.report(self.telling, scan, vendor=BY_CARRIER, recorded_at=heard_at)
            state = parcels.journey_of(parcel.told).state
            if state is not parcel.state:
                self._moved(parcel, state, heard_at)
            told += 1
        self.telling.journeys[parcel.id] = Journey(self.order, parcel, tuple(scans[told:]))

    def _moved(self, parcel: ParcelStory, state: ParcelState, at: datetime) -> None:
        parcel.state = state
        number = parcel.number or ""
        self._tell_of(
            parcel_facts.ReturnParcelMoved, parcel, by=CARRIER, at=at, state=state.value, tracking_number=number
        )  # fmt: skip
        if parcel.purpose == "replacement":
            self.row |= {"new_carrier": parcel.carrier, "new_number": number, "outcome": "replaced"}
            self._go(ReturnState.REPLACED, at)
            self._tell(facts.ReplacementSent, by=CARRIER, at=at, carrier=parcel.carrier, tracking_number=number)
        elif state is ParcelState.IN_TRANSIT:
            self.row |= {"carrier": parcel.carrier, "tracking_number": number, "sent_back_at": at}
            self._go(ReturnState.RETURNING, at)
            self._tell(facts.ReturnSentBack, by=CARRIER, at=at, carrier=parcel.carrier, tracking_number=number)
        else:
            parcel.received_by = parcel.receiver[:80]
            self.row |= {"received_at": at}
            self._go(ReturnState.RECEIVED, at)
            self._tell(facts.ReturnReceived, by=CARRIER, at=at)

    # -- what every step needs

    def _go(self, state: ReturnState, at: datetime) -> None:
        self.order.clocks.stop(WAITING[self.state].clock, at=at)
        self.state, self.updated_at = state, at
        if state not in ENDS:
            self._start(at)

    def _start(self, at: datetime) -> None:
        shop, clock = self.order.shop, WAITING[self.state].clock
        due = due_of(clock, at, book=self.order.book, calendar=shop.desk.calendar, zone=shop.zone)
        self.order.clocks.start(due.clock(clock, **self.order.keys, subject_kind="case", subject_id=self.id), at=at)

    def _tell(self, fact: type[Any], *, by: Actor, at: datetime, **data: Any) -> None:
        self.order.tell(fact, by=by, at=at, subject_id=self.id, kind=self.kind.value, **data)

    def _tell_of(self, fact: type[Any], parcel: ParcelStory, *, by: Actor, at: datetime, **data: Any) -> None:
        self.order.tell(
            fact, by=by, at=at, subject_id=parcel.id, case_id=self.id, purpose=parcel.purpose, carrier=parcel.carrier, **data
        )  # fmt: skip

    def close(self) -> None:
        """Write the return, its case, what was said and what travels."""
        order, rows, shop_id = self.order, self.telling.rows, self.order.shop.shop_id
        ended_at = self.updated_at if self.state in ENDS else None
        about = {"shop_id": shop_id, "id": self.id, "order_id": order.id, "buyer_id": order.buyer.id}
        rows.add(
            "cases", **about, kind="return", state="closed" if ended_at else "open", opened_at=self.at, closed_at=ended_at
        )  # fmt: skip
        for author, author_id, text, at in self.words:
            rows.add(
                "case_messages", shop_id=shop_id, id=self.telling.ids.at(at), case_id=self.id, author=author,
                author_id=author_id, text=text, at=at,
            )  # fmt: skip
        rows.add(
            "returns", **about, kind=self.kind.value, state=self.state.value, reason="does_not_fit",
            amount_minor=self.amount_minor, requested_at=self.at, updated_at=self.updated_at, ended_at=ended_at,
            **(NOTHING | self.row),
        )  # fmt: skip
        for line in order.lines:
            rows.add(
                "return_lines", shop_id=shop_id, return_id=self.id, order_line_id=line.id, quantity=line.open,
                received=line.open if self.row.get("restock") else None,
            )  # fmt: skip
        for parcel in self.parcels:
            parcel.write(self.telling)


NOTHING: dict[str, Any] = {
    "answer": "", "carrier": "", "tracking_number": "", "sent_back_at": None, "received_at": None, "restock": None,
    "new_carrier": "", "new_number": "", "escalated_by": None, "outcome": "", "refund_minor": 0,
}  # fmt: skip
"""What a return's row says of what has not happened."""
