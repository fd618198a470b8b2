"""Orders in bulk as lines of COPY: the same rows as the real verbs write, for a few plain courses of events."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from demo.loading.bulk_stage import BulkGood, BulkShop, Service, Stage, address_json
from etalase.commerce.orders.actions import SLOTS
from etalase.commerce.orders.rules import search_text
from etalase.foundation.deadlines import rules as due
from etalase.foundation.deadlines.rules import Due
from etalase.foundation.ids import EPOCH_MS

FIRST_NODE, LAST_NODE = 1011, 1022
IDS_OF_ORDER_MAX: Final = 64
NULL: Final = "\\N"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
HISTORY_DAYS: Final = 140
COURSES: Final = (
    ("completed", 78), ("lapsed", 6), ("cancelled", 4), ("delivered", 3), ("in_transit", 3), ("awaiting_collection", 1),
    ("awaiting_shipment", 4), ("unpaid", 1),
)  # fmt: skip
REACHED: Final = ("unpaid", "new", "awaiting_shipment", "awaiting_collection", "in_transit", "delivered", "completed")
METHODS: Final = ("qris", "gopay", "ovo", "dana", "card")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "purchases": ("buyer_id", "id", "placement_key", "payment_method", "currency", "total_minor", "placed_at"),
    "purchase_orders": ("buyer_id", "purchase_id", "shop_id", "order_id", "total_minor"),
    "orders": ("shop_id", "id", "buyer_id", "purchase_id", "state", "payment_method", "is_cod", "currency", "items_minor",
               "shipping_minor", "total_minor", "refunded_minor", "units", "shop_name", "buyer_name", "address", "delivery",
               "policy_set_id", "search", "placed_at", "paid_at", "confirmed_at", "arranged_at", "collected_at", "delivered_at",
               "completed_at", "cancelled_at", "cancelled_by", "cancel_reason", "updated_at"),
    "order_lines": ("shop_id", "id", "order_id", "quantity", "cancelled_quantity", "product_id", "variant_id", "title",
                    "variant_name", "seller_sku", "image_key", "unit_price_minor", "weight_grams"),
    "cancellations": ("shop_id", "id", "order_id", "state", "asked_by", "actor_id", "reason", "restock", "refund_minor",
                      "requested_at", "decided_at", "decided_by"),
    "cancellation_lines": ("shop_id", "cancellation_id", "order_line_id", "quantity"),
    "parcels": ("shop_id", "id", "state", "method", "carrier", "service", "tracking_number", "booking",
                "last_event_at", "last_status", "arranged_at", "collected_at", "delivered_at", "received_by"),
    "parcel_orders": ("shop_id", "parcel_id", "order_id"),
    "parcel_lines": ("shop_id", "parcel_id", "order_line_id", "quantity"),
    "parcel_numbers": ("carrier", "number", "shop_id", "parcel_id", "entered_at"),
    "tracking_events": ("shop_id", "id", "parcel_id", "vendor", "event_id", "status", "raw_code", "description", "place",
                        "occurred_at", "recorded_at"),
    "payments": ("buyer_id", "id", "purchase_id", "provider", "method", "state", "amount_minor", "currency", "expires_at",
                 "started_at", "paid_at", "failure"),
    "captures": ("buyer_id", "payment_id", "attempt", "amount_minor", "currency", "at", "use"),
    "refunds": ("buyer_id", "id", "payment_id", "shop_id", "order_id", "cancellation_id", "reason", "state", "amount_minor",
                "currency", "provider_reference", "approved_at", "sent_at", "done_at", "expected_from", "expected_until",
                "attempts"),
    "ledger_entries": ("shop_id", "id", "posting_id", "account", "currency", "amount_minor", "cause", "order_id", "at"),
    "deadlines": ("shop_id", "id", "kind", "subject_kind", "subject_id", "order_id", "started_at", "due_at", "policy_key",
                  "policy_version"),
    "facts": ("shop_id", "id", "name", "subject_kind", "subject_id", "order_id", "buyer_id", "actor_kind", "actor_id", "at",
              "data", "recorded_xid"),
    "stock_movements": ("shop_id", "id", "variant_id", "reason", "on_hand_change", "committed_change", "order_id", "at"),
}  # fmt: skip


@dataclass(slots=True)
class Batch:
    """The lines of each table, and what they add up to."""

    lines: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    pending: Counter[tuple[int, int]] = field(default_factory=Counter)
    ordered: Counter[tuple[int, int]] = field(default_factory=Counter)
    committed: Counter[tuple[int, int]] = field(default_factory=Counter)
    shipped: Counter[tuple[int, int]] = field(default_factory=Counter)
    orders: int = 0


def make_batch(stage: Stage, *, count: int, hot_share: float, seed: int) -> Batch:
    """So many orders, and the purchases of stock that they need."""
    dice, batch = Random(seed), Batch()
    courses = dice.choices([name for name, _ in COURSES], [share for _, share in COURSES], k=count)
    for course in courses:
        shop = stage.hot_shop if dice.random() < hot_share else dice.choice(stage.shops)
        _BulkOrder(stage, batch, dice, shop, course).write()
    _buy_stock(stage, batch, dice)
    batch.orders = count
    return batch


def _buy_stock(stage: Stage, batch: Batch, dice: Random) -> None:
    """What is ordered was bought before; what is cancelled stays."""
    ms = int((stage.now - timedelta(days=HISTORY_DAYS + 5)).timestamp() * 1000)
    at = _text(ms)
    node, offset_ms = dice.randint(FIRST_NODE, LAST_NODE), int(stage.offset.total_seconds() * 1000)
    for n, ((shop_id, variant_id), units) in enumerate(sorted(batch.ordered.items())):
        bought = (ms - dice.randrange(DAY) - offset_ms - EPOCH_MS) << 22 | node << 12 | n & 4095
        batch.lines["stock_movements"].append(f"{shop_id}\t{bought}\t{variant_id}\tpurchase\t{units}\t0\t{NULL}\t{at}")


def _text(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


class _BulkOrder:
    """One order of one shop under one purchase, on one plain course."""

    def __init__(self, stage: Stage, batch: Batch, dice: Random, shop: BulkShop, course: str) -> None:
        self.stage, self.lines, self.batch = stage, batch.lines, batch
        self.dice, self.shop, self.course = dice, shop, course
        self.buyer_id, self.buyer_name, self.place = dice.choice(stage.buyers)
        self.service: Service = dice.choice(shop.services[self.place])
        self.node_bits = dice.randint(FIRST_NODE, LAST_NODE) << 12
        self.sequence = dice.randrange(4096 - IDS_OF_ORDER_MAX)
        self.offset_ms = EPOCH_MS + int(stage.offset.total_seconds() * 1000)
        chosen = {shop.goods[int(len(shop.goods) * dice.random() ** 1.6)] for _ in range(dice.choice((1, 1, 1, 2)))}
        self.goods: Sequence[tuple[BulkGood, int]] = [(good, dice.choice((1, 1, 1, 2))) for good in chosen]
        self._set_moments()

    def _set_moments(self) -> None:
        """When everything happened; open orders are young enough for their clocks to run."""
        dice, now = self.dice, int(self.stage.now.timestamp() * 1000)
        ages = {"completed": (17, HISTORY_DAYS), "lapsed": (2, HISTORY_DAYS), "cancelled": (6, HISTORY_DAYS), "delivered": (3.5, 5.5),
                "in_transit": (1.2, 2.2), "awaiting_collection": (0.2, 0.6), "awaiting_shipment": (0.05, 0.5),
                "unpaid": (0.02, 0.6)}  # fmt: skip
        low, high = ages[self.course]
        placed = now - int(dice.uniform(low, high) * DAY)
        paid = placed + dice.randint(20_000, 600_000)
        arranged = paid + dice.randint(1 * HOUR, 3 * HOUR)
        collected = arranged + dice.randint(1 * HOUR, 2 * HOUR)
        delivered = collected + dice.randint(1 * DAY, 2 * DAY + 20 * HOUR)
        self.ms = [placed, paid, paid, arranged, collected, delivered, delivered + dice.randint(HOUR, 6 * DAY)]
        self.at = [_text(ms) for ms in self.ms]

    def id(self, ms: int) -> int:
        """The next id of a moment."""
        self.sequence += 1
        return (ms - self.offset_ms) << 22 | self.node_bits | self.sequence

    def write(self) -> None:
        """Append all its lines."""
        self.order_id, self.purchase_id, self.payment_id = (self.id(self.ms[0]) for _ in range(3))
        self.items = sum(good.price_minor * quantity for good, quantity in self.goods)
        self.units = sum(quantity for _, quantity in self.goods)
        self.total = self.items + self.service.price_minor
        self.line_ids = [self.id(self.ms[0]) for _ in self.goods]
        self.state = {"lapsed": "cancelled"}.get(self.course, self.course)
        if self.course == "awaiting_shipment" and not self.shop.is_automatic:
            self.state = "new"
        reached = {"lapsed": "unpaid", "cancelled": "awaiting_shipment"}.get(self.course, self.state)
        self.steps = REACHED.index(reached)
        self.method = self.dice.choice(METHODS) if self.steps else "bca_va"
        self.ended_ms = self.ms[0] + DAY + 2000 if self.course == "lapsed" else self.ms[2] + 20 * MINUTE
        self.ended = _text(self.ended_ms)
        self.number = ""
        self._write_purchase()
        self._write_placed()
        if self.steps >= 1:
            self._write_paid()
        if self.steps >= 3:
            self._write_parcel()
        if self.steps >= 6:
            self._write_completed()
        if self.state == "cancelled":
            self._write_cancelled()
        self._write_order()
        self._write_clocks()

    # -- rows of several tables

    def _fact(self, name: str, ms: int, at: str, actor: str, data: str, subject: tuple[str, int] | None = None) -> None:
        kind, subject_id = subject or ("order", self.order_id)
        who = {"buyer": self.buyer_id, "seller": self.shop.seller_id}.get(actor, NULL)
        self.lines["facts"].append(
            f"{self.shop.shop_id}\t{self.id(ms)}\t{name}\t{kind}\t{subject_id}\t{self.order_id}\t{self.buyer_id}\t{actor}\t{who}"
            f"\t{at}\t{data}\t0"
        )

    def _payment_fact(self, name: str, ms: int, at: str, actor: str, data: str) -> None:
        who = self.buyer_id if actor == "buyer" else NULL
        self.lines["facts"].append(
            f"0\t{self.id(ms)}\t{name}\tpayment\t{self.payment_id}\t{NULL}\t{self.buyer_id}\t{actor}\t{who}\t{at}\t{data}\t0"
        )

    def _post(self, source: str, target: str, cause: str, ms: int, at: str) -> None:
        posting = self.id(ms)
        for account, amount in ((target, self.total), (source, -self.total)):
            self.lines["ledger_entries"].append(
                f"{self.shop.shop_id}\t{self.id(ms)}\t{posting}\t{account}\tIDR\t{amount}\t{cause}\t{self.order_id}\t{at}"
            )

    def _move(self, reason: str, on_hand: int, committed: int, ms: int, at: str) -> None:
        for good, quantity in self.goods:
            self.lines["stock_movements"].append(
                f"{self.shop.shop_id}\t{self.id(ms)}\t{good.variant_id}\t{reason}\t{on_hand * quantity}\t{committed * quantity}"
                f"\t{self.order_id}\t{at}"
            )
            key = (self.shop.shop_id, good.variant_id)
            self.batch.committed[key] += committed * quantity
            if reason == "shipment":
                self.batch.shipped[key] += quantity

    # -- the course of events

    def _write_purchase(self) -> None:
        at, is_paid = self.at[0], self.steps >= 1
        expires = _text(self.ms[0] + (HOUR if self.method != "bca_va" else DAY))
        self.lines["purchases"].append(
            f"{self.buyer_id}\t{self.purchase_id}\tbulk-{self.purchase_id}\t{self.method}\tIDR\t{self.total}\t{at}"
        )
        self.lines["purchase_orders"].append(
            f"{self.buyer_id}\t{self.purchase_id}\t{self.shop.shop_id}\t{self.order_id}\t{self.total}"
        )
        state = "paid" if is_paid else ("expired" if self.course == "lapsed" else "pending")
        failure = "nothing left to pay" if self.course == "lapsed" else ""
        self.lines["payments"].append(
            f"{self.buyer_id}\t{self.payment_id}\t{self.purchase_id}\tsandbox\t{self.method}\t{state}\t{self.total}\tIDR\t{expires}"
            f"\t{at}\t{self.at[1] if is_paid else NULL}\t{failure}"
        )
        money = f'{{"method": "{self.method}", "amount_minor": {self.total}, "currency": "IDR"}}'
        self._payment_fact("payment.started", self.ms[0], at, "buyer", money)

    def _write_placed(self) -> None:
        ms, at, shop_id = self.ms[0], self.at[0], self.shop.shop_id
        for line_id, (good, quantity) in zip(self.line_ids, self.goods, strict=True):
            cancelled = quantity if self.state == "cancelled" else 0
            self.lines["order_lines"].append(
                f"{shop_id}\t{line_id}\t{self.order_id}\t{quantity}\t{cancelled}\t{good.columns}\t{good.weight_grams}"
            )
            self.batch.ordered[shop_id, good.variant_id] += quantity
        first = self.goods[0][0]
        data = (
            f'{{"total_minor": {self.total}, "currency": "IDR", "is_cod": false, "title": {first.title}, "image_key":'
            f' {first.image_key}, "units": {self.units}}}'
        )
        self._fact("order.placed", ms, at, "buyer", data.replace("\\", "\\\\"))
        self._move("reservation", 0, 1, ms, at)

    def _write_paid(self) -> None:
        ms, at = self.ms[1], self.at[1]
        self.lines["captures"].append(
            f"{self.buyer_id}\t{self.payment_id}\tatt_{self.payment_id}\t{self.total}\tIDR\t{at}\tpurchase"
        )
        money = f'"amount_minor": {self.total}, "currency": "IDR"'
        self._payment_fact("payment.captured", ms, at, "provider", f'{{{money}, "use": "purchase"}}')
        self._post("escrow", "provider_clearing", "capture", ms, at)
        self._fact("order.paid", ms, at, "provider", f'{{{money}, "method": "{self.method}"}}')
        if self.steps >= 2:
            is_automatic = self.shop.is_automatic
            data = f'{{"automatic": {"true" if is_automatic else "false"}}}'
            self._fact("order.confirmed", self.ms[2], self.at[2], "system" if is_automatic else "seller", data)

    def _write_parcel(self) -> None:
        shop_id, service, ms = self.shop.shop_id, self.service, self.ms
        parcel_id = self.id(ms[3])
        self.number = number = f"{service.number_start}{self.dice.randrange(10**9):09d}"
        collected, delivered = self.steps >= 4, self.steps >= 5
        state = "delivered" if delivered else "in_transit" if collected else "awaiting_collection"
        last = (self.at[5], "delivered") if delivered else (self.at[4], "collected") if collected else (NULL, "")
        self.lines["parcels"].append(
            f"{shop_id}\t{parcel_id}\t{state}\town_number\t{service.carrier}\t{service.service}\t{number}\tnone"
            f"\t{last[0]}\t{last[1]}\t{self.at[3]}\t{self.at[4] if collected else NULL}\t{self.at[5] if delivered else NULL}"
            f"\t{self.buyer_name if delivered else ''}"
        )
        self.lines["parcel_orders"].append(f"{shop_id}\t{parcel_id}\t{self.order_id}")
        self.lines["parcel_numbers"].append(f"{service.carrier}\t{number}\t{shop_id}\t{parcel_id}\t{self.at[3]}")
        for line_id, (_, quantity) in zip(self.line_ids, self.goods, strict=True):
            self.lines["parcel_lines"].append(f"{shop_id}\t{parcel_id}\t{line_id}\t{quantity}")
        parcel, named = ("parcel", parcel_id), f'"carrier": "{service.carrier}", "tracking_number": "{number}"'
        data = f'{{{named}, "service": "{service.service}", "method": "own_number", "units": {self.units}}}'
        self._fact("parcel.arranged", ms[3], self.at[3], "seller", data, parcel)
        self._fact("order.arranged", ms[3], self.at[3], "seller", "{}")
        self._move("shipment", -1, -1, ms[3], self.at[3])
        if collected:
            self._scan(parcel_id, "collected", "Handed to the courier by the shop", 4)
            self._fact("parcel.collected", ms[4], self.at[4], "seller", f"{{{named}}}", parcel)
            self._fact("order.in_transit", ms[4], self.at[4], "seller", "{}")
        if delivered:
            self._scan(parcel_id, "delivered", "Delivered, says the shop", 5)
            received = json.dumps({"received_by": self.buyer_name, "is_paid_to_courier": False}, ensure_ascii=False)
            self._fact("parcel.delivered", ms[5], self.at[5], "seller", received, parcel)
            self._fact("order.delivered", ms[5], self.at[5], "seller", "{}")

    def _scan(self, parcel_id: int, status: str, description: str, step: int) -> None:
        at = self.at[step]
        self.lines["tracking_events"].append(
            f"{self.shop.shop_id}\t{self.id(self.ms[step])}\t{parcel_id}\tseller\t{status}\t{status}\t{status}\t{description}\t\t{at}\t{at}"
        )

    def _write_completed(self) -> None:
        ms, at = self.ms[6], self.at[6]
        self._post("seller_pending", "escrow", "release", ms, at)
        self.batch.pending[self.shop.shop_id, (self.order_id >> 22) % SLOTS] -= self.total
        self._fact("order.completed", ms, at, "buyer", f'{{"automatic": false, "released_minor": {self.total}}}')

    def _write_cancelled(self) -> None:
        ms, at, shop_id = self.ended_ms, self.ended, self.shop.shop_id
        is_paid = self.steps >= 1
        by, reason = ("buyer", "changed_mind") if is_paid else ("system", "unpaid")
        refund = self.total if is_paid else 0
        cancellation_id = self.id(ms)
        self._move("release", 0, -1, ms, at)
        self.lines["cancellations"].append(
            f"{shop_id}\t{cancellation_id}\t{self.order_id}\tdone\t{by}\t{self.buyer_id if is_paid else NULL}\t{reason}\tt\t{refund}"
            f"\t{at}\t{at}\t{by}"
        )
        for line_id, (_, quantity) in zip(self.line_ids, self.goods, strict=True):
            self.lines["cancellation_lines"].append(f"{shop_id}\t{cancellation_id}\t{line_id}\t{quantity}")
        if is_paid:
            self._write_refund(cancellation_id)
        data = f'{{"asked_by": "{by}", "reason": "{reason}", "refund_minor": {refund}}}'
        self._fact("order.cancelled", ms, at, by, data)
        if not is_paid:
            self._payment_fact(
                "payment.ended", ms, at, "system", '{"state": "expired", "failure": "nothing left to pay"}'
            )

    def _write_refund(self, cancellation_id: int) -> None:
        ms, at, refund_id = self.ended_ms, self.ended, self.id(self.ended_ms)
        done_ms = ms + 20 * HOUR
        done, day = _text(done_ms), _text(ms + 3 * DAY)[:10]
        self._post("provider_clearing", "escrow", "refund", ms, at)
        self.lines["refunds"].append(
            f"{self.buyer_id}\t{refund_id}\t{self.payment_id}\t{self.shop.shop_id}\t{self.order_id}\t{cancellation_id}\tcancelled\tdone"
            f"\t{self.total}\tIDR\tref_{refund_id}\t{at}\t{at}\t{done}\t{day}\t{day}\t1"
        )
        money, refund = f'"amount_minor": {self.total}, "currency": "IDR"', ("refund", refund_id)
        data = f'{{{money}, "reason": "cancelled", "expected_until": "{day}"}}'
        self._fact("refund.approved", ms, at, "system", data, refund)
        self._fact("refund.done", done_ms, done, "provider", f"{{{money}}}", refund)

    def _write_order(self) -> None:
        at, steps = self.at, self.steps
        is_cancelled = self.state == "cancelled"
        stamps = [at[n] if steps >= n else NULL for n in range(1, 7)]
        ended = (
            f"{self.ended}\t{'buyer' if steps else 'system'}\t{'changed_mind' if steps else 'unpaid'}"
            if is_cancelled
            else f"{NULL}\t{NULL}\t{NULL}"
        )
        days = [_text(self.ms[0] + n * DAY)[:10] for n in (2, 2 + self.service.days)]
        delivery = f'{self.service.json_start}, "promised_from": "{days[0]}", "promised_until": "{days[1]}"}}'
        updated = self.ended if is_cancelled else at[steps]
        self.lines["orders"].append(
            f"{self.shop.shop_id}\t{self.order_id}\t{self.buyer_id}\t{self.purchase_id}\t{self.state}\t{self.method}\tf\tIDR"
            f"\t{self.items}\t{self.service.price_minor}\t{self.total}\t{self.total if is_cancelled and steps else 0}"
            f"\t{0 if is_cancelled else self.units}\t{self.shop.name}\t{self.buyer_name}\t{address_json(self.buyer_name, self.place)}"
            f"\t{delivery}\t{self.stage.policy_set_id}\t{self._search()}\t{at[0]}\t"
            + "\t".join(stamps)
            + f"\t{ended}\t{updated}"
        )
        self.batch.counts[self.shop.shop_id, self.state, (self.order_id >> 22) % SLOTS] += 1

    def _search(self) -> str:
        words = search_text((str(self.order_id), self.shop.name, self.buyer_name, "7890", self.number)).lower()
        words += " " + " ".join(good.words for good, _ in self.goods)
        return " ".join({f"'{word}'" for word in words.split()})

    def _write_clocks(self) -> None:
        for kind, limit, started in self._clocks():
            if limit.due_at <= self.stage.now:
                continue  # late by now: an order of the morning, told at night
            self.lines["deadlines"].append(
                f"{self.shop.shop_id}\t{self.id(self.ms[started])}\t{kind}\torder\t{self.order_id}\t{self.order_id}\t{self.at[started]}"
                f"\t{limit.due_at.isoformat()}\t{limit.policy_key}\t{limit.policy_version}"
            )

    def _clocks(self) -> list[tuple[str, Due, int]]:
        """What runs: kind, when it is due, and the step that started it."""
        book = self.stage.book
        if self.state == "unpaid":
            limit = due.unpaid_due(_moment(self.ms[0]), "virtual_account", book)
            return [("payment.deadline", limit, 0)] if limit else []
        if self.state == "delivered":
            return [("deliver.autocomplete", due.autocomplete_due(_moment(self.ms[5]), book), 5)]
        if self.state not in ("new", "awaiting_shipment", "awaiting_collection"):
            return []
        paid, calendar = _moment(self.ms[1]), self.stage.calendar
        zone, handling = self.shop.zone, self.shop.handling_days
        if self.state == "new":
            return [("confirm.deadline", due.confirm_due(paid, zone=zone, calendar=calendar, book=book), 1)]
        ship = due.ship_due(paid, zone=zone, calendar=calendar, book=book, handling_days=handling)
        if self.state == "awaiting_shipment":
            cancel = due.autocancel_due(paid, zone=zone, calendar=calendar, book=book, handling_days=handling)
            return [("ship.sla", ship, 2), ("ship.autocancel", cancel, 2)]
        collect = due.collect_due(
            _moment(self.ms[3]), paid, zone=zone, calendar=calendar, book=book, handling_days=handling
        )
        return [("ship.sla", ship, 2), ("collect.autocancel", collect, 3)]


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
