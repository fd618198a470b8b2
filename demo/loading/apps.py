"""The demo's app: its key, secret and access token work at once, for the shops of one seller."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from demo.loading.people import HISTORY
from demo.loading.telling import Telling
from etalase.commerce.accounts.passwords import hash_secret
from etalase.commerce.apps import facts, rules
from etalase.commerce.apps.credentials import DEMO_SALT, demo_app
from etalase.foundation.facts import Actor
from etalase.foundation.ids import PLATFORM
from etalase.settings import Settings

NAME = "Connector"
LASTS = timedelta(days=3650)
"""The time machine is not to end what a developer has put into a program."""


def load_app(telling: Telling, *, owner_id: int, shop_ids: Sequence[int], var: Path) -> None:
    """Write the app with the leave of these shops' owner. It follows from the key of the installation in `var`."""
    at = telling.now - HISTORY
    known, app_id, leave_id = demo_app(Settings(var=var).key()), telling.ids.at(at), telling.ids.at(at)
    scopes, ends = list(rules.SCOPES), telling.now + LASTS
    telling.rows.add(
        "apps", id=app_id, key=known.key, owner_id=owner_id, name=NAME, secret_salt=DEMO_SALT,
        redirect_urls=[rules.OWN_PAGE], scopes=scopes, created_at=at, secret_changed_at=at,
    )  # fmt: skip
    telling.record(facts.AppRegistered(shop_id=PLATFORM, subject_id=app_id), by=Actor.seller(owner_id), at=at)
    telling.rows.add("authorizations", id=leave_id, app_id=app_id, account_id=owner_id, scopes=scopes, granted_at=at)
    for number, shop_id in enumerate(shop_ids, 1):
        telling.rows.add(
            "authorized_shops", authorization_id=leave_id, shop_id=shop_id, app_id=app_id,
            cipher=f"{known.cipher_stem}{number}", granted_at=at,
        )  # fmt: skip
        fact = facts.AppAuthorized(shop_id=shop_id, subject_id=app_id, account_id=str(owner_id), scopes=scopes)
        telling.record(fact, by=Actor.seller(owner_id), at=at)
    telling.rows.add(
        "app_tokens", id=telling.ids.at(at), authorization_id=leave_id, access_hash=hash_secret(known.access_token),
        access_expires_at=ends, refresh_hash=hash_secret(known.refresh_token), refresh_expires_at=ends, created_at=at,
    )  # fmt: skip
