"""How much more a wallet may hold."""

from etalase.commerce.ledger.queries import lock_wallet, totals_of_wallet
from etalase.commerce.wallet import queries, rules
from etalase.foundation import clock
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Tx


async def room_in(tx: Tx, *, owner_id: int, currency: str) -> int:
    """What may still be put in, the wallet locked until the transaction ends; never negative."""
    await queries.open_wallet(tx, buyer_id=owner_id, at=clock.now())
    await lock_wallet(tx, owner_id=owner_id, currency=currency)
    return await room_seen(tx, owner_id=owner_id, currency=currency)


async def room_seen(tx: Tx, *, owner_id: int, currency: str) -> int:
    """As `room_in`, at a glance: for pages."""
    has = await totals_of_wallet(tx, owner_id=owner_id, currency=currency)
    is_verified = await queries.is_verified(tx, buyer_id=owner_id)
    return max(0, rules.limit_of(await load_book(tx), is_verified=is_verified) - sum(has.values()))
