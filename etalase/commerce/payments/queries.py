"""What can be asked of purchases, payments and refunds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from etalase.commerce.payments.rules import REFUND_SOURCES, Payment, Purchase, Refund, RefundState, Unusable
from etalase.foundation.sql import Tx, json_rows, json_value, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class KnownPlacement:
    """What a placement key has made."""

    buyer_id: int
    placement_key: str
    purchase_id: int
    payment_id: int | None


async def insert_purchases(tx: Tx, purchases: Sequence[Purchase]) -> set[int]:
    """Write the purchases; returns the ids of those that were written, without those whose key was used before."""
    written = await tx.values(statements["insert_purchases"], int, purchases=json_rows(purchases))
    return set(written)


async def insert_purchase_orders(tx: Tx, parts: Sequence[tuple[int, int, int, int, int]]) -> None:
    """Write how purchases split: (buyer_id, purchase_id, shop_id, order_id, total_minor)."""
    columns = ("buyer_ids", "purchase_ids", "shop_ids", "order_ids", "totals_minor")
    await tx.run(
        statements["insert_purchase_orders"],
        **{name: [part[position] for part in parts] for position, name in enumerate(columns)},
    )


async def purchases_by_keys(tx: Tx, keys: Sequence[tuple[int, str]]) -> list[KnownPlacement]:
    """What earlier placements with these keys (buyer_id, placement_key) made; those never used are left out."""
    return await tx.all(
        statements["purchases_by_keys"],
        KnownPlacement,
        buyer_ids=[key[0] for key in keys],
        placement_keys=[key[1] for key in keys],
    )


async def purchase_of_buyer(tx: Tx, *, buyer_id: int, purchase_id: int) -> Purchase | None:
    """The purchase, if it is this buyer's."""
    return await tx.maybe(statements["purchase_of_buyer"], Purchase, buyer_id=buyer_id, purchase_id=purchase_id)


async def insert_payments(tx: Tx, payments: Sequence[Payment]) -> None:
    """Write new attempts to pay; the database refuses a second pending one of a purchase."""
    await tx.run(statements["insert_payments"], payments=json_rows(payments))


async def payment(tx: Tx, *, buyer_id: int, payment_id: int) -> Payment | None:
    """The payment as it is now."""
    return await tx.maybe(statements["payment"], Payment, buyer_id=buyer_id, payment_id=payment_id)


async def lock_payment(tx: Tx, *, buyer_id: int, payment_id: int) -> Payment | None:
    """The payment, locked until the transaction ends."""
    return await tx.maybe(statements["lock_payment"], Payment, buyer_id=buyer_id, payment_id=payment_id)


async def payments_of_purchase(tx: Tx, *, buyer_id: int, purchase_id: int) -> list[Payment]:
    """Every attempt to pay the purchase, newest first."""
    return await tx.all(statements["payments_of_purchase"], Payment, buyer_id=buyer_id, purchase_id=purchase_id)


async def lock_payments_of_purchase(tx: Tx, *, buyer_id: int, purchase_id: int) -> list[Payment]:
    """Every attempt to pay the purchase, locked in key order; nobody adds one before the transaction ends."""
    await tx.run(statements["lock_purchase"], buyer_id=buyer_id, purchase_id=purchase_id)
    return await tx.all(statements["lock_payments_of_purchase"], Payment, buyer_id=buyer_id, purchase_id=purchase_id)


async def undecided_payments(
    tx: Tx, *, started_before: datetime, asked_before: datetime, limit: int = 50
) -> list[Payment]:
    """Payments whose outcome nobody has told us for a while."""
    return await tx.all(
        statements["undecided_payments"], Payment, started_before=started_before, asked_before=asked_before, limit=limit
    )


async def ended_payments(tx: Tx, *, started_after: datetime, asked_before: datetime, limit: int = 50) -> list[Payment]:
    """Payments that ended unpaid not long ago and were not asked for lately: money may have come all the same."""
    return await tx.all(
        statements["ended_payments"], Payment, started_after=started_after, asked_before=asked_before, limit=limit
    )


async def stamp_asked(tx: Tx, payment: Payment, *, at: datetime) -> None:
    """Keep when the provider was last asked."""
    await tx.run(statements["stamp_asked"], buyer_id=payment.buyer_id, payment_id=payment.id, at=at)


