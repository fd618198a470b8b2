"""The operator's pages."""

from datetime import timedelta

import httpx
import pytest

from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines.rules import Clock
from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import translator
from etalase.foundation.inbound import queries as inbound
from etalase.foundation.inbound.queries import Message
from etalase.foundation.policies import queries
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.rules import Policy
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.web.back_office.policies import value_text
from tests.builders.accounts import make_account, make_shop
from tests.builders.web import post, sign_in


@pytest.fixture
async def operator(db: Db, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser in which an operator is signed in."""
    await sign_in(client, await make_account(db, name="Oki", is_operator=True))
    return client


async def in_force(db: Db, key: str) -> Policy:
    async with db.any().reading() as tx:
        return (await queries.load_book(tx)).find(key)


@pytest.mark.parametrize("path", ["/operator", "/operator/policies/ship.sla"])
async def test_only_an_operator_finds_these_pages(db: Db, client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 303
    shop = await make_shop(db)
    await sign_in(client, shop.owner)
    assert (await client.get(path)).status_code == 404


async def test_only_an_operator_sets_a_policy(db: Db, client: httpx.AsyncClient) -> None:
    await sign_in(client, (await make_shop(db)).owner)
    answer = await post(client, "/operator/policies/ship.sla", {"value.0": "9", "seen_version": "0"})
    assert answer.status_code == 404
    assert (await in_force(db, "ship.sla")).version == 0


async def test_every_policy_is_listed_with_its_value(operator: httpx.AsyncClient) -> None:
    page = (await operator.get("/operator")).text
    assert all(f"/operator/policies/{key}" in page for key in DEFAULTS)
    assert "payment.deadline v0" in page
    assert "Virtual account: 1,440" in page
    assert "Every clock was fired in time." in page


@pytest.mark.parametrize("key", DEFAULTS)
async def test_every_policys_page_shows_a_form_that_saves_what_it_shows(
    db: Db, operator: httpx.AsyncClient, key: str
) -> None:
    assert (await operator.get(f"/operator/policies/{key}")).status_code == 200
    default = DEFAULTS[key]
    parts = {default.fields[0].name: default.value} if default.is_single else default.value
    fields = {
        f"{field.name}.{index}": text
        for field in default.fields
        for index, text in enumerate(field.type.inputs(parts[field.name]))
    }
    answer = await post(operator, f"/operator/policies/{key}", {**fields, "seen_version": "0"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/operator/policies/{key}")
    assert await in_force(db, key) == Policy(key, 1, default.value)
    page = await operator.get(f"/operator/policies/{key}")
    assert page.status_code == 200
    assert "Version 1 holds from now on." in page.text
    assert ">v1<" in page.text


@pytest.mark.parametrize(
    ("key", "fields", "said"),
    [
        ("ship.sla", {"value.0": "0"}, "Must be at least 1."),
        ("ship.sla", {"value.0": "31"}, "Must be at most 30."),
        ("ship.sla", {"value.0": "soon"}, "Enter a whole number."),
        ("ship.sla", {}, "Enter a whole number."),
        ("ship.cutoff", {"value.0": "25:00"}, "Enter a time of day such as 12:00."),
        (
            "ship.preorder_days",
            {"value.0": "30", "value.1": "3"},
            "The first number must not be larger than the second.",
        ),
        ("ship.autocancel", {"arrange.0": "2", "collect.0": "😀"}, "Enter a whole number."),
        ("cancel.free_until", {"value.0": "'; DROP TABLE policies; --"}, "Choose one of the listed values."),
    ],
)
async def test_what_may_not_hold_is_said_and_what_was_typed_stays(
    db: Db, operator: httpx.AsyncClient, key: str, fields: dict[str, str], said: str
) -> None:
    answer = await post(operator, f"/operator/policies/{key}", {**fields, "seen_version": "0"})
    assert answer.status_code == 422
    assert said in answer.text
    assert (await in_force(db, key)).version == 0


async def test_two_operators_do_not_overwrite_each_other(db: Db, operator: httpx.AsyncClient) -> None:
    assert (
        await post(operator, "/operator/policies/ship.sla", {"value.0": "2", "seen_version": "0"})
    ).status_code == 303
    answer = await post(operator, "/operator/policies/ship.sla", {"value.0": "7", "seen_version": "0"})
    assert answer.status_code == 409
    assert "Somebody else has changed this policy meanwhile" in answer.text
    assert (await in_force(db, "ship.sla")).value == 2


async def test_an_unknown_policy_is_not_there(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/operator/policies/ship.slo")).status_code == 404
    assert (await post(operator, "/operator/policies/ship.slo", {"value.0": "1"})).status_code == 404


async def test_what_runs_late_and_what_did_not_arrive_is_shown(db: Db, operator: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    at = clock.now()
    clocks = [
        Clock(kind, "order", order_id, order_id, shop.shop_id, at + timedelta(hours=hours), kind, 0)
        for kind, order_id, hours in (
            ("ship.sla", 71, 1),
            ("ship.autocancel", 71, 90),
            ("deliver.autocomplete", 72, 2),
        )
    ]
    async with db.for_shop(shop.shop_id).transaction() as tx:
        await deadlines.start(tx, *clocks, at=at)
        await inbound.insert_events(tx, [Message("carriers.sandbox", "ev-9", at, b"{}")])
    await time_machine.advance(db, timedelta(hours=3), actor=Actor("system"))  # for the app, too

    async def nothing_more(*_: object) -> None:
        """Late is late."""

    async def poison(*_: object) -> None:
        raise RuntimeError("the ledger says no")

    await sweep_once(db, {"ship.sla": nothing_more, "deliver.autocomplete": poison})
    page = (await operator.get("/operator")).text
    assert "RuntimeError: the ledger says no" in page
    assert "ship.autocancel v0" in page
    assert "ev-9" in page
    assert "1 message" in page
    assert shop.name in page


def test_values_are_said_in_the_readers_language() -> None:
    default = DEFAULTS["refund.eta"]
    assert value_text(default, default.value, translator("en")).startswith("QRIS: 1–2, E-wallet: 1–2, Card: 7–14")
    assert value_text(default, default.value, translator("id")).endswith("Bayar di Tempat (COD): 2–3 hari kerja")


async def test_a_change_is_previewed_without_being_made(db: Db, operator: httpx.AsyncClient) -> None:
    fields = {"value.0": "2", "seen_version": "0", "action": "preview"}
    answer = await post(operator, "/operator/policies/deliver.autocomplete", fields)
    assert answer.status_code == 200
    assert "Under the change" in answer.text
    assert "Nothing was changed." in answer.text
    assert (await in_force(db, "deliver.autocomplete")).version == 0
    wrong = await post(operator, "/operator/policies/deliver.autocomplete", {**fields, "value.0": "900"})
    assert (wrong.status_code, "Must be at most 60." in wrong.text) == (422, True)


async def test_a_policy_is_set_for_one_store(db: Db, operator: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    unknown = {"value.0": "2", "seen_version": "0", "scope": "shop", "subject": "no-such-store"}
    answer = await post(operator, "/operator/policies/ship.sla", unknown)
    assert (answer.status_code, "There is no such store" in answer.text) == (422, True)
    answer = await post(operator, "/operator/policies/ship.sla", {**unknown, "subject": shop.slug})
    assert answer.headers["location"] == f"/operator/policies/ship.sla?scope=shop&subject={shop.slug}"
    page = (await operator.get(answer.headers["location"])).text
    assert "One store" in page
    assert (await in_force(db, "ship.sla")).version == 0
    async with db.any().reading() as tx:
        assert (await queries.load_book(tx)).find("ship.sla", shop.shop_id).value == 2
