"""How postings are written: entries at once, running totals at the end of the transaction.

So rows which many transactions share are locked last and shortly. The verbs alone call this.
"""

from collections import Counter
from collections.abc import Sequence

import psycopg.errors

from etalase.commerce.ledger import queries
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.ledger.rules import Posting, TotalKey, total_key
from etalase.foundation.sql import Tx, constraint_of


async def post(tx: Tx, *postings: Posting) -> None:
    """Append the entries, those of nothing left out; raises WalletShort at the end if a wallet does not cover them."""
    written = [posting for posting in postings if posting.entries]
    if not written:
        return
    await queries.insert_entries(tx, written)
    changes: Counter[TotalKey] = Counter()
    for posting in written:
        for entry in posting.entries:
            key = total_key(posting, entry)
            if key is not None:
                changes[key] += entry.amount_minor
    if changes:
        tx.at_the_end("ledger.totals", changes, _added, _write_totals)


def _added(before: Counter[TotalKey], more: Counter[TotalKey]) -> Counter[TotalKey]:
    before.update(more)
    return before


async def _write_totals(tx: Tx, changes: Counter[TotalKey]) -> None:
    left: Sequence[tuple[TotalKey, int]] = [(key, change) for key, change in sorted(changes.items()) if change]
    if not left:
        return
    try:
        await queries.add_to_totals(tx, left)
    except psycopg.errors.CheckViolation as error:
        if constraint_of(error) == "ledger_totals_wallet_covered":
            raise WalletShort from error
        raise
