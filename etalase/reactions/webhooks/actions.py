"""Writing messages to apps, taking note of how telling went, and having them sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from etalase.commerce.apps.errors import AppNotFound
from etalase.commerce.shipping import plans
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.foundation import clock
from etalase.foundation.facts import Actor, RecordedFact, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM, id_at, new_id
from etalase.foundation.sql import Db, Tx
from etalase.reactions.webhooks import facts as own_facts
from etalase.reactions.webhooks import queries, rules
from etalase.reactions.webhooks.queries import Attempt, Claimed, Ending, Listener, NewMessage

INSERTED_AT_ONCE: Final = 2_000
FORGOTTEN_AT_ONCE: Final = 5_000
ENDED: Final = ("sent", "failed", "dropped")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an address answered, or why there was no answer."""

    status: int | None
    answer: str
    error: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


async def tell_apps(db: Db, fact: RecordedFact) -> None:
    """Write the messages to apps that follow from a fact; a repeat writes nothing."""
    async with db.for_shop(fact.shop_id).transaction() as tx:
        await tell_apps_all(tx, [fact])


async def tell_apps_all(tx: Tx, facts: Sequence[RecordedFact]) -> None:
    """Write the messages to apps that follow from facts; a repeat writes nothing.

    Only what happened since an app asked for it: history is not told. Nothing is sent here.
    """
    found = await queries.listeners(tx, sorted({fact.shop_id for fact in facts}))
    if not found:
        return
    by_shop: dict[int, list[Listener]] = {}
    for listener in found:
        by_shop.setdefault(listener.shop_id, []).append(listener)
    heard = [fact for fact in facts if fact.shop_id in by_shop]
    known = await _addresses(tx, found)
    abouts = await _look_up(tx, heard)
    messages = [message for fact in heard for message in _messages(fact, by_shop[fact.shop_id], abouts[fact.id], known)]
    for start in range(0, len(messages), INSERTED_AT_ONCE):
        await queries.insert_messages(tx, messages[start : start + INSERTED_AT_ONCE], at=clock.now())


async def _addresses(tx: Tx, found: Sequence[Listener]) -> Mapping[tuple[int, str], int]:
    new = [(one.app_id, one.address) for one in found if one.address_id is None]
    known = {(one.app_id, one.address): one.address_id for one in found if one.address_id is not None}
    return known | (await queries.address_ids(tx, new) if new else {})


async def _look_up(tx: Tx, facts: Sequence[RecordedFact]) -> dict[int, rules.About]:
    """What messages say beyond the facts themselves; asked for only where a fact needs it."""
    decided = [(f.shop_id, f.order_id, f.at) for f in facts if f.name in rules.NEEDS_CANCELLATION and f.order_id]
    cancellations = await queries.decided_cancellations(tx, decided) if decided else {}
    packed = [(f.shop_id, f.order_id) for f in facts if f.name in rules.NEEDS_PACKAGES and f.order_id]
    packages = {key: await _packages(tx, key) for key in packed}
    moved = [(f.shop_id, f.order_id) for f in facts if f.name in rules.NEEDS_STATE and f.order_id]
    states = await queries.states_of_orders(tx, moved) if moved else {}
    found = {}
    for fact in facts:
        key = (fact.shop_id, fact.order_id or 0)
        found[fact.id] = rules.About(
            state=states.get(key),
            cancellation=cancellations.get(key) if fact.name in rules.NEEDS_CANCELLATION else None,
            packages=packages.get(key, ()),
        )
    return found


