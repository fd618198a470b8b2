"""What can be asked of gathered words: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from etalase.commerce.orders.rules import State
from etalase.commerce.orders.search.rules import PREFIX_MAX, Block, Gathered, WordOfBlock
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a shop's orders are looked for."""

    shop_id: int
    words: str
    """A tsquery, as `rules.search_words` makes it."""
    states: Sequence[State]
    is_cod: bool | None
    carrier: str | None
    from_id: int
    before: int

    @property
    def narrowed(self) -> dict[str, object]:
        """The parameters that every look at an order takes."""
        return {
            "shop_id": self.shop_id,
            "words": self.words,
            "states": list(self.states),
            "is_cod": self.is_cod,
            "carrier": self.carrier,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a shop's orders are gathered, up to which id; and the pages between which those asked for lie."""

    positions: int
    last_id: int
    from_page: int | None
    until_page: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """An order that was looked at."""

    id: int
    fits: bool


async def progress(tx: Tx, wanted: Wanted) -> Progress | None:
    """How far the shop is gathered; none if nothing of it is."""
    params = {"shop_id": wanted.shop_id, "from_id": wanted.from_id, "before": wanted.before}
    return await tx.maybe(statements["progress"], Progress, **params)


async def found_among_new(tx: Tx, wanted: Wanted, *, after: int, window: int, limit: int) -> list[Looked]:
    """Orders not gathered yet that fit; the last row is the last order of a full window, whether it fits or not."""
    return await tx.all(
        statements["found_among_new"],
        Looked,
        **wanted.narrowed,
        after=max(after, wanted.from_id - 1),
        before=wanted.before,
        window=window,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """An order and its position; none if it is not gathered."""

    id: int
    position: int | None


async def positions_along_states(tx: Tx, wanted: Wanted, *, window: int) -> list[Placed]:
    """The newest orders of the states, as many as the window has room for."""
    return await tx.all(
        statements["positions_along_states"],
        Placed,
        shop_id=wanted.shop_id,
        states=list(wanted.states),
        from_id=wanted.from_id,
        before=wanted.before,
        window=window,
    )


async def words_of_blocks(
    tx: Tx, *, shop_id: int, text: str, marks: Sequence[str], until_position: int
) -> list[WordOfBlock]:
    """The words of the text and the marks, each with the blocks in which orders have it."""
    return await tx.all(
        statements["words_of_blocks"],
        WordOfBlock,
        shop_id=shop_id,
        text=text,
        marks=list(marks),
        prefix_max=PREFIX_MAX,
        until_position=until_position,
    )


async def orders_at(tx: Tx, wanted: Wanted, positions: Sequence[int]) -> list[Looked]:
    """The orders of some positions, in their order; words and other filters are the positions' business."""
    return await tx.all(
        statements["orders_at"],
        Looked,
        shop_id=wanted.shop_id,
        states=list(wanted.states),
        before=wanted.before,
        from_id=wanted.from_id,
        positions=list(positions),
    )


async def numbers_found(
    tx: Tx, wanted: Wanted, *, beginnings: Sequence[str], ranges: Sequence[tuple[int, int]], window: int, limit: int
) -> list[int]:
    """The newest orders with a number that begins like one of these, or lies in one of the ranges."""
    return await tx.values(
        statements["numbers_found"],
        int,
        shop_id=wanted.shop_id,
        beginnings=list(beginnings),
        lows=[low for low, _ in ranges],
        highs=[high for _, high in ranges],
        from_id=wanted.from_id,
        before=wanted.before,
        window=window,
        limit=limit,
    )


async def orders_that_fit(tx: Tx, wanted: Wanted, order_ids: Sequence[int]) -> list[int]:
    """Those of the orders that fit, newest first."""
    return await tx.values(statements["orders_that_fit"], int, **wanted.narrowed, order_ids=list(order_ids))


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a shop is gathered, while nobody else gathers it."""

    positions: int
    last_id: int


async def shops_behind(tx: Tx, *, after_shop_id: int, until_id: int, size: int, limit: int) -> list[int]:
    """Shops in which at least `size` orders wait to be gathered."""
    params = {"after_shop_id": after_shop_id, "until_id": until_id, "size": size, "limit": limit}
    return await tx.values(statements["shops_behind"], int, **params)


async def lock_progress(tx: Tx, *, shop_id: int) -> Behind | None:
    """How far the shop is gathered, locked until the transaction ends; none while somebody else gathers it."""
    await tx.run(statements["begin_progress"], shop_id=shop_id)
    return await tx.maybe(statements["lock_progress"], Behind, shop_id=shop_id)


async def oldest_writing_ms(tx: Tx) -> int:
    """For how long the oldest open transaction has been writing."""
    return int(await tx.value(statements["oldest_writing_ms"], float) or 0)


async def count_waiting(tx: Tx, *, shop_id: int, after: int, until_id: int, limit: int) -> int:
    """How many orders wait, at most `limit`."""
    params = {"shop_id": shop_id, "after": after, "until_id": until_id, "limit": limit}
    return await tx.value(statements["count_waiting"], int, **params) or 0


async def id_before(tx: Tx, *, shop_id: int, page: int) -> int:
    """The last order before a page, 0 before the first."""
    return await tx.value(statements["id_before"], int, shop_id=shop_id, page=page) or 0


async def orders_to_gather(tx: Tx, *, shop_id: int, after: int, until_id: int, limit: int) -> list[Gathered]:
    """The next orders with their words."""
    params = {"shop_id": shop_id, "after": after, "until_id": until_id, "limit": limit}
    return await tx.all(statements["orders_to_gather"], Gathered, **params)


async def forget_from(tx: Tx, *, shop_id: int, position: int) -> None:
    """Take away what is gathered from a position on."""
    await tx.run(statements["forget_words"], shop_id=shop_id, position=position)
    await tx.run(statements["forget_pages"], shop_id=shop_id, position=position)


async def keep_block(tx: Tx, *, shop_id: int, first_position: int, size: int, block: Block) -> None:
    """Write the words of a block."""
    await tx.run(
        statements["keep_words"],
        shop_id=shop_id,
        first_position=first_position,
        size=size,
        words=list(block.words),
        positions=list(block.words.values()),
    )
    if block.numbers:
        words, order_ids = [number[0] for number in block.numbers], [number[1] for number in block.numbers]
        await tx.run(statements["keep_numbers"], shop_id=shop_id, words=words, order_ids=order_ids)


async def keep_page(tx: Tx, *, shop_id: int, page: int, order_ids: Sequence[int]) -> None:
    """Write which orders have the positions of a page."""
    await tx.run(
        statements["keep_page"],
        shop_id=shop_id,
        page=page,
        first_id=order_ids[0],
        last_id=order_ids[-1],
        order_ids=list(order_ids),
    )


async def advance(tx: Tx, *, shop_id: int, positions: int, last_id: int) -> None:
    """Note how far the shop is gathered."""
    await tx.run(statements["advance"], shop_id=shop_id, positions=positions, last_id=last_id)


async def page_with_strays(tx: Tx, *, shop_id: int, from_page: int) -> int | None:
    """The first page, from one on, that lacks orders."""
    return await tx.value(statements["page_with_strays"], int, shop_id=shop_id, from_page=from_page)


async def shops_gathered(tx: Tx, *, after_shop_id: int, limit: int) -> list[int]:
    """Shops of which something is gathered."""
    return await tx.values(statements["shops_gathered"], int, after_shop_id=after_shop_id, limit=limit)
