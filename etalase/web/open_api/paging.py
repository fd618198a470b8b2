"""Pages of lists: go on after the last row that was seen, by keys that only we can write; rows may come, go and change meanwhile."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import orjson

from etalase.web.open_api.refusals import REQUEST_NOT_VALID, Refused

Row = TypeVar("Row")
Keys = Sequence[int | str]
SEAL_BYTES: Final = 12
TOKEN_CHARS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page that was asked for.

    Ask for `limit` rows that come after the keys `after` (none at first), hand them to `cut`.
    """

    size: int
    after: list[int | str] | None
    _list: str
    _key: str

    @property
    def limit(self) -> int:
        """One more than are shown: it tells whether there is a next page."""
        return self.size + 1

    def cut(self, rows: Sequence[Row], keys: Callable[[Row], Keys]) -> tuple[list[Row], str]:
        """The rows of this page and the token of the next one, "" at the end; `keys` are those the list is sorted by."""
        shown = list(rows[: self.size])
        return shown, write_token(self._key, self._list, keys(shown[-1])) if len(rows) > self.size else ""


def page(key: str, listed: str, *, size: int, token: str) -> Page:
    """The page a token stands for; `listed` names list, shop and order, so that a token is good for nothing else."""
    return Page(size, read_token(key, listed, token) if token else None, listed, key)


def write_token(key: str, listed: str, keys: Keys) -> str:
    """The keys of the last row, sealed."""
    text = orjson.dumps(list(keys))
    return base64.urlsafe_b64encode(_seal(key, listed, text) + text).decode().rstrip("=")


def read_token(key: str, listed: str, token: str) -> list[int | str]:
    """The keys of a token. Raises Refused for one that we did not write for this list."""
    refused = Refused(
        REQUEST_NOT_VALID,
        "param page_token is not one of this list: pass next_page_token as it came, with the same sort_field and sort_order",
    )
    if len(token) > TOKEN_CHARS_MAX or not token.isascii():
        raise refused
    try:
        told = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise refused from None
    seal, text = told[:SEAL_BYTES], told[SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(key, listed, text)):
        raise refused
    found: list[int | str] = orjson.loads(text)
    return found


def _seal(key: str, listed: str, text: bytes) -> bytes:
    message = b"page-token\0" + listed.encode() + b"\0" + text
    return hmac.new(key.encode(), message, hashlib.sha256).digest()[:SEAL_BYTES]
