"""One run: which rows, on which world, told to whom."""

import sys
import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Final

from bench import shoppers, world
from bench.load import Measured, measure, told
from bench.processes import House, Web
from bench.shoppers import Good, Shopper

SHOPPERS: Final = 30_000
SHOPPERS_QUICK: Final = 6_000
BAR: Final = 30
CLIENTS: Final = (1, 4, 16)
"""How many clients pgbench tries; the product's database takes sixty connections."""


class Run:
    """What the rows share: the house, its goods and signed-in buyers, how long to measure, and where to say so."""

    def __init__(
        self, house: House, *, is_quick: bool, buyers: int, pace: float = 1.0, clients: Sequence[int] = CLIENTS,
        open_pages: int = 1_000, every_case: int = 1,
    ) -> None:  # fmt: skip
        self.clients, self.open_pages, self.every_case = clients, open_pages, every_case
        self.house, self.is_quick, self.buyers, self.pace = house, is_quick, buyers, pace
        self.shoppers_max = min(buyers // 2, SHOPPERS_QUICK if is_quick else SHOPPERS)
        self.began = time.monotonic()

    def took_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    def progress(self, step: str, share: float) -> None:
        """A bar on a terminal; elsewhere nothing."""
        if sys.stderr.isatty():
            filled = round(share * BAR)
            sys.stderr.write(f"\r\x1b[K{self.took_s():6.1f} s  [{'#' * filled}{' ' * (BAR - filled)}] {step}")
            sys.stderr.flush()

    def say(self, text: str) -> None:
        """One line with the time since the start."""
        start = "\r\x1b[K" if sys.stderr.isatty() else ""
        sys.stderr.write(f"{start}{self.took_s():6.1f} s  {text}\n")

    def measure(self, web: Web, what: str, requests: Iterable[bytes], **load: Any) -> Measured:
        """`load.measure` on the web process, told with the CPU that each answer cost: noise of the machine leaves that alone."""
        web_s, database_s = web.cpu_s(), self.house.database_cpu_s()
        found = measure(web.port, requests, **load)
        answers = max(1, found.answers)
        found.web_ms = (web.cpu_s() - web_s) / answers * 1000
        found.database_ms = (self.house.database_cpu_s() - database_s) / answers * 1000
        self.say(
            f"{what:<60}{load['connections']:4} connections {told(found)}"
            f"   CPU ms: web {found.web_ms:.2f}, database {found.database_ms:.2f}"
        )
        return found

    def seconds(self, wanted: float) -> float:
        """How long to measure what a full run measures for so many seconds."""
        return wanted * (0.25 if self.is_quick else 1.0) * self.pace

    @cached_property
    def _goods(self) -> tuple[list[Good], Good, Good]:
        return shoppers.chosen_goods(self.house.url)

    def goods(self) -> tuple[list[Good], Good]:
        """Things of every shop, and the hot one."""
        return self._goods[0], self._goods[1]

    def flash_good(self) -> Good:
        """A thing of the busy shop that no other load buys."""
        return self._goods[2]

    def quiet_good(self) -> Good:
        """A thing of a shop that is not the busy one."""
        hot = self._goods[1]
        return next(good for good in reversed(self._goods[0]) if good.shop_id != hot.shop_id)

    @cached_property
    def _shoppers(self) -> Sequence[Shopper]:
        ids = [world.buyer_id(number) for number in range(1, self.shoppers_max + 1)]
        return shoppers.sign_in(self.house.url, self.house.settings(), ids)

    def shoppers(self) -> Sequence[Shopper]:
        """Buyers who are signed in."""
        return self._shoppers
