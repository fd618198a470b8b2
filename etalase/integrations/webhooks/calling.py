"""Calling an address that somebody else chose: nothing inside our own network is reached, whatever its name leads to.

The name is resolved once, every address it has is checked, and the connection goes to one that was: a name that answers
differently the second time gains nothing. Redirects are not followed, proxies of the environment not asked.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore

from etalase.commerce.apps.rules import is_webhook_address
from etalase.reactions.webhooks.actions import Outcome

CONNECT_WAIT_S: Final = 3.0
ANSWER_WAIT_S: Final = 5.0
WHOLE_WAIT_S: Final = 8.0
ANSWER_BYTES_MAX: Final = 16_384
ANSWER_CHARS_KEPT: Final = 1_000
CONNECTIONS_MAX: Final = 200
USER_AGENT: Final = "Etalase-Webhooks/1"
TUNNELS: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""Addresses that carry another one inside, which would have to be checked instead."""
NOBODYS: Final = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20")))
"""Set aside for protocols, documents and sites, though `is_global` does not say so of all of them."""


class NotAllowed(Exception):
    """The name leads into a private network."""


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to nothing private; in a sandbox, where developers run their programs at home, to everything."""

    def __init__(self, *, is_sandbox: bool) -> None:
        self.is_sandbox = is_sandbox
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the backend's own shape
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the name's addresses, all of which were checked. Raises NotAllowed."""
        wait_s = timeout or CONNECT_WAIT_S
        try:
            addresses = await asyncio.wait_for(resolved(host, port), wait_s)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} could not be resolved in time") from None
        except OSError:
            raise httpcore.ConnectError(f"{host} could not be resolved") from None
        if not self.is_sandbox and not all(map(is_public, addresses)):
            raise NotAllowed(f"{host} leads into a private network")
        return await self._first(addresses, port, timeout=wait_s, local_address=local_address, options=socket_options)

    async def _first(
        self,
        addresses: Sequence[str],
        port: int,
        *,
        timeout: float,  # noqa: ASYNC109 - the backend's own shape
        local_address: str | None,
        options: Iterable[Any] | None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses[:4]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(self, *_args: object, **_others: object) -> httpcore.AsyncNetworkStream:
        """Never: no address of an app is a file of ours."""
        raise NotAllowed("only network addresses are called")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, in the order in which to try them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet's, not of a private network, this machine or a tunnel into either."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in tunnel for tunnel in TUNNELS):
            return False
    if any(address in network for network in NOBODYS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Caller:
    """Posts messages; keep one per process and `aclose` it."""

    def __init__(self, *, is_sandbox: bool) -> None:
        self.is_sandbox = is_sandbox
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=50,
            keepalive_expiry=10.0,
            network_backend=CheckedNetwork(is_sandbox=is_sandbox),
        )

    async def post(self, address: str, body: bytes, *, signature: str) -> Outcome:
        """Post a message once and say what came of it; never raises for what the other side does."""
        began = monotonic()
        status, answer, error = None, "", ""
        try:
            async with asyncio.timeout(WHOLE_WAIT_S):
                status, answer = await self._post(address, body, signature)
        except NotAllowed as refused:
            error = str(refused)
        except (TimeoutError, httpcore.TimeoutException):
            error = "no answer in time"
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as problem:
            error = f"could not be reached: {str(problem)[:200] or type(problem).__name__}"
        except ValueError:
            error = "the address can't be called"
        if status is not None and 300 <= status < 400:
            error = f"answered {status}: redirects are not followed"
        return Outcome(status, answer, error, round((monotonic() - began) * 1000))

    async def _post(self, address: str, body: bytes, signature: str) -> tuple[int, str]:
        if not is_webhook_address(address, is_sandbox=self.is_sandbox):
            raise NotAllowed("the address must begin with https://")
        parts = urlsplit(address)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        url = httpcore.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target)
        headers = [
            ("Host", parts.netloc),
            ("Authorization", signature),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("User-Agent", USER_AGENT),
            ("Accept", "*/*"),
        ]
        waits = {"connect": CONNECT_WAIT_S, "read": ANSWER_WAIT_S, "write": ANSWER_WAIT_S, "pool": ANSWER_WAIT_S}
        async with self._pool.stream(
            "POST", url, headers=headers, content=body, extensions={"timeout": waits}
        ) as response:
            return response.status, await _beginning(response)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._pool.aclose()


async def _beginning(response: httpcore.Response) -> str:
    """As much of the answer as the log keeps; of an endless one the rest is not waited for."""
    told = b""
    async for part in response.aiter_stream():
        told += part
        if len(told) > ANSWER_BYTES_MAX:
            break
    return told[:ANSWER_BYTES_MAX].decode(errors="replace").replace("\0", "")[:ANSWER_CHARS_KEPT]
