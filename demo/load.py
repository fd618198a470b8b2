"""Loads the demo world into an empty database, and further orders in bulk."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from demo.loading.apps import load_app
from demo.loading.cast import play_all
from demo.loading.goods import fill_cart, load_categories, load_goods
from demo.loading.moments import Ids
from demo.loading.notices import write_notices
from demo.loading.people import PASSWORD, load_people, load_shops, storage
from demo.loading.rows import keep_sets
from demo.loading.sandbox import teach_peers
from demo.loading.settling import pay_out
from demo.loading.telling import Shop, Telling
from demo.loading.transfers import keep_slip
from demo.loading.wallets import fill_wallet
from demo.world.people import BUYERS
from etalase.commerce.accounts.passwords import hash_password
from etalase.commerce.catalog.queries import statements as catalog
from etalase.foundation import clock
from etalase.foundation.facts.relay import RELAY
from etalase.foundation.facts.relay import statements as relay

Progress = Callable[[str, float], None]
SEED = 20_240_108
LOCK = 0x657461  # one loader at a time


def load_world(url: str, *, var: Path, progress: Progress | None = None) -> None:
    """Load the demo world in one transaction; does nothing where anybody has registered. Pictures go into `var`/files.

    `progress` hears what is being done, and how much of the whole is done, from 0 to 1.
    """
    tell = progress or (lambda _step, _share: None)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": LOCK})
        if _has_accounts(connection):
            return
        telling = Telling(now=clock.now(), seed=SEED, ids=Ids(offset=clock.offset()))
        tell("people and products", 0.0)
        shops = _write_story(telling, var=var, tell=tell)
        keep_sets(connection, telling.sets.values())
        telling.rows.write(connection, progress=lambda share: tell("database", 0.5 + 0.45 * share))
        _settle_windows(connection, telling, shops)
        teach_peers(telling, var=var, offset=clock.offset())
        connection.execute(relay["pass_over_recorded"].text, {"relay": RELAY})
    tell("done", 1.0)


def load_orders(
    url: str, count: int, *, hot_share: float = 0.5, hot_shop: str = "sekar-laras", progress: Progress | None = None
) -> None:
    """Load `count` further orders of up to 100,000 extra buyers, `hot_share` of them into one shop.

    Batches are committed whole, by two processes at a time; interrupted, the database is as consistent as before.
    Nothing follows from what they record. Raises LookupError where there is nothing to sell.
    """
    from demo.loading.bulk import fill

    fill(url, count, hot_share=hot_share, hot_shop=hot_shop, progress=progress or (lambda _step, _share: None))


def _has_accounts(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("SELECT EXISTS (SELECT FROM accounts LIMIT 1)").fetchone()
    return bool(row and row[0])


def _write_story(telling: Telling, *, var: Path, tell: Progress) -> list[Shop]:
    files = storage(var)
    people = load_people(telling, password_hash=asyncio.run(hash_password(PASSWORD)), files=files)
    members = load_shops(telling, accounts=people, files=files)
    telling.slip_key = keep_slip(var)
    telling.operator_id = people["operator@etalase.test"].id
    seller = people["seller@etalase.test"].id
    own = [shop_id for shop_id, (owner, *_staff) in members.values() if owner == seller]
    load_app(telling, owner_id=seller, shop_ids=own, var=var)
    shops = load_goods(telling, shops=members, categories=load_categories(telling, files=files), files=files)
    tell("orders", 0.25)
    others = [people[person.email] for person in BUYERS if people[person.email].places]
    play_all(telling, shops=shops, people=people, others=others)
    pay_out(telling, shops, operator_id=people["operator@etalase.test"].id)
    fill_cart(telling, people["buyer@etalase.test"], shops)
    saver = people["buyer@etalase.test"]
    fill_wallet(telling, saver, holder=saver.name)
    write_notices(telling, members={shop.shop_id: shop.members for shop in shops})
    telling.close()
    return shops


def _settle_windows(connection: psycopg.Connection[Any], telling: Telling, shops: list[Shop]) -> None:
    """What was sold is counted, and the shop windows are made as catalog makes them."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE products SET sold_units = %(units)s WHERE id = %(product_id)s AND shop_id = %(shop_id)s",
            [
                {"units": telling.shelves.sold[product_id], "product_id": product_id, "shop_id": shop_id}
                for shop_id, product_id in sorted({(g.shop_id, g.product_id) for shop in shops for g in shop.goods})
            ],
        )
        for shop in shops:
            products = sorted({good.product_id: good.created_at for good in shop.goods}.items())
            for product_id, created_at in products:
                window: dict[str, int | list[int] | datetime] = {
                    "shop_id": shop.shop_id, "product_ids": [product_id], "at": created_at
                }  # fmt: skip
                cursor.execute(catalog["refresh_listings"].text, window)
