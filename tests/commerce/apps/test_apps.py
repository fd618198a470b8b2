"""Apps and the leave of sellers: what is refused, what ends with what, and what is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from etalase.commerce.apps import actions, queries, repeats, rules
from etalase.commerce.apps.errors import AppNotFound, AppRefused, CodeNotValid, KeyUsedOtherwise, NotTheOwner
from etalase.commerce.apps.queries import RepeatKey
from etalase.commerce.apps.rules import AppDraft
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.builders.accounts import make_account, make_shop
from tests.builders.open_api import CALLBACK, make_app, make_tokens


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        (CALLBACK, True),
        ("https://erp.example:8443/a?b=c", True),
        ("http://localhost:3000/cb", True),
        ("http://127.0.0.1/cb", True),
        ("http://erp.example/cb", False),
        ("https://", False),
        ("https://a@erp.example/", False),
        ("https://erp.example/#x", False),
        ("https://erp.example/; script-src *", False),
        ("javascript:alert(1)", False),
        ("https://[::1", False),
        ("https://erp.example:99999/", False),
        ("//erp.example/", False),
        ("https://toko.example/ü", False),
    ],
)
def test_where_sellers_may_be_sent(url: str, is_good: bool) -> None:
    assert rules.is_redirect_url(url) is is_good


@pytest.mark.parametrize(
    ("draft", "problem"),
    [
        (AppDraft("", (CALLBACK,), ("seller.order.info",)), ("name", "missing")),
        (AppDraft("x" * 61, (CALLBACK,), ("seller.order.info",)), ("name", "too_long")),
        (AppDraft("a\x07", (CALLBACK,), ("seller.order.info",)), ("name", "not_printable")),
        (AppDraft("a", (), ("seller.order.info",)), ("redirect_urls", "missing")),
        (AppDraft("a", ("ftp://x",), ("seller.order.info",)), ("redirect_urls", "malformed")),
        (
            AppDraft("a", tuple(f"https://x/{n}" for n in range(6)), ("seller.order.info",)),
            ("redirect_urls", "too_many"),
        ),
        (AppDraft("a", (CALLBACK,), ()), ("scopes", "missing")),
        (AppDraft("a", (CALLBACK,), ("everything",)), ("scopes", "unknown")),
    ],
)
async def test_what_no_app_can_be(db: Db, draft: AppDraft, problem: tuple[str, str]) -> None:
    owner = await make_account(db)
    with pytest.raises(AppRefused) as refused:
        await actions.register_app(db, draft, owner_id=owner.id)
    assert [(one.field, one.code) for one in refused.value.problems] == [problem]


async def test_only_its_maker_changes_an_app(db: Db, settings: Settings) -> None:
    made, stranger = await make_app(db, settings), await make_account(db)
    draft = AppDraft("Mine now", (CALLBACK,), ("seller.order.info",))
    with pytest.raises(AppNotFound):
        await actions.change_app(db, draft, app_id=made.app.id, owner_id=stranger.id)
    with pytest.raises(AppNotFound):
        await actions.change_secret(db, app_id=made.app.id, owner_id=stranger.id)
    with pytest.raises(AppNotFound):
        await actions.delete_app(db, app_id=made.app.id, owner_id=stranger.id)


async def test_only_owners_let_apps_in(db: Db, settings: Settings) -> None:
    made, shop, other = await make_app(db, settings), await make_shop(db), await make_shop(db)
    for shop_ids in ([], [other.shop_id], [shop.shop_id, other.shop_id]):
        with pytest.raises(NotTheOwner):
            await actions.authorize(db, made.app, account_id=shop.owner.id, shop_ids=shop_ids)
    await make_tokens(db, made, shop)
    with pytest.raises(NotTheOwner):
        await actions.deauthorize(db, app_id=made.app.id, shop_id=shop.shop_id, account_id=other.owner.id)


async def test_a_second_consent_adds_a_shop_and_takes_the_scopes_of_now(db: Db, settings: Settings) -> None:
    made, shop = await make_app(db, settings, scopes=["seller.order.info"]), await make_shop(db)
    second = await make_shop(db, owner=shop.owner)
    first = await make_tokens(db, made, shop)
    assert first.scopes == ["seller.authorization.info", "seller.order.info"]
    draft = AppDraft("Gudang ERP", (CALLBACK,), ("seller.logistics",))
    await actions.change_app(db, draft, app_id=made.app.id, owner_id=made.app.owner_id)
    async with db.any().reading() as tx:
        changed = await queries.app_by_id(tx, made.app.id)
    assert changed is not None
    code = await actions.authorize(db, changed, account_id=shop.owner.id, shop_ids=[second.shop_id])
    newer = await actions.exchange_code(db, changed, code=code)
    assert newer.scopes == ["seller.authorization.info", "seller.logistics"]
    assert newer.open_id == first.open_id
    async with db.any().reading() as tx:
        shops = await queries.shops_of_app(tx, made.app.id)
        before = {one.shop_id: one.cipher for one in shops}
        assert set(before) == {shop.shop_id, second.shop_id}
    await actions.deauthorize(db, app_id=made.app.id, shop_id=shop.shop_id, account_id=shop.owner.id)
    with pytest.raises(AppNotFound):
        await actions.deauthorize(db, app_id=made.app.id, shop_id=shop.shop_id, account_id=shop.owner.id)
    await make_tokens(db, replace(made, app=changed), shop)
    async with db.any().reading() as tx:
        again = {one.shop_id: one.cipher for one in await queries.shops_of_app(tx, made.app.id)}
    assert again == before, "what a connector has written down stays true"


async def test_a_code_ends_with_its_leave(db: Db, settings: Settings) -> None:
    made, shop = await make_app(db, settings), await make_shop(db)
    code = await actions.authorize(db, made.app, account_id=shop.owner.id, shop_ids=[shop.shop_id])
    await actions.deauthorize(db, app_id=made.app.id, shop_id=shop.shop_id, account_id=shop.owner.id)
    with pytest.raises(CodeNotValid):
        await actions.exchange_code(db, made.app, code=code)


async def test_old_things_are_forgotten_and_living_ones_kept(db: Db, settings: Settings) -> None:
    made, shop = await make_app(db, settings), await make_shop(db)
    await make_tokens(db, made, shop)
    key = RepeatKey(shop.shop_id, made.app.id, "POST x", "k")
    await repeats.claim(db, key, request=b"1")
    await repeats.keep(db, key, {"a": 1})
    clock.set_offset(timedelta(days=29))
    assert await actions.forget_old(db) == 1, "the code"
    clock.set_offset(timedelta(days=31))
    assert await actions.forget_old(db) == 1, "the answer"
    clock.set_offset(timedelta(days=364))
    assert await actions.forget_old(db) == 0
    clock.set_offset(timedelta(days=367))
    assert await actions.forget_old(db) == 1, "the tokens"


async def test_a_claim_that_died_is_given_again(db: Db, settings: Settings) -> None:
    made, shop = await make_app(db, settings), await make_shop(db)
    key = RepeatKey(shop.shop_id, made.app.id, "POST x", "k")
    assert (await repeats.claim(db, key, request=b"1")).is_ours
    assert not (await repeats.claim(db, key, request=b"1")).is_ours
    with pytest.raises(KeyUsedOtherwise):
        await repeats.claim(db, key, request=b"2")
    clock.set_offset(rules.CLAIM_LIFETIME + timedelta(seconds=1))
    assert (await repeats.claim(db, key, request=b"1")).is_ours
    await repeats.keep(db, key, {"done": "1"})
    clock.set_offset(rules.CLAIM_LIFETIME * 3)
    claim = await repeats.claim(db, key, request=b"1")
    assert (claim.is_ours, claim.answer) == (False, {"done": "1"})


@pytest.mark.parametrize(
    ("address", "in_sandbox", "elsewhere"),
    [
        ("https://erp.example/hook", True, True),
        ("http://erp.example/hook", True, False),
        ("http://127.0.0.1:9/hook", True, False),
        ("ftp://erp.example", False, False),
        ("https://a:b@erp.example", False, False),
        ("https://erp.example/" + "x" * 255, False, False),
        ("https:///x", False, False),
    ],
)
def test_where_apps_may_be_told(address: str, in_sandbox: bool, elsewhere: bool) -> None:
    assert rules.is_webhook_address(address, is_sandbox=True) is in_sandbox
    assert rules.is_webhook_address(address, is_sandbox=False) is elsewhere
