"""Finding a shop's orders by words: never more than a bounded number of rows is read, however common or rare the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from etalase.commerce.orders.rules import State
from etalase.commerce.orders.search import queries
from etalase.commerce.orders.search.queries import Looked, Progress, Wanted
from etalase.commerce.orders.search.rules import PAGE, PREFIX_MAX, Matches, is_number, marks, ranges_of_ids
from etalase.foundation.sql import Tx

NEW_MAX = 4096
"""Orders not gathered yet that one search looks at."""
STEPS = ((32, 128), (128, 256))
"""How many gathered orders with all the words are looked at, for those in the wanted states, and how many orders in the wanted
states for those with the words: few of each first, more of each behind them where these were not enough."""
NUMBERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Orders that fit, newest first, out of all from `looked_until` on; that is 0 when there are no others."""

    ids: list[int]
    looked_until: int = 0


async def find(tx: Tx, wanted: Wanted, *, limit: int) -> Found:
    """The newest `limit` orders that fit; fewer with `looked_until` if that takes looking at more than one request may."""
    words = [word.removesuffix(":*") for word in wanted.words.split(" & ")]
    numbers = [word for word in words if is_number(word)]
    if not numbers:
        return await _by_words(tx, wanted, words, limit=limit)
    named = await _by_numbers(tx, wanted, numbers, limit=limit)
    if len(words) == 1 and any(str(order_id) == words[0] for order_id in named.ids):
        return named  # an order's whole number: nothing else is meant
    return _together(named, await _by_words(tx, wanted, words, limit=limit), limit=limit)


async def _by_numbers(tx: Tx, wanted: Wanted, numbers: Sequence[str], *, limit: int) -> Found:
    ranges = [bounds for number in numbers for bounds in ranges_of_ids(number)]
    ids = await queries.numbers_found(
        tx, wanted, beginnings=numbers, ranges=ranges, window=NUMBERS_MAX, limit=NUMBERS_MAX
    )
    fitting = await queries.orders_that_fit(tx, wanted, ids) if ids else []
    return Found(fitting[:limit], ids[-1] if len(ids) == NUMBERS_MAX and len(fitting) < limit else 0)


def _together(one: Found, other: Found, *, limit: int) -> Found:
    """What both found, as far back as both looked."""
    looked_until = max(one.looked_until, other.looked_until)
    ids = sorted({*one.ids, *other.ids}, reverse=True)
    return Found([order_id for order_id in ids if order_id >= looked_until][:limit], looked_until)


async def _by_words(tx: Tx, wanted: Wanted, words: Sequence[str], *, limit: int) -> Found:
    progress = await queries.progress(tx, wanted)
    gathered_until = progress.last_id if progress else 0
    looked = await queries.found_among_new(tx, wanted, after=gathered_until, window=NEW_MAX, limit=limit)
    ids = [order.id for order in looked if order.fits]
    if len(ids) >= limit or progress is None or wanted.from_id > gathered_until:
        return Found(ids, _end(looked, full=len(ids) >= limit))
    if until := _end(looked, full=False):
        return Found(ids, until)
    older = await _among_gathered(tx, wanted, words, progress=progress, limit=limit - len(ids))
    different = [order_id for order_id in older.ids if order_id not in ids]  # gathered between the two looks
    return Found(ids + different, older.looked_until)


def _end(looked: Sequence[Looked], *, full: bool) -> int:
    """The order a window ended with, unless enough were found before."""
    return 0 if full or not looked or looked[-1].fits else looked[-1].id


async def _among_gathered(tx: Tx, wanted: Wanted, words: Sequence[str], *, progress: Progress, limit: int) -> Found:
    if progress.until_page is None:
        return Found([])
    until_position = (progress.until_page + 1) * PAGE
    rows = await queries.words_of_blocks(
        tx,
        shop_id=wanted.shop_id,
        text=" ".join(words),
        marks=marks(is_cod=wanted.is_cod, carrier=wanted.carrier),
        until_position=until_position,
    )
    matches = Matches(rows)
    positions = matches.newest(from_position=(progress.from_page or 0) * PAGE, until_position=until_position)
    found = await _in_steps(tx, wanted, matches, positions, limit=limit)
    if found.ids and any(len(word) > PREFIX_MAX for word in words):
        return Found(
            await queries.orders_that_fit(tx, wanted, found.ids), found.looked_until or _last(found, limit=limit)
        )
    return found


def _last(found: Found, *, limit: int) -> int:
    """Where to go on after a full page of which some are left out again."""
    return found.ids[-1] if len(found.ids) >= limit else 0


async def _in_steps(tx: Tx, wanted: Wanted, matches: Matches, positions: Iterator[int], *, limit: int) -> Found:
    """Look at few orders first, then at more: from both sides, for words or states, whichever is rarer, end the search soon."""
    by_words = by_states = Found([], wanted.before)
    for with_words, in_states in STEPS:
        by_words = await _look_at(
            tx, wanted, list(islice(positions, with_words)), by_words, asked=with_words, limit=limit
        )
        if not by_words.looked_until:
            return by_words
        if len(wanted.states) < len(State):
            by_states = await _along_states(tx, wanted, matches, by_states, window=in_states, limit=limit)
        if not by_states.looked_until:
            return by_states
    return min(by_words, by_states, key=lambda found: found.looked_until)


async def _look_at(tx: Tx, wanted: Wanted, positions: Sequence[int], found: Found, *, asked: int, limit: int) -> Found:
    """Which orders at these positions are in the wanted states, after those that were found already."""
    looked = await queries.orders_at(tx, wanted, positions) if positions else []
    ids = [*found.ids, *(order.id for order in looked if order.fits)]
    is_end = len(ids) >= limit or len(positions) < asked
    return Found(ids[:limit], 0 if is_end else looked[-1].id)


async def _along_states(tx: Tx, wanted: Wanted, matches: Matches, found: Found, *, window: int, limit: int) -> Found:
    """Look at the next orders of the states for those that have the words, after those that were found already."""
    placed = await queries.positions_along_states(tx, replace(wanted, before=found.looked_until), window=window)
    fitting = [order.id for order in placed if order.position is not None and matches.has(order.position)]
    ids = [*found.ids, *fitting]
    is_end = len(placed) < window or len(ids) >= limit
    return Found(ids[:limit], 0 if is_end else placed[-1].id)
