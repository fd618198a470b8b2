"""A small client of our own, for the command line: it asks a running sandbox as any connector would, signed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson

from etalase.web.open_api.signing import signature, signed_text

WAIT_S: Final = 120.0


class NotAnswered(Exception):
    """The shop is not running, or refused; the message says which."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and where."""

    origin: str
    key: str
    secret: str
    token: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, cipher: str = "") -> Any:
        """The data of a call's answer. Raises NotAnswered."""
        pairs = [("app_key", self.key), ("timestamp", str(int(time.time())))]
        pairs += [("shop_cipher", cipher)] if cipher else []
        content = b"" if body is None else orjson.dumps(body)
        sign = signature(self.secret, signed_text(path, pairs, content))
        url = f"{self.origin}{path}?{urlencode([*pairs, ('sign', sign)])}"
        headers = {"x-tts-access-token": self.token, "content-type": "application/json"}
        try:
            answer = httpx.request(
                method, url, content=content or None, headers=headers, timeout=WAIT_S, trust_env=False
            )
            told = answer.json()
        except (httpx.HTTPError, ValueError):
            raise NotAnswered(f"nothing answers at {self.origin}: is `etalase up` running there?") from None
        if told.get("code") != 0:
            raise NotAnswered(f"{told.get('message')} (code {told.get('code')})")
        return told.get("data", {})

    def cipher_of(self, slug: str) -> str:
        """The cipher of a shop, by its address or id; of the first one without either. Raises NotAnswered."""
        shops = self.call("GET", "/authorization/202309/shops")["shops"]
        found = [shop for shop in shops if not slug or slug in (shop["code"], shop["id"], shop["name"])]
        if not found:
            known = ", ".join(shop["code"] for shop in shops)
            raise NotAnswered(f"the demo's app may not act for {slug}; it may for {known}")
        return str(found[0]["cipher"])
