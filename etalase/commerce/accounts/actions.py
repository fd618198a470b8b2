"""The verbs of accounts: register, log in and out, change what one is known by, keep addresses, run shops."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.errors import UniqueViolation

from etalase.commerce.accounts import facts, passwords, queries, regions, rules
from etalase.commerce.accounts.errors import (
    AddressBookFull,
    AddressNotFound,
    LoginRefused,
    NotAMember,
    NotValid,
    ResetLinkNotValid,
    TooManyAttempts,
)
from etalase.commerce.accounts.queries import Account
from etalase.commerce.accounts.rules import AddressForm, Login, NewShop, Problem, Role
from etalase.foundation.clock import now
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM, new_id, parse_id
from etalase.foundation.sql import Db, Tx, constraint_of

TAKEN = {"accounts_email_once": "email_taken", "accounts_phone_once": "phone_taken"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request to log in comes from."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class SignedInDevice:
    """A new session; `token` goes into the device's cookie and nowhere else."""

    account_id: int
    session_id: int
    token: str


async def register(db: Db, *, name: str, login: str, password: str, locale: str, caller: Caller) -> SignedInDevice:
    """Make an account and sign the device in. Raises NotValid (name, login, password), TooManyAttempts."""
    problems = rules.check_registration(name=name, login=login, password=password)
    if problems:
        raise NotValid(*problems)
    subject, attempt_id = f"register:{caller.address}", new_id()
    await _attempt(db, {subject: rules.ATTEMPTS_PER_ADDRESS_MAX}, attempt_id=attempt_id)
    account = await add_account(
        db,
        name=name,
        login=rules.read_login(login) or Login(),
        password_hash=await passwords.hash_password(password),
        locale=locale,
    )
    return await _sign_in(db, account_id=account.id, caller=caller)


async def add_account(
    db: Db,
    *,
    name: str,
    login: Login,
    password_hash: str,
    locale: str = "id",
    is_operator: bool = False,
    avatar_key: str | None = None,
    at: datetime | None = None,
) -> Account:
    """Make an account of checked values. Raises NotValid when the login is taken."""
    at, account_id = at or now(), new_id()
    try:
        async with db.any().transaction() as tx:
            account = await queries.add_account(
                tx,
                account_id=account_id,
                name=name.strip(),
                login=login,
                password_hash=password_hash,
                locale=locale,
                is_operator=is_operator,
                avatar_key=avatar_key,
                at=at,
            )
            await record(tx, facts.AccountRegistered(**_of(account_id)), by=Actor.buyer(account_id), at=at)
            return account
    except UniqueViolation as error:
        raise NotValid(Problem("login", TAKEN[constraint_of(error)])) from None


async def log_in(db: Db, *, login: str, password: str, caller: Caller) -> SignedInDevice:
    """Sign a device in. Raises LoginRefused, TooManyAttempts; takes as long for unknown logins as for wrong passwords."""
    known = rules.read_login(login)
    by_login = f"login:{known.value if known else login.strip().lower()[:100]}"
    by_address = f"address:{caller.address}"
    attempt_id = new_id()
    limits = {by_login: rules.ATTEMPTS_PER_LOGIN_MAX, by_address: rules.ATTEMPTS_PER_ADDRESS_MAX}
    await _attempt(db, limits, attempt_id=attempt_id)
    async with db.any().reading() as tx:
        credentials = await queries.credentials(tx, known) if known else None
    fits = await passwords.verify_password(password, credentials.password_hash if credentials else None)
    if credentials is None or not fits:
        raise LoginRefused
    async with db.any().transaction() as tx:
        await queries.forget_attempts(tx, subject=by_login)
        await queries.forget_attempt(tx, subjects=[by_address], attempt_id=attempt_id)
    return await _sign_in(db, account_id=credentials.id, caller=caller)


async def _attempt(db: Db, limits: dict[str, int], *, attempt_id: int) -> None:
    """Write the attempt down first and count afterwards, so that attempts made at once see each other."""
    at = now()
    async with db.any().transaction() as tx:
        for subject in sorted(limits):
            await queries.add_attempt(tx, subject=subject, attempt_id=attempt_id, at=at)
    async with db.any().transaction() as tx:
        waits = [await _wait(tx, subject, limit, attempt_id=attempt_id, at=at) for subject, limit in limits.items()]
        if any(waits):
            await queries.forget_attempt(tx, subjects=sorted(limits), attempt_id=attempt_id)
    if any(waits):
        raise TooManyAttempts(max(wait for wait in waits if wait))