async def set_started(
    tx: Tx,
    *,
    buyer_id: int,
    payment_id: int,
    provider_reference: str,
    pay_url: str,
    instructions: Mapping[str, Any] | None = None,
) -> bool:
    """Keep where the buyer pays; whether the payment still waits for that."""
    is_pending = await tx.value(
        statements["set_started"],
        bool,
        buyer_id=buyer_id,
        payment_id=payment_id,
        provider_reference=provider_reference,
        pay_url=pay_url,
        instructions=json_value(instructions) if instructions else None,
    )
    return bool(is_pending)


async def set_payment_paid(tx: Tx, payment: Payment, *, at: datetime) -> bool:
    """Mark the payment paid; false if it was."""
    return await tx.run(statements["set_payment_paid"], buyer_id=payment.buyer_id, payment_id=payment.id, at=at) == 1


async def end_payment(tx: Tx, payment: Payment, *, state: str, failure: str) -> bool:
    """End a pending payment unpaid; false if it was not pending."""
    params = {"buyer_id": payment.buyer_id, "payment_id": payment.id, "state": state, "failure": failure}
    return await tx.run(statements["end_payment"], **params) == 1


async def insert_wallet_part(tx: Tx, payment: Payment, *, part_id: int, at: datetime) -> None:
    """Write what the wallet paid beside the payment."""
    keys = {"buyer_id": payment.buyer_id, "payment_id": payment.id}
    await tx.run(statements["insert_wallet_part"], **keys, id=part_id, at=at)


@dataclass(frozen=True, slots=True)
class Left:
    """What of a payment has not gone back yet."""

    payment_id: int
    left_minor: int


async def left_of_payments(tx: Tx, *, buyer_id: int, purchase_id: int) -> list[tuple[int, int]]:
    """(payment, what of it has not gone back yet) of those that paid for the purchase's orders, in the order of refunds."""
    rows = await tx.all(statements["left_of_payments"], Left, buyer_id=buyer_id, purchase_id=purchase_id)
    return [(row.payment_id, row.left_minor) for row in rows]


async def wish(tx: Tx, *, buyer_id: int, order_id: int, to_wallet: bool, at: datetime) -> None:
    """Keep where the buyer wants an order's money if it goes back."""
    await tx.run(statements["wish"], buyer_id=buyer_id, order_id=order_id, to_wallet=to_wallet, at=at)


async def wants_wallet(tx: Tx, *, buyer_id: int, order_id: int) -> bool:
    """Whether the buyer wants an order's money in the wallet."""
    return bool(await tx.value(statements["wants_wallet"], bool, buyer_id=buyer_id, order_id=order_id))


async def insert_capture(
    tx: Tx, payment: Payment, *, attempt: str, amount_minor: int, currency: str, use: str, at: datetime
) -> bool:
    """Write down money that arrived; false if this arrival is known."""
    return (
        await tx.run(
            statements["insert_capture"],
            buyer_id=payment.buyer_id,
            payment_id=payment.id,
            attempt=attempt,
            amount_minor=amount_minor,
            currency=currency,
            use=use,
            at=at,
        )
        == 1
    )


@dataclass(frozen=True, slots=True)
class Capture:
    """Money that arrived once."""

    attempt: str
    amount_minor: int
    currency: str
    at: datetime
    use: str


async def parts_held(tx: Tx, payment: Payment) -> int:
    """What came of the payment so far and waits for the rest."""
    return await tx.value(statements["parts_held"], int, buyer_id=payment.buyer_id, payment_id=payment.id) or 0


async def use_parts(tx: Tx, payment: Payment, *, use: str) -> int:
    """The parts have found their use; returns how much they are together, 0 if somebody was faster."""
    amounts = await tx.values(statements["use_parts"], int, buyer_id=payment.buyer_id, payment_id=payment.id, use=use)
    return sum(amounts)


async def captures_of_payment(tx: Tx, *, buyer_id: int, payment_id: int) -> list[Capture]:
    """Money that arrived for a payment, oldest first."""
    return await tx.all(statements["captures_of_payment"], Capture, buyer_id=buyer_id, payment_id=payment_id)


async def insert_refund(
    tx: Tx,
    *,
    payment: Payment,
    refund_id: int,
    shop_id: int | None,
    order_id: int | None,
    cancellation_id: int | None,
    case_id: int | None,
    reason: str,
    amount_minor: int,
    currency: str,
    at: datetime,
    expected: tuple[date, date],
    by_hand: bool = False,
    to_wallet: bool = False,
) -> None:
    """Write down money that is to go back."""
    await tx.run(
        statements["insert_refund"],
        buyer_id=payment.buyer_id,
        id=refund_id,
        payment_id=payment.id,
        shop_id=shop_id,
        order_id=order_id,
        cancellation_id=cancellation_id,
        case_id=case_id,
        reason=reason,
        amount_minor=amount_minor,
        currency=currency,
        approved_at=at,
        expected_from=expected[0],
        expected_until=expected[1],
        by_hand=by_hand,
        to_wallet=to_wallet,
    )


