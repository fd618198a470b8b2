"""Accounts as people use them: registering, logging in and out, new passwords, addresses."""

import asyncio
from datetime import timedelta

import pytest

from etalase.commerce.accounts import actions, queries, rules
from etalase.commerce.accounts.actions import Caller
from etalase.commerce.accounts.errors import (
    AddressBookFull,
    AddressNotFound,
    LoginRefused,
    NotAMember,
    NotValid,
    ResetLinkNotValid,
    TooManyAttempts,
)
from etalase.commerce.accounts.rules import Problem
from etalase.foundation import clock
from etalase.foundation.sql import Db
from tests.builders.accounts import BANDUNG, PASSWORD, make_account, make_address, make_shop

PHONE = Caller("10.1.1.1", "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile")


async def resume(db: Db, token: str) -> queries.Session | None:
    async with db.any().reading() as tx:
        return await actions.resume(tx, token, address="10.1.1.2")


async def facts_named(db: Db, name: str) -> int:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT count(*) FROM facts WHERE name = %s", [name])
        row = await cursor.fetchone()
    assert row
    return int(row[0])


async def test_registering_signs_the_device_in(db: Db) -> None:
    made = await actions.register(
        db, name="  Budi 🌶️ ", login="BUDI@Etalase.test", password="jalan-jalan-pagi", locale="id", caller=PHONE
    )
    session = await resume(db, made.token)
    assert session is not None
    assert (session.name, session.email) == ("Budi 🌶️", "budi@etalase.test")
    assert await facts_named(db, "account.registered") == 1


async def test_a_login_is_taken_once(db: Db) -> None:
    await make_account(db, phone="+6281234567890")
    with pytest.raises(NotValid) as refused:
        await actions.register(
            db, name="Budi", login="0812-3456-7890", password="jalan-jalan-pagi", locale="id", caller=PHONE
        )
    assert refused.value.problems == (Problem("login", "phone_taken"),)


async def test_secrets_are_kept_as_hashes_only(db: Db) -> None:
    account = await make_account(db)
    made = await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)
    secret = made.token.split(".")[2]
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT to_jsonb(s)::text FROM sessions s")
        rows = await cursor.fetchall()
    assert len(rows) == 1
    assert secret not in rows[0][0]


async def test_log_in_by_phone_as_people_write_it(db: Db) -> None:
    account = await make_account(db, phone="+6281234567890")
    made = await actions.log_in(db, login="0812 3456 7890", password=PASSWORD, caller=PHONE)
    assert made.account_id == account.id


@pytest.mark.parametrize("login", ["nobody@etalase.test", "081299998888", "neither", ""])
async def test_unknown_logins_are_refused_like_wrong_passwords(db: Db, login: str) -> None:
    with pytest.raises(LoginRefused):
        await actions.log_in(db, login=login, password=PASSWORD, caller=PHONE)


async def test_the_eleventh_attempt_waits(db: Db) -> None:
    account = await make_account(db)
    for _ in range(rules.ATTEMPTS_PER_LOGIN_MAX):
        with pytest.raises(LoginRefused):
            await actions.log_in(db, login=account.email or "", password="not the one", caller=PHONE)
    with pytest.raises(TooManyAttempts) as refused:
        await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)
    assert timedelta(minutes=14) < refused.value.wait <= timedelta(minutes=15)
    clock.set_offset(timedelta(minutes=15))
    assert (await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)).token


async def test_attempts_made_at_once_are_counted_too(db: Db) -> None:
    account = await make_account(db)
    tries = [actions.log_in(db, login=account.email or "", password="not the one", caller=PHONE) for _ in range(30)]
    outcomes = [type(outcome) for outcome in await asyncio.gather(*tries, return_exceptions=True)]
    assert outcomes.count(LoginRefused) <= rules.ATTEMPTS_PER_LOGIN_MAX
    assert outcomes.count(TooManyAttempts) >= 30 - rules.ATTEMPTS_PER_LOGIN_MAX


async def test_an_address_may_not_try_one_password_on_many_accounts(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ATTEMPTS_PER_ADDRESS_MAX", 3)
    for number in range(3):
        with pytest.raises(LoginRefused):
            await actions.log_in(db, login=f"a{number}@etalase.test", password="guess-guess", caller=PHONE)
    with pytest.raises(TooManyAttempts):
        await actions.log_in(db, login="a9@etalase.test", password="guess-guess", caller=PHONE)


async def test_a_success_clears_the_count(db: Db) -> None:
    account = await make_account(db)
    for _ in range(2):
        for _ in range(rules.ATTEMPTS_PER_LOGIN_MAX - 1):
            with pytest.raises(LoginRefused):
                await actions.log_in(db, login=account.email or "", password="not the one", caller=PHONE)
        await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)


