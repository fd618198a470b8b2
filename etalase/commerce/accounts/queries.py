"""Reading and writing accounts, sessions, addresses and memberships: one function a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.commerce.accounts import regions
from etalase.commerce.accounts.rules import AddressForm, Login, NewShop, Role
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Account:
    """The person behind buyer, seller and operator."""

    id: int
    name: str
    email: str | None
    phone: str | None
    locale: str
    zone: str
    is_operator: bool
    avatar_key: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's id and password hash."""

    id: int
    password_hash: str


@dataclass(frozen=True, slots=True)
class WorkShop:
    """A shop that an account works in, and as what."""

    account_id: int
    role: Role
    shop_id: int
    slug: str
    name: str
    zone: str
    confirm_mode: str
    is_open: bool
    logo_key: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device with its account."""

    account_id: int
    id: int
    secret_hash: bytes
    seen_at: datetime
    expires_at: datetime
    shop_id: int | None
    name: str
    email: str | None
    phone: str | None
    locale: str
    zone: str
    is_operator: bool
    avatar_key: str | None
    shops: list[dict[str, Any]]

    @property
    def work_shops(self) -> list[WorkShop]:
        """The shops the account works in, by name."""
        return [WorkShop(**shop) for shop in self.shops]


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device as its owner sees it."""

    id: int
    device: str
    address: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A mailed link that sets a new password."""

    account_id: int
    id: int
    secret_hash: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a buyer's book; province and city are codes of `regions`."""

    buyer_id: int
    id: int
    label: str
    recipient: str
    phone: str
    province: str
    city: str
    district: str
    postal_code: str
    street: str
    landmark: str
    is_default: bool

    @property
    def province_name(self) -> str:
        found = regions.province(self.province)
        return found.name if found else self.province

    @property
    def city_name(self) -> str:
        found = regions.city(self.city)
        return found.name if found else self.city

    @property
    def zone(self) -> str:
        return regions.zone_of(self.province)

    @property
    def region_line(self) -> str:
        """Coblong, Kota Bandung, Jawa Barat 40132."""
        return f"{self.district}, {self.city_name}, {self.province_name} {self.postal_code}"


@dataclass(frozen=True, slots=True)
class Membership:
    """An account's place in a shop."""

    shop_id: int
    account_id: int
    role: Role


async def add_account(
    tx: Tx,
    *,
    account_id: int,
    name: str,
    login: Login,
    password_hash: str,
    locale: str,
    is_operator: bool,
    avatar_key: str | None,
    at: datetime,
) -> Account:
    """The new account; raises UniqueViolation on accounts_email_once or accounts_phone_once."""
    return await tx.one(
        statements["add_account"],
        Account,
        id=account_id,
        name=name,
        email=login.email,
        phone=login.phone,
        password_hash=password_hash,
        locale=locale,
        is_operator=is_operator,
        avatar_key=avatar_key,
        at=at,
    )


async def account(tx: Tx, account_id: int) -> Account:
    """The account; raises LookupError where there is none."""
    return await tx.one(statements["account"], Account, account_id=account_id)


async def account_of_email(tx: Tx, email: str) -> Account | None:
    return await tx.maybe(statements["account_of_email"], Account, email=email)


async def credentials(tx: Tx, login: Login) -> Credentials | None:
    return await tx.maybe(statements["credentials"], Credentials, email=login.email, phone=login.phone)


async def credentials_of_account(tx: Tx, account_id: int) -> Credentials:
    return await tx.one(statements["credentials_of_account"], Credentials, account_id=account_id)


async def set_password(tx: Tx, *, account_id: int, password_hash: str, at: datetime) -> None:
    await tx.run(statements["set_password"], account_id=account_id, password_hash=password_hash, at=at)


async def set_profile(tx: Tx, *, account_id: int, name: str | None = None, locale: str | None = None) -> None:
    await tx.run(statements["set_profile"], account_id=account_id, name=name, locale=locale)


async def set_zone(tx: Tx, *, account_id: int, zone: str) -> None:
    await tx.run(statements["set_zone"], account_id=account_id, zone=zone)