async def turn_to_wallet(tx: Tx, *, buyer_id: int, refund_id: int) -> bool:
    """Let a refund that could not be sent go into the wallet; false if it was done, or a provider may have it."""
    return await tx.run(statements["turn_to_wallet"], buyer_id=buyer_id, refund_id=refund_id) == 1


async def refund(tx: Tx, *, buyer_id: int, refund_id: int) -> Refund | None:
    """The refund."""
    return await tx.maybe(statements["refund"], Refund, buyer_id=buyer_id, refund_id=refund_id)


async def refunds_of_order(tx: Tx, *, buyer_id: int, order_id: int) -> list[Refund]:
    """Money going back for an order, oldest first."""
    return await tx.all(statements["refunds_of_order"], Refund, buyer_id=buyer_id, order_id=order_id)


async def move_refund(
    tx: Tx,
    *,
    buyer_id: int,
    refund_id: int,
    to: RefundState,
    at: datetime,
    provider_reference: str | None = None,
    failure: str = "",
) -> Refund | None:
    """Take the refund's next step; none if it can't be taken from where it stands."""
    return await tx.maybe(
        statements["move_refund"],
        Refund,
        buyer_id=buyer_id,
        refund_id=refund_id,
        to=to,
        sources=list(REFUND_SOURCES[to]),
        at=at,
        provider_reference=provider_reference,
        failure=failure,
    )


async def failed_refunds(tx: Tx, *, limit: int = 50) -> list[Refund]:
    """Money that a provider could not send back, of all buyers, the longest waiting first."""
    return await tx.all(statements["failed_refunds"], Refund, limit=limit)


async def refunds_by_hand(tx: Tx, *, limit: int = 50) -> list[Refund]:
    """Money that no provider takes back, of all buyers, what was promised first at the top."""
    return await tx.all(statements["refunds_by_hand"], Refund, limit=limit)


async def late_refunds(tx: Tx, *, day: date, limit: int = 50) -> list[Refund]:
    """Money that should have reached its buyer before a day, of all buyers, the longest late first."""
    return await tx.all(statements["late_refunds"], Refund, day=day, limit=limit)


async def failed_payments(tx: Tx, *, since: datetime, limit: int = 50) -> list[Payment]:
    """Attempts to pay that failed since a moment, of all buyers, the latest first."""
    return await tx.all(statements["failed_payments"], Payment, since=since, limit=limit)


async def refunds_unconfirmed(
    tx: Tx, *, sent_before: datetime, asked_before: datetime, limit: int = 50
) -> list[Payment]:
    """Payments with refunds that the provider took and never told the end of."""
    return await tx.all(
        statements["refunds_unconfirmed"], Payment, sent_before=sent_before, asked_before=asked_before, limit=limit
    )


async def stamp_refunds_asked(tx: Tx, payment: Payment, *, at: datetime) -> None:
    """Keep when the provider was last asked about the payment's refunds."""
    await tx.run(statements["stamp_refunds_asked"], buyer_id=payment.buyer_id, payment_id=payment.id, at=at)


async def unusable_methods(tx: Tx, *, limit: int = 200) -> list[Unusable]:
    """Methods that are switched off or that failed of late, those included that are shown again."""
    return await tx.all(statements["unusable_methods"], Unusable, limit=limit)


async def note_failure(tx: Tx, *, provider: str, method: str, error: str, at: datetime) -> int:
    """Count a failure; returns how many there were in a row."""
    return await tx.value(statements["note_failure"], int, provider=provider, method=method, error=error, at=at) or 1


async def hide_method(tx: Tx, *, provider: str, method: str, until: datetime) -> None:
    """Until when the method is not offered."""
    await tx.run(statements["hide_method"], provider=provider, method=method, until=until)


async def note_success(tx: Tx, *, provider: str, method: str) -> bool:
    """Forget the failures of a method; whether there were any."""
    return await tx.run(statements["note_success"], provider=provider, method=method) == 1


async def switch_off(tx: Tx, *, method: str, reason: str, account_id: int, at: datetime) -> bool:
    """Take a method away; false if it was off."""
    return await tx.run(statements["switch_off"], method=method, reason=reason, account_id=account_id, at=at) == 1


async def switch_on(tx: Tx, *, method: str) -> bool:
    """Give a method back; false if it was on."""
    return await tx.run(statements["switch_on"], method=method) == 1
