"""The blocks in which words are gathered: packing, and what is read from them."""

from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.orders.search import rules
from etalase.commerce.orders.search.rules import LARGE, SMALL, Gathered, WordOfBlock

WORDS = st.text("abk0", min_size=1, max_size=14)


@given(st.sets(st.integers(0, SMALL - 1)), st.sampled_from([SMALL, LARGE]))
def test_packed_positions_come_back(offsets: set[int], size: int) -> None:
    packed = rules.packed(list(offsets), size=size)
    assert len(packed) <= size // 8
    assert rules.unpacked(packed, size=size) == sum(1 << offset for offset in offsets)


@given(st.lists(st.lists(WORDS, max_size=5), max_size=40), st.lists(WORDS, min_size=1, max_size=3), st.integers(0, 50))
def test_the_orders_with_all_words_are_found(texts: list[list[str]], asked: list[str], until: int) -> None:
    orders = [Gathered(1000 + n, n % 3 == 0, "jne", " ".join(words)) for n, words in enumerate(texts)]
    orders += [Gathered(5000 + n, False, "jnt", "") for n in range(SMALL - len(texts))]
    block = rules.block_of(orders)
    beginnings = {word[: rules.PREFIX_MAX] for word in asked} | {"=cod"}
    rows = [
        WordOfBlock(word, *((0, SMALL, block.words[word]) if word in block.words else (None, None, None)))
        for word in beginnings
    ]
    named = {(word, order_id) for word, order_id in block.numbers}
    expected = [
        n
        for n, words in enumerate(texts)
        if n < until and n % 3 == 0
        and all(any(word.startswith(b) and _in_block(word, 1000 + n, b, named) for word in words) for b in beginnings - {"=cod"})
    ]  # fmt: skip
    matches = rules.Matches(rows)
    assert list(matches.newest(until_position=until)) == expected[::-1]
    assert [n for n in range(until) if matches.has(n)] == expected


def _in_block(word: str, order_id: int, beginning: str, named: set[tuple[str, int]]) -> bool:
    """Numbers of their own stand in a block with their first characters only."""
    is_own = word == str(order_id) or (word, order_id) in named
    return not is_own or len(beginning) <= rules.NUMBER_PREFIX_MAX


def test_small_blocks_become_large_ones() -> None:
    assert rules.next_size(gathered=0, waiting=SMALL - 1) == (0, 0)
    assert rules.next_size(gathered=0, waiting=SMALL) == (0, SMALL)
    assert rules.next_size(gathered=0, waiting=LARGE) == (0, LARGE)
    assert rules.next_size(gathered=LARGE - SMALL, waiting=SMALL) == (0, LARGE)
    assert rules.next_size(gathered=LARGE + SMALL, waiting=LARGE) == (LARGE + SMALL, SMALL)


@given(st.integers(1, 10**18), st.integers(1, 18))
def test_an_order_number_lies_in_a_range_of_its_beginnings(order_id: int, length: int) -> None:
    ranges = rules.ranges_of_ids(str(order_id)[:length])
    assert sum(low <= order_id < high for low, high in ranges) == 1
    assert rules.ranges_of_ids("12a") == rules.ranges_of_ids("012") == []