async def _wait(tx: Tx, subject: str, limit: int, *, attempt_id: int, at: datetime) -> timedelta | None:
    since = at - rules.ATTEMPTS_WINDOW
    attempts = await queries.attempts_before(tx, subject=subject, since=since, except_id=attempt_id, attempts_max=limit)
    return rules.waiting_time(attempts[::-1], now=at, attempts_max=limit)


async def _sign_in(db: Db, *, account_id: int, caller: Caller) -> SignedInDevice:
    at, session_id, secret = now(), new_id(), passwords.new_secret()
    device = rules.device_of(caller.user_agent)
    async with db.for_buyer(account_id).transaction() as tx:
        await queries.add_session(
            tx,
            account_id=account_id,
            session_id=session_id,
            secret_hash=passwords.hash_secret(secret),
            device=device,
            address=caller.address,
            at=at,
            expires_at=at + rules.SESSION_LIFETIME,
        )
        fact = facts.LoggedIn(**_of(account_id), device=device, session_id=str(session_id))
        await record(tx, fact, by=Actor.buyer(account_id), at=at)
    return SignedInDevice(account_id, session_id, f"{account_id}.{session_id}.{secret}")


def account_of(token: str) -> int | None:
    """Whose session a cookie's token says it is; only `resume` knows whether that is true."""
    return parse_id(token.partition(".")[0])


async def resume(tx: Tx, token: str, *, address: str) -> queries.Session | None:
    """The session of a cookie's token, if it is one that has not ended; notes every few minutes that it was here."""
    account_part, _, rest = token.partition(".")
    session_part, _, secret = rest.partition(".")
    account_id, session_id, at = parse_id(account_part), parse_id(session_part), now()
    if account_id is None or session_id is None:
        return None
    session = await queries.session(tx, account_id=account_id, session_id=session_id, now=at)
    if session is None or not passwords.is_secret(secret, session.secret_hash):
        return None
    if session.seen_at < at - rules.SEEN_EVERY:
        await queries.see_session(
            tx,
            account_id=account_id,
            session_id=session_id,
            address=address,
            now=at,
            seen_before=at - rules.SEEN_EVERY,
            expires_at=at + rules.SESSION_LIFETIME,
        )
    return session


async def log_out(db: Db, *, account_id: int, session_id: int) -> None:
    """Sign one device out; nothing happens if it is signed out already or belongs to somebody else."""
    async with db.for_buyer(account_id).transaction() as tx:
        await _ended(tx, account_id, await queries.end_session(tx, account_id=account_id, session_id=session_id))


async def log_out_elsewhere(db: Db, *, account_id: int, session_id: int) -> None:
    """Sign out every device but this one; with session 0, this one too."""
    async with db.for_buyer(account_id).transaction() as tx:
        await _ended(tx, account_id, await queries.end_sessions(tx, account_id=account_id, except_id=session_id))


async def _ended(tx: Tx, account_id: int, session_ids: list[int]) -> None:
    if session_ids:
        fact = facts.SessionsEnded(**_of(account_id), session_ids=[str(ended) for ended in session_ids])
        await record(tx, fact, by=Actor.buyer(account_id), at=now())


async def request_password_reset(db: Db, *, email: str, caller: Caller) -> None:
    """Have a link mailed if there is such an account; the caller can't tell. Raises TooManyAttempts by address alone."""
    await _attempt(db, {f"reset-from:{caller.address}": rules.ATTEMPTS_PER_ADDRESS_MAX}, attempt_id=new_id())
    known = rules.read_email(email)
    if known is None:
        return
    try:
        await _attempt(db, {f"reset:{known}": rules.RESETS_PER_LOGIN_MAX}, attempt_id=new_id())
    except TooManyAttempts:
        return  # the links sent so far are in the mailbox; saying so would tell that the account exists
    async with db.any().transaction() as tx:
        account = await queries.account_of_email(tx, known)
        if account is not None:
            await record(tx, facts.PasswordResetRequested(**_of(account.id)), by=Actor.buyer(account.id), at=now())


