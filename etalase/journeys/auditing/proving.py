"""The proof itself: shop by shop, batch by batch, in bounded memory; it writes nothing and locks nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from etalase.foundation.ids import PLATFORM
from etalase.foundation.sql import Db
from etalase.journeys.auditing import queries
from etalase.journeys.auditing.rules import FINDINGS_MAX, Finding


@dataclass(slots=True)
class Proof:
    """What was read, and what disagrees."""

    orders: int = 0
    postings: int = 0
    refunds: int = 0
    findings_count: int = 0
    findings: list[Finding] = field(default_factory=list)

    def find(self, found: list[Finding]) -> None:
        """Count findings and keep as many as fit."""
        self.findings_count += len(found)
        self.findings += found[: FINDINGS_MAX - len(self.findings)]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "orders": self.orders,
            "postings": self.postings,
            "refunds": self.refunds,
            "count": self.findings_count,
        }


Heard = Callable[[Proof], Awaitable[None]]


async def _nobody(_proof: Proof) -> None:
    return


async def prove(db: Db, *, shop_id: int | None = None, heard: Heard = _nobody) -> Proof:
    """Prove one shop's books, or everybody's with those of the platform; `heard` is told after each batch."""
    proof = Proof()
    if shop_id is not None:
        await _prove_shop(db, proof, shop_id=shop_id, heard=heard)
        return proof
    await _prove_postings(db, proof, shop_id=PLATFORM, heard=heard)
    after = 0
    while shops := await _shops(db, after):
        for shop in shops:
            await _prove_shop(db, proof, shop_id=shop, heard=heard)
        after = shops[-1]
    await _prove_refunds(db, proof, heard=heard)
    await _prove_wallets(db, proof, heard=heard)
    async with db.any().reading() as tx:
        proof.find(await queries.that_disagree(tx, "books"))
    return proof


async def _shops(db: Db, after: int) -> list[int]:
    async with db.any().reading() as tx:
        return await queries.shops_after(tx, after=after)


async def _prove_shop(db: Db, proof: Proof, *, shop_id: int, heard: Heard) -> None:
    await _prove_postings(db, proof, shop_id=shop_id, heard=heard)
    after = 0
    async with db.for_shop(shop_id).reading() as tx:
        while (batch := await queries.end_of(tx, "orders", shop_id=shop_id, after=after)).size:
            proof.find(await queries.that_disagree(tx, "orders", shop_id=shop_id, after=after, until=batch.last))
            proof.orders += batch.size
            after = batch.last
            await heard(proof)
        for what in ("totals", "payouts"):
            proof.find(await queries.that_disagree(tx, what, shop_id=shop_id))


async def _prove_postings(db: Db, proof: Proof, *, shop_id: int, heard: Heard) -> None:
    after = 0
    async with db.for_shop(shop_id).reading() as tx:
        while (batch := await queries.end_of(tx, "postings", shop_id=shop_id, after=after)).size:
            proof.find(await queries.that_disagree(tx, "postings", shop_id=shop_id, after=after, until=batch.last))
            proof.postings += batch.size
            after = batch.last
            await heard(proof)


async def _prove_refunds(db: Db, proof: Proof, *, heard: Heard) -> None:
    """A buyer's refunds are in one batch, however many they are."""
    buyer = 0
    async with db.any().reading() as tx:
        while (batch := await queries.end_of(tx, "refunds", buyer_id=buyer)).size:
            proof.find(await queries.that_disagree(tx, "refunds", buyer_id=buyer, until=batch.last_buyer))
            proof.refunds += batch.size
            buyer = batch.last_buyer
            await heard(proof)


async def _prove_wallets(db: Db, proof: Proof, *, heard: Heard) -> None:
    owner = 0
    async with db.any().reading() as tx:
        while (batch := await queries.end_of(tx, "wallets", buyer_id=owner)).size:
            proof.find(await queries.that_disagree(tx, "wallets", buyer_id=owner, until=batch.last))
            owner = batch.last
            await heard(proof)
