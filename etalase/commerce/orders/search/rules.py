"""How the words of a shop's orders are gathered in blocks, and read from them. Pure."""

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PAGE = 128
"""Orders whose ids stand together."""
SMALL, LARGE = 1024, 16_384
"""Orders of a block: new ones become small blocks, sixteen of these a large one."""
PREFIX_MAX = 12
"""Longer beginnings are told apart by looking at the orders."""
NUMBER_MIN = 6
"""From so many characters on, what has a digit is looked up as a number of one order."""
NUMBER_PREFIX_MAX = NUMBER_MIN - 1
NUMBER_ORDERS_MAX = 2
DENSE_FROM = 128
"""Where one order in so many has a word, a bitmap is kept for it rather than a list."""
ID_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Gathered:
    """An order with its words."""

    id: int
    is_cod: bool
    carrier: str
    text: str
    """Its words, apart."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is kept of a block: the orders that have a word, by word; and words that belong to an order or two."""

    words: dict[str, bytes]
    numbers: list[tuple[str, int]]


def marks(*, is_cod: bool | None, carrier: str | None) -> list[str]:
    """Words that stand for filters: no text has them."""
    cod = [] if is_cod is None else ["=cod" if is_cod else "=prepaid"]
    return cod + ([f"={carrier}"] if carrier is not None else [])


def is_number(word: str) -> bool:
    """Whether a word may be one order's own, such as a tracking number."""
    return len(word) >= NUMBER_MIN and any(character.isdigit() for character in word)


def block_of(orders: Sequence[Gathered]) -> Block:
    """Gather the words of a whole block."""
    at: dict[str, list[int]] = defaultdict(list)
    for offset, order in enumerate(orders):
        for word in order.text.split():
            at[word].append(offset)
    numbers: list[tuple[str, int]] = []
    beginnings: dict[str, list[int]] = defaultdict(list)
    for word, offsets in at.items():
        prefix_max = PREFIX_MAX
        if is_number(word) and len(offsets) <= NUMBER_ORDERS_MAX:
            prefix_max = NUMBER_PREFIX_MAX
            numbers += [(word, orders[offset].id) for offset in offsets if word != str(orders[offset].id)]
        for length in range(1, min(len(word), prefix_max) + 1):
            beginnings[word[:length]] += offsets
    for offset, order in enumerate(orders):
        for mark in marks(is_cod=order.is_cod, carrier=order.carrier):
            beginnings[mark].append(offset)
    return Block({word: packed(offsets, size=len(orders)) for word, offsets in beginnings.items()}, numbers)


def packed(offsets: Sequence[int], *, size: int) -> bytes:
    """Offsets within a block as bytes: a list of 16 bits each where they are few, a bitmap of the block else."""
    different = sorted(set(offsets))
    if len(different) < size // DENSE_FROM:
        return _little(array("H", different)).tobytes()
    bits = bytearray(size // 8)
    for offset in different:
        bits[offset >> 3] |= 1 << (offset & 7)
    return bytes(bits)


def unpacked(positions: bytes, *, size: int) -> int:
    """The offsets as bits of a number, the lowest for the first."""
    if len(positions) == size // 8:
        return int.from_bytes(positions, "little")
    bits = bytearray(size // 8)
    few = array("H")
    few.frombytes(positions)
    for offset in _little(few):
        bits[offset >> 3] |= 1 << (offset & 7)
    return int.from_bytes(bits, "little")


def _little(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


@dataclass(frozen=True, slots=True)
class WordOfBlock:
    """A word that was asked for, with the orders of one block that have it; no block if none has it."""

    word: str
    first_position: int | None
    size: int | None
    positions: bytes | None


class Matches:
    """The positions of orders that have every word asked for; blocks are opened when it is their turn."""

    def __init__(self, rows: Sequence[WordOfBlock]) -> None:
        self._asked = len({row.word for row in rows})
        self._blocks: dict[int, list[WordOfBlock]] = defaultdict(list)
        self._bits: dict[int, int] = {}
        for row in rows:
            if row.first_position is not None:
                self._blocks[row.first_position].append(row)

    def newest(self, *, from_position: int = 0, until_position: int | None = None) -> Iterator[int]:
        """All of them, the newest first."""
        for first in sorted(self._blocks, reverse=True):
            bits = self._common(first)
            if until_position is not None and until_position - first < bits.bit_length():
                bits &= (1 << max(0, until_position - first)) - 1
            yield from _descending(bits, first=first, least=from_position)

    def has(self, position: int) -> bool:
        """Whether the order at this position is one of them."""
        for first in (position // LARGE * LARGE, position // SMALL * SMALL):
            if first in self._blocks and self._common(first) >> (position - first) & 1:
                return True
        return False

    def _common(self, first: int) -> int:
        """The orders of a block that have all words; those that fewest have are looked at first."""
        if first not in self._bits:
            rows, bits = self._blocks[first], -1
            for row in sorted(rows, key=lambda row: len(row.positions or b"")):
                bits &= unpacked(row.positions or b"", size=row.size or SMALL)
                if not bits:
                    break
            self._bits[first] = bits if len(rows) == self._asked else 0
        return self._bits[first]


def _descending(bits: int, *, first: int, least: int) -> Iterator[int]:
    while bits:
        offset = bits.bit_length() - 1
        if first + offset < least:
            return
        yield first + offset
        bits ^= 1 << offset


def next_size(*, gathered: int, waiting: int) -> tuple[int, int]:
    """Where the next block begins, and its size; size 0 while too few orders wait.

    A small block that completes a large one is gathered as the large one, in place of the small ones.
    """
    if gathered % LARGE == 0 and waiting >= LARGE:
        return gathered, LARGE
    if waiting < SMALL:
        return gathered, 0
    if (gathered + SMALL) % LARGE == 0:
        return gathered + SMALL - LARGE, LARGE
    return gathered, SMALL


def ranges_of_ids(text: str) -> list[tuple[int, int]]:
    """From and until which ids an order's number begins with these digits; none if there is something else in them."""
    if not (text.isascii() and text.isdigit()) or len(text) > ID_DIGITS or text.startswith("0"):
        return []
    scales = [10**digits for digits in range(ID_DIGITS - len(text) + 1)]
    ranges = [(int(text) * scale, (int(text) + 1) * scale) for scale in scales]
    return [(low, min(high, 2**63 - 1)) for low, high in ranges if low < 2**63 - 1]