async def issue_password_reset(tx: Tx, *, account_id: int) -> str:
    """A link's last part ("account/id/secret"), for the mail alone; good once within the hour."""
    at, reset_id, secret = now(), new_id(), passwords.new_secret()
    await queries.add_password_reset(
        tx,
        account_id=account_id,
        reset_id=reset_id,
        secret_hash=passwords.hash_secret(secret),
        at=at,
        expires_at=at + rules.RESET_LIFETIME,
    )
    return f"{account_id}/{reset_id}/{secret}"


async def is_reset_usable(db: Db, *, account_id: int, reset_id: int, secret: str) -> bool:
    """Whether a link's form may be shown; using it decides."""
    async with db.for_buyer(account_id).reading() as tx:
        found = await queries.usable_password_reset(tx, account_id=account_id, reset_id=reset_id, now=now())
        return found is not None and passwords.is_secret(secret, found.secret_hash)


async def reset_password(db: Db, *, account_id: int, reset_id: int, secret: str, password: str) -> None:
    """Set a new password by a mailed link and end all sessions. Raises NotValid, ResetLinkNotValid."""
    problems = rules.check_password(password)
    if problems:
        raise NotValid(*problems)
    password_hash = await passwords.hash_password(password)
    secret_hash, at = passwords.hash_secret(secret), now()
    async with db.for_buyer(account_id).transaction() as tx:
        used = await queries.use_password_reset(
            tx, account_id=account_id, reset_id=reset_id, secret_hash=secret_hash, now=at
        )
        if reset_id not in used:
            raise ResetLinkNotValid
        await queries.set_password(tx, account_id=account_id, password_hash=password_hash, at=at)
        await _ended(tx, account_id, await queries.end_sessions(tx, account_id=account_id, except_id=0))
        fact = facts.PasswordChanged(**_of(account_id), by_link=True)
        await record(tx, fact, by=Actor.buyer(account_id), at=at)


async def change_password(db: Db, *, account_id: int, session_id: int, present: str, new: str) -> None:
    """Set a new password and sign out all other devices. Raises NotValid, TooManyAttempts."""
    problems = rules.check_password(new, field="new")
    if problems:
        raise NotValid(*problems)
    subject = f"password:{account_id}"
    await _attempt(db, {subject: rules.ATTEMPTS_PER_LOGIN_MAX}, attempt_id=new_id())
    async with db.any().reading() as tx:
        credentials = await queries.credentials_of_account(tx, account_id)
    if not await passwords.verify_password(present, credentials.password_hash):
        raise NotValid(Problem("present", "password_wrong"))
    password_hash = await passwords.hash_password(new)
    async with db.for_buyer(account_id).transaction() as tx:
        await queries.forget_attempts(tx, subject=subject)
        await queries.set_password(tx, account_id=account_id, password_hash=password_hash, at=now())
        await _ended(tx, account_id, await queries.end_sessions(tx, account_id=account_id, except_id=session_id))
        fact = facts.PasswordChanged(**_of(account_id), by_link=False)
        await record(tx, fact, by=Actor.buyer(account_id), at=now())


async def change_profile(db: Db, *, account_id: int, name: str | None = None, locale: str | None = None) -> None:
    """Change the name, the language, or both. Raises NotValid."""
    problems = rules.check_name(name) if name is not None else []
    if problems:
        raise NotValid(*problems)
    changed = [field for field, value in (("name", name), ("locale", locale)) if value is not None]
    async with db.any().transaction() as tx:
        await queries.set_profile(tx, account_id=account_id, name=name and name.strip(), locale=locale)
        fact = facts.ProfileChanged(**_of(account_id), fields=changed)
        await record(tx, fact, by=Actor.buyer(account_id), at=now())


async def save_address(
    db: Db, *, buyer_id: int, form: AddressForm, address_id: int | None = None, make_default: bool = False
) -> int:
    """Add an address to the book, or change one; returns its id. The first one becomes the default.

    Raises NotValid, AddressNotFound, AddressBookFull.
    """
    form = rules.tidy_address(form)
    problems = rules.check_address(form)
    if problems:
        raise NotValid(*problems)
    async with db.for_buyer(buyer_id).transaction() as tx:
        # The account's row stands for the book: a buyer without addresses has no other row to wait for.
        await queries.lock_account(tx, account_id=buyer_id)
        kept = await queries.address_ids(tx, buyer_id=buyer_id)
        saved_id = await _write_address(tx, buyer_id=buyer_id, form=form, address_id=address_id, kept=kept)
        if make_default or not kept:
            await _make_default(tx, buyer_id=buyer_id, address_id=saved_id)
        fact = facts.AddressSaved(shop_id=PLATFORM, subject_id=saved_id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=now())
    return saved_id


