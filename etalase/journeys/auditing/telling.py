"""An audit from the command line."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict

from etalase.foundation.i18n import format_money, translator
from etalase.foundation.sql import open_db
from etalase.journeys.auditing.proving import Proof, prove
from etalase.journeys.auditing.rules import PROOFS, Finding


def run(url: str, *, shop_id: int | None, as_json: bool, say: Callable[[str], object]) -> int:
    """Audit now and say what was found; 1 if anything was."""
    proof = asyncio.run(_prove(url, shop_id))
    for line in [_as_json(proof)] if as_json else _as_text(proof):
        say(line)
    return 1 if proof.findings_count else 0


async def _prove(url: str, shop_id: int | None) -> Proof:
    async with open_db(url, connections_max=3) as db:
        return await prove(db, shop_id=shop_id)


def _as_json(proof: Proof) -> str:
    return json.dumps(
        {
            "orders": proof.orders,
            "entries": proof.postings,
            "refunds": proof.refunds,
            "findings_count": proof.findings_count,
            "findings": [asdict(finding) for finding in proof.findings],
        }
    )


def _as_text(proof: Proof) -> list[str]:
    found = {finding.proof for finding in proof.findings}
    text = translator("en")
    lines = [f"{'NO ' if name in found else 'yes'}  {text.gettext(said)}" for name, said in PROOFS.items()]
    lines += [_line(finding) for finding in proof.findings]
    lines.append(f"{proof.orders} orders, {proof.postings} entries, {proof.findings_count} findings")
    return lines


def _line(finding: Finding) -> str:
    expected, have = (
        format_money(amount, finding.currency, locale="en") for amount in (finding.expected_minor, finding.found_minor)
    )
    return f"{finding.proof}: shop {finding.shop_id}, {finding.subject_id}: expected {expected}, found {have}"
