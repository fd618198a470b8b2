"""The part of docs/states.md about sellers' money and audits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from etalase.commerce.wallet.rules import ACCOUNT_MOVES as WALLET_ACCOUNT_MOVES
from etalase.commerce.wallet.rules import WITHDRAWAL_MOVES
from etalase.journeys.auditing.rules import AUDIT_SOURCES
from etalase.journeys.payouts.rules import ACCOUNT_MOVES, BATCH_MOVES, PAYOUT_MOVES
from etalase.journeys.settlement.rules import SETTLEMENT_MOVES


def _turned(sources: Mapping[Any, Sequence[Any]]) -> dict[Any, list[Any]]:
    """From "to: where from" to "from: where to"."""
    states = list(dict.fromkeys([state for froms in sources.values() for state in froms] + list(sources)))
    return {state: [to for to, froms in sources.items() if state in froms] for state in states}


MONEY_AXES: Final[Sequence[tuple[str, str, Mapping[Any, Sequence[Any]]]]] = (
    ("Settlement", "A completed order waits until its goods can't come back, then it is shared.", SETTLEMENT_MOVES),
    ("Seller's bank account", "The operator verifies it; a new one replaces it and cools off first.", ACCOUNT_MOVES),
    ("Payout batch", "Proposed and approved by the operator, closed with its last transfer.", BATCH_MOVES),
    ("Payout", "A transfer to a seller; banks may send it back days after it left.", PAYOUT_MOVES),
    (
        "Owner's bank account",
        "A mailed code verifies it; a new one replaces it and cools off first.",
        WALLET_ACCOUNT_MOVES,
    ),
    (
        "Withdrawal",
        "From a wallet to its owner's bank. Not approved in time it is refused; silence of the bank means paid.",
        WITHDRAWAL_MOVES,
    ),
    ("Audit", "Asked for by the night or the operator, carried out by a worker.", _turned(AUDIT_SOURCES)),
)


def parts(diagram: Callable[..., str]) -> list[str]:
    """Sellers' money and audits, each drawn from its table of moves; the first state is the first of the table."""
    return [
        "\n\n".join([f"## {title}", diagram([(s, to, "") for s, reached in moves.items() for to in reached],
                     first=next(iter(moves)), last=[s for s, reached in moves.items() if not reached]), text])
        for title, text, moves in MONEY_AXES
    ]  # fmt: skip