async def test_a_forged_or_foreign_token_resumes_nothing(db: Db) -> None:
    mine, other = await make_account(db), await make_account(db)
    made = await actions.log_in(db, login=mine.email or "", password=PASSWORD, caller=PHONE)
    account_id, session_id, secret = made.token.split(".")
    for token in ["", "..", "a.b.c", f"{account_id}.{session_id}.", f"{other.id}.{session_id}.{secret}", "9" * 4000]:
        assert await resume(db, token) is None
    assert await resume(db, made.token) is not None


async def test_sessions_end_by_time_and_live_on_by_use(db: Db) -> None:
    account = await make_account(db)
    made = await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)
    clock.set_offset(rules.SESSION_LIFETIME - timedelta(days=1))
    assert await resume(db, made.token) is not None
    clock.set_offset(rules.SESSION_LIFETIME + timedelta(days=1))
    assert await resume(db, made.token) is not None
    clock.set_offset(rules.SESSION_LIFETIME * 3)
    assert await resume(db, made.token) is None
    assert await actions.forget_expired(db) >= 1


async def test_log_out_here_elsewhere_and_everywhere(db: Db) -> None:
    account = await make_account(db)
    one, two, three = [
        await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE) for _ in range(3)
    ]
    await actions.log_out(db, account_id=account.id, session_id=three.session_id)
    assert await resume(db, three.token) is None
    await actions.log_out_elsewhere(db, account_id=account.id, session_id=one.session_id)
    assert await resume(db, two.token) is None
    assert await resume(db, one.token) is not None
    await actions.log_out_elsewhere(db, account_id=account.id, session_id=0)
    assert await resume(db, one.token) is None


async def test_nobody_ends_anothers_device(db: Db) -> None:
    mine, other = await make_account(db), await make_account(db)
    made = await actions.log_in(db, login=mine.email or "", password=PASSWORD, caller=PHONE)
    await actions.log_out(db, account_id=other.id, session_id=made.session_id)
    assert await resume(db, made.token) is not None


async def reset_link(db: Db, account_id: int) -> tuple[int, str]:
    async with db.any().transaction() as tx:
        _, reset_id, secret = (await actions.issue_password_reset(tx, account_id=account_id)).split("/")
    return int(reset_id), secret


async def test_a_reset_link_works_once_and_ends_all_sessions(db: Db) -> None:
    account = await make_account(db)
    made = await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)
    reset_id, secret = await reset_link(db, account.id)
    other_id, other_secret = await reset_link(db, account.id)
    change = {"account_id": account.id, "password": "a-new-password"}
    await actions.reset_password(db, reset_id=reset_id, secret=secret, **change)  # type: ignore[arg-type]
    assert await resume(db, made.token) is None
    with pytest.raises(ResetLinkNotValid):
        await actions.reset_password(db, reset_id=reset_id, secret=secret, **change)  # type: ignore[arg-type]
    with pytest.raises(ResetLinkNotValid):
        await actions.reset_password(db, reset_id=other_id, secret=other_secret, **change)  # type: ignore[arg-type]
    assert (await actions.log_in(db, login=account.email or "", password="a-new-password", caller=PHONE)).token


async def test_a_reset_link_used_twice_at_once_works_once(db: Db) -> None:
    account = await make_account(db)
    reset_id, secret = await reset_link(db, account.id)
    uses = [
        actions.reset_password(
            db, account_id=account.id, reset_id=reset_id, secret=secret, password=f"a-new-password-{number}"
        )
        for number in range(5)
    ]
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(ResetLinkNotValid) == 4


async def test_a_reset_link_lives_an_hour_and_belongs_to_one_account(db: Db) -> None:
    account, other = await make_account(db), await make_account(db)
    reset_id, secret = await reset_link(db, account.id)
    assert await actions.is_reset_usable(db, account_id=account.id, reset_id=reset_id, secret=secret)
    assert not await actions.is_reset_usable(db, account_id=other.id, reset_id=reset_id, secret=secret)
    with pytest.raises(ResetLinkNotValid):
        await actions.reset_password(
            db, account_id=account.id, reset_id=reset_id, secret="guessed", password="a-new-password"
        )
    clock.set_offset(timedelta(minutes=61))
    with pytest.raises(ResetLinkNotValid):
        await actions.reset_password(
            db, account_id=account.id, reset_id=reset_id, secret=secret, password="a-new-password"
        )


