"""What is told of wallets."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from etalase.foundation.i18n import N_
from etalase.reactions.notifications.kinds import Chosen, Kind

_WHY: Final = (("failure", N_("The reason: %(failure)s.")),)
KINDS: Final[Mapping[str, Kind]] = {
    "wallet.topped_up": Kind("buyer", N_("Wallet topped up"), N_("%(amount)s is in your wallet."), "system"),
    "wallet.account_verified": Kind(
        "buyer", N_("Bank account confirmed"),
        N_("You can withdraw to it from %(until)s. If it was not you, change your password now."), "system",
    ),
    "wallet.withdrawal_approved": Kind(
        "buyer", N_("Withdrawal approved"), N_("%(amount)s is on its way to your bank."), "system"
    ),
    "wallet.withdrawal_paid": Kind("buyer", N_("Withdrawal paid"), N_("%(amount)s has left your wallet."), "system"),
    "wallet.withdrawal_failed": Kind(
        "buyer", N_("Withdrawal came back"), N_("The bank did not take it: %(amount)s is back in your wallet."), "system", _WHY
    ),
    "wallet.withdrawal_refused": Kind(
        "buyer", N_("Withdrawal not approved"), N_("%(amount)s is back in your wallet."), "system", _WHY
    ),
}  # fmt: skip
ALWAYS: Final[Mapping[str, Chosen]] = {
    "wallet.topped_up": ("wallet.topped_up",),
    "wallet_account.verified": ("wallet.account_verified",),
}


def _moved(data: Mapping[str, Any]) -> Chosen:
    """Whoever takes a withdrawal back knows."""
    kind = f"wallet.withdrawal_{data.get('state')}"
    return (kind,) if kind in KINDS else ()


CHOICES: Final[Mapping[str, Callable[[Mapping[str, Any]], Chosen]]] = {"withdrawal.moved": _moved}
