"""Calling addresses that others chose: nothing private, no redirects, not for long, not much."""

import asyncio

import pytest

from etalase.integrations.webhooks import calling
from etalase.integrations.webhooks.calling import Caller, is_public
from tests.builders.receiver import receiver

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    "2001:0:a00:1::", "ff02::1", "192.0.0.170", "198.18.0.1", "240.0.0.1", "no address", "fec0::1", "3fff::1", "192.0.0.8", "192.88.99.1",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_known(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_known(text: str) -> None:
    assert is_public(text)


async def test_nothing_inside_our_network_is_called_outside_of_a_sandbox() -> None:
    caller = Caller(is_sandbox=False)
    for address in (
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "http://example.com/",
    ):
        outcome = await caller.post(address, b"{}", signature="x")
        assert outcome.status is None
        assert "private network" in outcome.error or "https://" in outcome.error
    await caller.aclose()


async def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolved(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    monkeypatch.setattr(calling, "resolved", resolved)
    caller = Caller(is_sandbox=False)
    assert "private network" in (await caller.post("https://hook.example/", b"{}", signature="x")).error
    await caller.aclose()


async def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once: a second answer, which may lie, is never needed."""
    asked = []
    async with receiver() as hook:
        port = int(hook.url.split(":")[2].split("/")[0])

        async def resolved(host: str, _port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        monkeypatch.setattr(calling, "resolved", resolved)
        caller = Caller(is_sandbox=True)
        outcome = await caller.post(f"http://hook.example:{port}/a?b=c", b"{}", signature="x")
        await caller.aclose()
    assert outcome.status == 200
    assert asked == ["hook.example"]
    assert hook.got[0].headers["host"] == f"hook.example:{port}"


async def test_redirects_are_not_followed_and_long_answers_not_read() -> None:
    async with receiver() as hook, receiver() as other:
        caller = Caller(is_sandbox=True)
        hook.decide = lambda _: 302
        hook.extra = f"Location: {other.url}\r\nContent-Length: 0\r\n\r\n".encode()
        outcome = await caller.post(hook.url, b"{}", signature="x")
        assert outcome.status == 302
        assert "redirects" in outcome.error
        assert not outcome.is_taken
        assert other.got == []
        hook.decide = lambda _: 200
        hook.extra = b"Content-Length: 90000000\r\n\r\n" + b"x" * 200_000
        outcome = await caller.post(hook.url, b"{}", signature="x")
        assert outcome.is_taken
        assert len(outcome.answer) == calling.ANSWER_CHARS_KEPT
        await caller.aclose()


async def test_who_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "WHOLE_WAIT_S", 0.05)
    async with receiver() as hook:
        hook.wait = asyncio.Event()
        caller = Caller(is_sandbox=True)
        outcome = await caller.post(hook.url, b"{}", signature="x")
        hook.wait.set()
        await caller.aclose()
    assert outcome.error == "no answer in time"