async def add_session(
    tx: Tx,
    *,
    account_id: int,
    session_id: int,
    secret_hash: bytes,
    device: str,
    address: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    await tx.run(
        statements["add_session"],
        account_id=account_id,
        id=session_id,
        secret_hash=secret_hash,
        device=device,
        address=address,
        at=at,
        expires_at=expires_at,
    )


async def session(tx: Tx, *, account_id: int, session_id: int, now: datetime) -> Session | None:
    return await tx.maybe(statements["session"], Session, account_id=account_id, session_id=session_id, now=now)


async def see_session(
    tx: Tx,
    *,
    account_id: int,
    session_id: int,
    address: str,
    now: datetime,
    seen_before: datetime,
    expires_at: datetime,
) -> None:
    await tx.run(
        statements["see_session"],
        account_id=account_id,
        session_id=session_id,
        address=address,
        now=now,
        seen_before=seen_before,
        expires_at=expires_at,
    )


async def sessions_of_account(tx: Tx, *, account_id: int, now: datetime) -> list[Device]:
    return await tx.all(statements["sessions_of_account"], Device, account_id=account_id, now=now)


async def end_session(tx: Tx, *, account_id: int, session_id: int) -> list[int]:
    return await tx.values(statements["end_session"], int, account_id=account_id, session_id=session_id)


async def end_sessions(tx: Tx, *, account_id: int, except_id: int) -> list[int]:
    return await tx.values(statements["end_sessions"], int, account_id=account_id, except_id=except_id)


async def set_session_shop(tx: Tx, *, account_id: int, session_id: int, shop_id: int) -> None:
    await tx.run(statements["set_session_shop"], account_id=account_id, session_id=session_id, shop_id=shop_id)


async def add_attempt(tx: Tx, *, subject: str, attempt_id: int, at: datetime) -> None:
    await tx.run(statements["add_attempt"], subject=subject, id=attempt_id, at=at)


async def attempts_before(
    tx: Tx, *, subject: str, since: datetime, except_id: int, attempts_max: int
) -> list[datetime]:
    """Times of the subject's last attempts, the newest first."""
    return await tx.values(
        statements["attempts_before"],
        datetime,
        subject=subject,
        since=since,
        except_id=except_id,
        attempts_max=attempts_max,
    )


async def forget_attempt(tx: Tx, *, subjects: Sequence[str], attempt_id: int) -> None:
    await tx.run(statements["forget_attempt"], subjects=list(subjects), id=attempt_id)


async def forget_attempts(tx: Tx, *, subject: str) -> None:
    await tx.run(statements["forget_attempts"], subject=subject)


async def forget_expired(tx: Tx, *, now: datetime, before: datetime) -> int:
    """Removes sessions ended by time, and attempts and links older than `before`; returns how many rows."""
    return (
        await tx.run(statements["forget_expired_sessions"], now=now)
        + await tx.run(statements["forget_old_attempts"], before=before)
        + await tx.run(statements["forget_old_resets"], before=before)
    )


async def add_password_reset(
    tx: Tx, *, account_id: int, reset_id: int, secret_hash: bytes, at: datetime, expires_at: datetime
) -> None:
    await tx.run(
        statements["add_password_reset"],
        account_id=account_id,
        id=reset_id,
        secret_hash=secret_hash,
        at=at,
        expires_at=expires_at,
    )


async def usable_password_reset(tx: Tx, *, account_id: int, reset_id: int, now: datetime) -> PasswordReset | None:
    return await tx.maybe(
        statements["usable_password_reset"], PasswordReset, account_id=account_id, reset_id=reset_id, now=now
    )


async def use_password_reset(tx: Tx, *, account_id: int, reset_id: int, secret_hash: bytes, now: datetime) -> list[int]:
    return await tx.values(
        statements["use_password_reset"],
        int,
        account_id=account_id,
        reset_id=reset_id,
        secret_hash=secret_hash,
        now=now,
    )


async def addresses_of_buyer(tx: Tx, *, buyer_id: int) -> list[Address]:
    return await tx.all(statements["addresses_of_buyer"], Address, buyer_id=buyer_id)


async def addresses_by_keys(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[Address]:
    """The addresses of these (buyer_id, address_id); those that are not the buyer's or were removed are left out."""
    return await tx.all(
        statements["addresses_by_keys"],
        Address,
        buyer_ids=[key[0] for key in keys],
        address_ids=[key[1] for key in keys],
    )


async def address_of_buyer(tx: Tx, *, buyer_id: int, address_id: int) -> Address | None:
    return await tx.maybe(statements["address_of_buyer"], Address, buyer_id=buyer_id, address_id=address_id)


async def lock_account(tx: Tx, *, account_id: int) -> None:
    await tx.run(statements["lock_account"], account_id=account_id)


async def address_ids(tx: Tx, *, buyer_id: int) -> list[int]:
    return await tx.values(statements["address_ids"], int, buyer_id=buyer_id)


async def add_address(tx: Tx, *, buyer_id: int, address_id: int, form: AddressForm, at: datetime) -> None:
    await tx.run(statements["add_address"], buyer_id=buyer_id, id=address_id, at=at, **_columns(form))


async def change_address(tx: Tx, *, buyer_id: int, address_id: int, form: AddressForm) -> bool:
    return bool(await tx.run(statements["change_address"], buyer_id=buyer_id, id=address_id, **_columns(form)))


def _columns(form: AddressForm) -> dict[str, object]:
    return {name: getattr(form, name) for name in form.__dataclass_fields__}


async def delete_address(tx: Tx, *, buyer_id: int, address_id: int, at: datetime) -> bool:
    return bool(await tx.run(statements["delete_address"], buyer_id=buyer_id, address_id=address_id, at=at))


async def set_default_address(tx: Tx, *, buyer_id: int, address_id: int) -> str | None:
    """Makes it the only default; returns its province, or nothing where there is no such address."""
    await tx.run(statements["clear_default_address"], buyer_id=buyer_id)
    return await tx.value(statements["set_default_address"], str, buyer_id=buyer_id, address_id=address_id)


async def add_shop(tx: Tx, *, shop_id: int, shop: NewShop, at: datetime) -> None:
    columns: dict[str, object] = {name: getattr(shop, name) for name in shop.__dataclass_fields__}
    columns["carriers"] = list(shop.carriers)
    await tx.run(statements["add_shop"], shop_id=shop_id, at=at, **columns)


async def add_member(tx: Tx, *, shop_id: int, account_id: int, role: Role, at: datetime) -> bool:
    return bool(await tx.run(statements["add_member"], shop_id=shop_id, account_id=account_id, role=role, at=at))


async def members_of_shop(tx: Tx, *, shop_id: int) -> list[Membership]:
    return await tx.all(statements["members_of_shop"], Membership, shop_id=shop_id)


async def shops_of_account(tx: Tx, *, account_id: int) -> list[WorkShop]:
    return await tx.all(statements["shops_of_account"], WorkShop, account_id=account_id)