async def test_asking_for_a_link_tells_nothing(db: Db) -> None:
    account = await make_account(db, email="sari@etalase.test")
    for email in [account.email or "", "nobody@etalase.test", "not an address"]:
        await actions.request_password_reset(db, email=email, caller=PHONE)
    assert await facts_named(db, "account.password_reset_requested") == 1
    for _ in range(5):
        await actions.request_password_reset(db, email="SARI@etalase.test", caller=PHONE)
    assert await facts_named(db, "account.password_reset_requested") == rules.RESETS_PER_LOGIN_MAX


async def test_changing_the_password_keeps_this_device_only(db: Db) -> None:
    account = await make_account(db)
    here, there = [
        await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE) for _ in range(2)
    ]
    change = {"account_id": account.id, "session_id": here.session_id}
    with pytest.raises(NotValid) as refused:
        await actions.change_password(db, present="wrong wrong", new="a-new-password", **change)
    assert refused.value.problems == (Problem("present", "password_wrong"),)
    await actions.change_password(db, present=PASSWORD, new="a-new-password", **change)
    assert await resume(db, here.token) is not None
    assert await resume(db, there.token) is None


async def test_the_first_address_is_the_default_and_one_always_is(db: Db) -> None:
    account = await make_account(db)
    first = await make_address(db, account)
    second = await make_address(
        db, account, label="Kantor", province="73", city="7371", district="Wajo", postal_code="90171"
    )
    assert first.is_default
    assert not second.is_default
    await actions.make_default_address(db, buyer_id=account.id, address_id=second.id)
    await actions.delete_address(db, buyer_id=account.id, address_id=second.id)
    async with db.any().reading() as tx:
        kept = await queries.addresses_of_buyer(tx, buyer_id=account.id)
    assert [(address.id, address.is_default) for address in kept] == [(first.id, True)]


async def test_the_default_address_sets_the_zone(db: Db) -> None:
    account = await make_account(db)
    await make_address(db, account, province="73", city="7371", district="Wajo", postal_code="90171")
    async with db.any().reading() as tx:
        assert (await queries.account(tx, account.id)).zone == "Asia/Makassar"


async def test_addresses_added_at_once_make_one_default(db: Db) -> None:
    account = await make_account(db)
    await asyncio.gather(*(actions.save_address(db, buyer_id=account.id, form=BANDUNG) for _ in range(8)))
    async with db.any().reading() as tx:
        kept = await queries.addresses_of_buyer(tx, buyer_id=account.id)
    assert [address.is_default for address in kept] == [True] + [False] * 7


async def test_the_address_book_has_an_end(db: Db) -> None:
    account = await make_account(db)
    for _ in range(rules.ADDRESSES_MAX):
        await actions.save_address(db, buyer_id=account.id, form=BANDUNG)
    with pytest.raises(AddressBookFull):
        await actions.save_address(db, buyer_id=account.id, form=BANDUNG)


async def test_nobody_touches_anothers_address(db: Db) -> None:
    mine, other = await make_account(db), await make_account(db)
    address = await make_address(db, mine)
    with pytest.raises(AddressNotFound):
        await actions.delete_address(db, buyer_id=other.id, address_id=address.id)
    with pytest.raises(AddressNotFound):
        await actions.save_address(db, buyer_id=other.id, form=BANDUNG, address_id=address.id)
    with pytest.raises(AddressNotFound):
        await actions.make_default_address(db, buyer_id=other.id, address_id=address.id)


async def test_a_member_switches_between_own_shops_only(db: Db) -> None:
    account = await make_account(db)
    mine, also_mine, foreign = (
        await make_shop(db, owner=account),
        await make_shop(db, owner=account),
        await make_shop(db),
    )
    made = await actions.log_in(db, login=account.email or "", password=PASSWORD, caller=PHONE)
    turn = {"account_id": account.id, "session_id": made.session_id}
    await actions.switch_shop(db, shop_id=also_mine.shop_id, **turn)
    session = await resume(db, made.token)
    assert session
    assert session.shop_id == also_mine.shop_id
    with pytest.raises(NotAMember):
        await actions.switch_shop(db, shop_id=foreign.shop_id, **turn)
    await actions.join_shop(db, shop_id=foreign.shop_id, account_id=account.id)
    async with db.any().reading() as tx:
        shops = await queries.shops_of_account(tx, account_id=account.id)
    assert {(shop.shop_id, shop.role) for shop in shops} == {
        (mine.shop_id, "owner"),
        (also_mine.shop_id, "owner"),
        (foreign.shop_id, "staff"),
    }
