"""How often an app may make a call for a shop: a bucket of tokens for each, filled evenly. Kept in this process."""

import math
import time
from collections.abc import Callable
from typing import Final

BUCKETS_MAX: Final = 20_000


class Limits:
    """So many requests a second for each app, shop and call, with a second's worth at once."""

    def __init__(self, per_s: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_s, self.clock = per_s, clock
        self._buckets: dict[tuple[int, int, str], tuple[float, float]] = {}

    def wait_s(self, app_id: int, shop_id: int, call: str) -> int | None:
        """None if the request may go on; else after how many whole seconds it may."""
        at, key = self.clock(), (app_id, shop_id, call)
        left, since = self._buckets.get(key, (float(self.per_s), at))
        left = min(float(self.per_s), left + (at - since) * self.per_s)
        if left < 1:
            self._buckets[key] = left, at
            return math.ceil((1 - left) / self.per_s)
        if len(self._buckets) >= BUCKETS_MAX:
            self._forget_full(at)
        self._buckets[key] = left - 1, at
        return None

    def _forget_full(self, at: float) -> None:
        """Buckets that nobody has drawn from for a second are full again, and need not be kept."""
        self._buckets = {key: kept for key, kept in self._buckets.items() if at - kept[1] < 1}