async def _packages(tx: Tx, key: queries.Key) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The parcels planned for an order now, each with all of its orders; else the one it will have."""
    planned = await plans.plans_of_orders(tx, shop_id=key[0], order_ids=[key[1]])
    if not planned:
        following = (await waiting.next_parcels(tx, shop_id=key[0], order_ids=[key[1]])).get(key[1])
        return ((following.parcel_id if following else key[1], (key[1],)),)
    return tuple((plan.id, plan.order_ids) for plan in planned)


def _messages(
    fact: RecordedFact, listeners: Sequence[Listener], about: rules.About, addresses: Mapping[tuple[int, str], int]
) -> list[NewMessage]:
    made = []
    for event in rules.events_of(fact, about):
        for listener in listeners:
            if not _concerns(listener, event, fact):
                continue
            message_id = new_id()
            body = rules.body_of(
                event,
                message_id=message_id,
                shop_id=fact.shop_id,
                at=fact.at,
                says_cancelled=listener.says_cancelled,
            )
            address_id = addresses[listener.app_id, listener.address]
            made.append(
                NewMessage(
                    fact.shop_id, message_id, listener.app_id, address_id, event.type, event.subject_id, fact.id, body
                )
            )
    return made


def _concerns(listener: Listener, event: rules.Event, fact: RecordedFact) -> bool:
    """Whether the app asked for it before it happened, and may know it."""
    if listener.event_type != event.type or fact.at < listener.created_at:
        return False
    if event.type == "SELLER_DEAUTHORIZATION":
        return fact.subject_id == listener.app_id
    return rules.SCOPE_OF[event.type] in listener.scopes


async def drop(db: Db, message: Claimed, *, lease: int) -> None:
    """The app does not ask for it any more, or may not know it: it is not sent."""
    at = clock.now()
    ending = Ending("dropped", at, None, "not asked for any more", at, tries=0)
    async with db.for_shop(message.shop_id).transaction() as tx:
        await queries.end_message(tx, message, ending, lease=lease)


async def take_note(db: Db, message: Claimed, outcome: Outcome, *, lease: int) -> None:
    """Keep how telling went: done, tried again later, or given up; an address that fails all day long is paused.

    A claim that has ended changes nothing but the log: whoever has the message now decides.
    """
    at = clock.now()
    number = message.tried + 1
    attempt = Attempt(number, at, message.address, outcome.status, outcome.answer, outcome.error, outcome.took_ms)
    async with db.for_shop(message.shop_id).transaction() as tx:
        is_ours = await queries.end_message(tx, message, _ending(message, outcome, at=at), lease=lease)
        if not is_ours:
            return
        await queries.add_attempt(tx, attempt, shop_id=message.shop_id, message_id=message.id)
        if outcome.is_taken:
            await queries.note_success(tx, address_id=message.address_id)
        else:
            await _note_failure(tx, message, outcome, at=at)


def _ending(message: Claimed, outcome: Outcome, *, at: datetime) -> Ending:
    if outcome.is_taken:
        return Ending("sent", at, outcome.status, "", at)
    again_at = rules.next_attempt(message.attempts + 1, at=at)
    note = outcome.error or f"answered {outcome.status}"
    if again_at is None:
        return Ending("failed", at, outcome.status, note, at)
    return Ending("waiting", again_at, outcome.status, note, None)


async def _note_failure(tx: Tx, message: Claimed, outcome: Outcome, *, at: datetime) -> None:
    error = outcome.error or f"answered {outcome.status}"
    trouble = await queries.note_failure(tx, address_id=message.address_id, error=error, at=at)
    is_dead = rules.is_dead(trouble.failures, trouble.failing_since, at=at)
    until = rules.held_until(trouble.failures, at=at)
    await queries.hold_address(tx, address_id=message.address_id, until=until, paused_at=at if is_dead else None)
    if not is_dead or trouble.paused_at is not None:
        return
    app = await queries.owner_of_app(tx, message.app_id)
    if app is None:
        return
    fact = own_facts.AddressPaused(
        shop_id=PLATFORM,
        subject_id=message.app_id,
        buyer_id=app.owner_id,
        app_id=str(message.app_id),
        app=app.name,
        address=message.address,
        error=error,
    )
    await record(tx, fact, by=SYSTEM, at=at)


async def resume(db: Db, *, app_id: int, address_id: int, by: Actor) -> bool:
    """Tell the app at this address again, what waited first; whether it was paused. Raises nothing for strangers' ids."""
    at = clock.now()
    async with db.any().transaction() as tx:
        address = await queries.resume_address(tx, app_id=app_id, address_id=address_id)
        if address is None:
            return False
        fact = own_facts.AddressResumed(shop_id=PLATFORM, subject_id=app_id, address=address)
        await record(tx, fact, by=by, at=at)
    async with db.any().transaction() as tx:  # of its own: messages are locked before their addresses everywhere
        await queries.due_at_once(tx, address_id=address_id, at=at)
    return True


async def set_anew(db: Db, *, shop_id: int, app_id: int, event_type: str, address: str, by: Actor) -> None:
    """The app has just asked to be told at this address: what waits goes there, and it is paused no longer."""
    async with db.for_shop(shop_id).transaction() as tx:
        address_id = (await queries.address_ids(tx, [(app_id, address)]))[app_id, address]
        await queries.send_elsewhere(
            tx, shop_id=shop_id, app_id=app_id, event_type=event_type, address_id=address_id, at=clock.now()
        )
    await resume(db, app_id=app_id, address_id=address_id, by=by)


async def send_again(db: Db, *, app_id: int, shop_id: int | None, message_id: int, by: Actor) -> int:
    """Send one message once more, whatever became of it; how many there were (none that waits is touched)."""
    return await _again(db, app_id=app_id, shop_id=shop_id, stretch=(message_id, message_id), states=ENDED, by=by)


async def send_range_again(
    db: Db, *, app_id: int, shop_id: int | None, since: datetime, until: datetime, only_failed: bool, by: Actor
) -> int:
    """Send what was made in a stretch of time once more, the earliest ones first; how many that are, AGAIN_MAX at most."""
    offset = clock.offset()  # ids carry the machine's time
    stretch = (id_at(since - offset, node=0), id_at(until - offset, sequence=4095))
    states = ("failed",) if only_failed else ENDED
    return await _again(db, app_id=app_id, shop_id=shop_id, stretch=stretch, states=states, by=by)


async def _again(
    db: Db, *, app_id: int, shop_id: int | None, stretch: tuple[int, int], states: Sequence[str], by: Actor
) -> int:
    at = clock.now()
    async with db.any().transaction() as tx:
        found = await queries.send_again(
            tx, app_id=app_id, shop_id=shop_id, from_id=stretch[0], until_id=stretch[1], states=states, at=at
        )
        if found:
            fact = own_facts.MessagesSentAgain(shop_id=shop_id or PLATFORM, subject_id=app_id, messages=found)
            await record(tx, fact, by=by, at=at)
    return found


async def choose_spelling(db: Db, *, app_id: int, owner_id: int, says_cancelled: bool) -> None:
    """Spell cancelled orders CANCELLED as the calls do, or CANCEL as webhooks are documented. Raises AppNotFound."""
    async with db.any().transaction() as tx:
        if not await queries.set_spelling(tx, app_id=app_id, owner_id=owner_id, says_cancelled=says_cancelled):
            raise AppNotFound


async def forget_old(db: Db) -> int:
    """Forget messages of more than a month ago; how many. For the worker, every few minutes."""
    before_id = id_at(clock.now() - clock.offset() - rules.KEPT, node=0)
    async with db.any().transaction() as tx:
        return await queries.forget_old(tx, before_id=before_id, limit=FORGOTTEN_AT_ONCE)
