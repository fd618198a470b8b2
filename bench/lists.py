"""Every list and search of `bench.cases`: how long the slowest takes, and whether cost grows with the world."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

import psycopg

from bench import shoppers
from bench.cases import Case, cases
from bench.figures import Figure, Need
from bench.load import measure, request
from bench.processes import Web
from bench.run import Run
from bench.world import gather_waiting_words, hot_shop_id, statements

CONNECTIONS: Final = 8
SLOWEST: Final = 8
TIMES, TIMES_QUICK = 14, 8
Costs = dict[str, float]
"""CPU milliseconds of web and database for one page, by the name of its case."""


def lists(run: Run) -> Iterator[Figure]:
    """The seller's lists in the shop with half of the orders: the worst of all p99s. A short look at each finds the slowest,
    and these are measured for longer. What was placed is gathered for the search before, as the worker does within seconds.
    """
    gather_waiting_words(run.house.url)
    with run.house.web() as web:
        asked = {case.name: wanted for case, wanted in _requests(run) if case.who == "seller"}
        for wanted in asked.values():
            _warm(web, wanted)
        found = {name: _p99_ms(run, web, wanted, seconds=0.3) for name, wanted in asked.items()}
        for name in sorted(found, key=lambda name: -found[name])[:SLOWEST]:
            found[name] = _p99_ms(run, web, asked[name], seconds=2)
    worst = sorted(found, key=lambda name: -found[name])
    run.say("slowest: " + ", ".join(f"{name} {found[name]:.1f} ms" for name in worst[:5]))
    yield Figure(
        "seller-worst-p99", f"slowest of {len(found)} seller lists and searches, {CONNECTIONS} connections, p99", found[worst[0]],
        "ms", need=Need("at most", 50), note=worst[0], more={"p99_ms": found},
    )  # fmt: skip


def _p99_ms(run: Run, web: Web, wanted: bytes, *, seconds: float) -> float:
    seen = measure(web.port, cycle([wanted]), connections=CONNECTIONS, seconds=run.seconds(seconds)).insist(200)
    return seen.quantile_ms(0.99)


def costs(run: Run) -> Costs:
    """What each list costs at the world's size of today, one request after the other."""
    times = TIMES_QUICK if run.is_quick else TIMES
    with run.house.web() as web:
        return {case.name: _cost(run, web, wanted, times=times) for case, wanted in _requests(run)}


def _cost(run: Run, web: Web, wanted: bytes, *, times: int) -> float:
    _warm(web, wanted)
    before = web.cpu_s() + run.house.database_cpu_s()
    measure(web.port, [wanted] * times, connections=1, seconds=60).insist(200)
    return (web.cpu_s() + run.house.database_cpu_s() - before) / times * 1000


def _warm(web: Web, wanted: bytes) -> None:
    """Templates compiled, statements prepared (from the sixth time on), pages read."""
    measure(web.port, [wanted] * 8, connections=1, seconds=60).insist(200)


def _requests(run: Run) -> list[tuple[Case, bytes]]:
    with psycopg.connect(run.house.url) as connection:
        shop_id = hot_shop_id(connection)
        seller = connection.execute(statements["seller_of"].text, {"shop_id": shop_id}).fetchone()
        buyer = connection.execute(statements["busiest_buyers"].text, {"limit": 1}).fetchone()
        if seller is None or buyer is None:
            raise LookupError("nobody buys or sells")
        found = cases(connection, shop_id=shop_id, buyer_id=buyer[0])
    url, settings = run.house.url, run.house.settings()
    cookies = {
        "buyer": shoppers.sign_in(url, settings, [buyer[0]])[0].cookie,
        "seller": shoppers.sign_in(url, settings, [seller[0]], shop_id=shop_id)[0].cookie,
        "visitor": "",
    }
    return [(case, request(case.url, cookie=cookies[case.who])) for case in found if case.method == "GET"][
        :: run.every_case
    ]


def growth(by_size: dict[int, Costs]) -> Iterator[Figure]:
    """How much more each list costs in the largest world than in the smallest."""
    small, large = min(by_size), max(by_size)
    ratios = {
        name: by_size[large][name] / cost for name, cost in by_size[small].items() if cost and name in by_size[large]
    }
    worst = sorted(ratios, key=lambda name: -ratios[name])
    note = ", ".join(f"{name} {ratios[name]:.2f}" for name in worst[:3])
    middle = sorted(ratios.values())[len(ratios) // 2]
    yield Figure(
        "growth-worst", f"CPU of a list at {large:,} orders / at {small:,}: the worst of {len(ratios)}", ratios[worst[0]], "x",
        need=Need("at most", 1.3), note=note, more={"ratios": ratios, "cpu_ms": {str(size): by_size[size] for size in by_size}},
    )  # fmt: skip
    yield Figure("growth-median", f"CPU of a list at {large:,} orders / at {small:,}: median", middle, "x")
