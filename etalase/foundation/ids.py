"""64-bit, time-ordered ids made by the application: 41 bits of milliseconds, 10 of node, 12 of sequence."""

import threading
import time
from datetime import datetime
from typing import NewType

AccountId = NewType("AccountId", int)
BuyerId = AccountId
ShopId = NewType("ShopId", int)
ProductId = NewType("ProductId", int)
VariantId = NewType("VariantId", int)
AddressId = NewType("AddressId", int)
PurchaseId = NewType("PurchaseId", int)
OrderId = NewType("OrderId", int)
OrderLineId = NewType("OrderLineId", int)
ParcelId = NewType("ParcelId", int)
PaymentId = NewType("PaymentId", int)
FactId = NewType("FactId", int)

PLATFORM = ShopId(0)
"""The `shop_id` of facts and entries that belong to no shop."""

EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00Z: demo history lies in the past, 41 bits last until 2089
ID_MAX = 2**63 - 1
NODE_MAX = 1023
NODES_LEASED = 1008
"""Nodes below are leased to processes (table `id_nodes`); those from here on are for loaders and tests."""
SEQUENCE_MAX = 4095


class IdMaker:
    """Makes ids that never repeat as long as no two makers use one node at a time."""

    def __init__(self, node: int) -> None:
        if not 0 <= node <= NODE_MAX:
            raise ValueError(f"node {node} is not within 0..{NODE_MAX}")
        self.node = node
        self._lock = threading.Lock()
        self._last_ms = 0
        self._sequence = 0

    def new(self) -> int:
        """The next id. Steps of the system clock backwards are waited out in the sequence, never repeated."""
        with self._lock:
            now_ms = max(time.time_ns() // 1_000_000 - EPOCH_MS, self._last_ms)
            self._sequence = self._sequence + 1 if now_ms == self._last_ms else 0
            if self._sequence > SEQUENCE_MAX:
                now_ms, self._sequence = now_ms + 1, 0
            self._last_ms = now_ms
            return compose(ms=now_ms, node=self.node, sequence=self._sequence)


def compose(*, ms: int, node: int, sequence: int) -> int:
    """Put an id together from milliseconds since the epoch of ids, node and sequence."""
    return ms << 22 | node << 12 | sequence


def id_at(moment: datetime, *, node: int = NODE_MAX, sequence: int = 0) -> int:
    """The id that a maker would have made at `moment`: for history that is loaded, and for time bounds in keysets."""
    return compose(ms=max(0, int(moment.timestamp() * 1000) - EPOCH_MS), node=node, sequence=sequence)


def id_ago(ms: int) -> int:
    """An id of so many milliseconds ago, by the machine's own clock, as makers go by: what was made since is larger."""
    return compose(ms=max(0, time.time_ns() // 1_000_000 - EPOCH_MS - ms), node=0, sequence=0)


def parse_id(text: str) -> int | None:
    """The id written as a decimal string, or none if it can't be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if 0 < number <= ID_MAX else None


_maker = IdMaker(NODES_LEASED)


def use_node(node: int) -> None:
    """Make this process's ids with `node` from now on (see `foundation.nodes.lease`)."""
    global _maker  # noqa: PLW0603 - one maker a process is the point
    _maker = IdMaker(node)


def new_id() -> int:
    """The next id of this process."""
    return _maker.new()