async def _write_address(tx: Tx, *, buyer_id: int, form: AddressForm, address_id: int | None, kept: list[int]) -> int:
    if address_id is not None:
        if not await queries.change_address(tx, buyer_id=buyer_id, address_id=address_id, form=form):
            raise AddressNotFound
        return address_id
    if len(kept) >= rules.ADDRESSES_MAX:
        raise AddressBookFull
    added_id = new_id()
    await queries.add_address(tx, buyer_id=buyer_id, address_id=added_id, form=form, at=now())
    return added_id


async def make_default_address(db: Db, *, buyer_id: int, address_id: int) -> None:
    """Let checkout begin with this address. Raises AddressNotFound."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.lock_account(tx, account_id=buyer_id)
        await _make_default(tx, buyer_id=buyer_id, address_id=address_id)
        fact = facts.AddressSaved(shop_id=PLATFORM, subject_id=address_id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=now())


async def _make_default(tx: Tx, *, buyer_id: int, address_id: int) -> None:
    province = await queries.set_default_address(tx, buyer_id=buyer_id, address_id=address_id)
    if province is None:
        raise AddressNotFound
    await queries.set_zone(tx, account_id=buyer_id, zone=regions.zone_of(province))


async def delete_address(db: Db, *, buyer_id: int, address_id: int) -> None:
    """Take an address out of the book; if it was the default, the newest other one is. Raises AddressNotFound."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.lock_account(tx, account_id=buyer_id)
        if not await queries.delete_address(tx, buyer_id=buyer_id, address_id=address_id, at=now()):
            raise AddressNotFound
        left = await queries.addresses_of_buyer(tx, buyer_id=buyer_id)
        if left and not left[0].is_default:
            await _make_default(tx, buyer_id=buyer_id, address_id=left[0].id)
        fact = facts.AddressDeleted(shop_id=PLATFORM, subject_id=address_id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=now())


async def open_shop(db: Db, shop: NewShop, *, owner_id: int, at: datetime | None = None) -> int:
    """Open a shop that the account owns; returns its id. Raises NotValid when the slug is taken."""
    at, shop_id = at or now(), new_id()
    try:
        async with db.any().transaction() as tx:
            await queries.add_shop(tx, shop_id=shop_id, shop=shop, at=at)
            await queries.add_member(tx, shop_id=shop_id, account_id=owner_id, role="owner", at=at)
            await record(tx, facts.ShopOpened(shop_id=shop_id, subject_id=shop_id), by=Actor.seller(owner_id), at=at)
    except UniqueViolation:
        raise NotValid(Problem("slug", "slug_taken")) from None
    return shop_id


async def join_shop(db: Db, *, shop_id: int, account_id: int, role: Role = "staff", at: datetime | None = None) -> None:
    """Let an account work in a shop; nothing happens if it does already."""
    at = at or now()
    async with db.any().transaction() as tx:
        if await queries.add_member(tx, shop_id=shop_id, account_id=account_id, role=role, at=at):
            fact = facts.MemberJoined(shop_id=shop_id, subject_id=shop_id, account_id=str(account_id), role=role)
            await record(tx, fact, by=SYSTEM, at=at)


async def switch_shop(db: Db, *, account_id: int, session_id: int, shop_id: int) -> None:
    """Turn this device to another of the shops its account works in. Raises NotAMember."""
    async with db.for_buyer(account_id).transaction() as tx:
        if all(shop.shop_id != shop_id for shop in await queries.shops_of_account(tx, account_id=account_id)):
            raise NotAMember
        await queries.set_session_shop(tx, account_id=account_id, session_id=session_id, shop_id=shop_id)
        fact = facts.ShopSwitched(**_of(account_id), to_shop_id=str(shop_id))
        await record(tx, fact, by=Actor.seller(account_id), at=now())


async def forget_expired(db: Db) -> int:
    """Remove ended sessions, old attempts and old links; returns how many. For the worker, once an hour or so."""
    at = now()
    async with db.any().transaction() as tx:
        return await queries.forget_expired(tx, now=at, before=at - timedelta(days=1))


def _of(account_id: int) -> dict[str, int]:
    return {"shop_id": PLATFORM, "subject_id": account_id, "buyer_id": account_id}
