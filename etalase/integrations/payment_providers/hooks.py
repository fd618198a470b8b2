"""What each vendor's notifications are proven by and read with, for the doors and for those who apply them later."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr

from etalase.integrations.payment_providers.midtrans import mapping as midtrans
from etalase.integrations.payment_providers.midtrans import signature as midtrans_signature
from etalase.integrations.payment_providers.protocol import PaymentReport, SignatureNotValid
from etalase.integrations.payment_providers.sandbox import mapping as sandbox
from etalase.integrations.payment_providers.sandbox import signature as sandbox_signature
from etalase.integrations.payment_providers.stripe import mapping as stripe
from etalase.integrations.payment_providers.xendit import mapping as xendit
from etalase.integrations.payment_providers.xendit import signature as xendit_signature
from etalase.settings import Settings


@dataclass(frozen=True, slots=True)
class Hook:
    """`check` raises SignatureNotValid; `read` raises ReportNotUnderstood, and needs no key: a kept body can be read again."""

    check: Callable[[Settings, Mapping[str, str], bytes], None]
    read: Callable[[bytes], tuple[PaymentReport, ...]]


def _check_sandbox(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    sandbox_signature.verify(settings.sandbox_secret.get_secret_value(), headers=headers, body=body)


def _check_midtrans(settings: Settings, _headers: Mapping[str, str], body: bytes) -> None:
    midtrans_signature.verify(_secret(settings.midtrans_server_key), body)


def _check_xendit(settings: Settings, headers: Mapping[str, str], _body: bytes) -> None:
    xendit_signature.verify(_secret(settings.xendit_callback_token), headers=headers)


def _check_stripe(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    from etalase.integrations.payment_providers.stripe import client as stripe_client  # late: see the gateway

    stripe_client.verify(_secret(settings.stripe_webhook_secret), headers=headers, body=body)


def _secret(secret: SecretStr | None) -> str:
    """Without a secret nobody is believed: an empty key would be one that everybody knows."""
    if secret is None or not secret.get_secret_value():
        raise SignatureNotValid("this provider is not set up here")
    return secret.get_secret_value()


CARD_FIELDS: Final = frozenset(
    {"card", "card_details", "masked_card", "payment_method_details", "saved_token_id", "source", "token_id"}
)


def without_cards(body: bytes) -> bytes:
    """The message without anything about a card: what was proven genuine is kept, card data never is."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return body
    return json.dumps(_without_cards(raw), separators=(",", ":")).encode()


def _without_cards(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {name: _without_cards(value) for name, value in raw.items() if name not in CARD_FIELDS}
    return [_without_cards(one) for one in raw] if isinstance(raw, list) else raw


HOOKS: Final[Mapping[str, Hook]] = {
    "sandbox": Hook(_check_sandbox, lambda body: (sandbox.report_of(body),)),
    "midtrans": Hook(_check_midtrans, midtrans.reports_of),
    "xendit": Hook(_check_xendit, xendit.reports_of),
    "stripe": Hook(_check_stripe, stripe.reports_of),
}
