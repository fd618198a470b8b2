"""What happens to accounts."""

from dataclasses import dataclass

from etalase.foundation.facts.model import Fact


@dataclass(frozen=True, kw_only=True)
class AccountRegistered(Fact, name="account.registered", subject="account"):
    """A person has an account from now on."""


@dataclass(frozen=True, kw_only=True)
class LoggedIn(Fact, name="account.logged_in", subject="account"):
    """A device was signed in."""

    device: str
    session_id: str


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Fact, name="account.sessions_ended", subject="account"):
    """Devices were signed out."""

    session_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(Fact, name="account.password_reset_requested", subject="account"):
    """Somebody asked for a link that sets a new password."""


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact, name="account.password_changed", subject="account"):
    """The password is another one."""

    by_link: bool


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Fact, name="account.profile_changed", subject="account"):
    """Name or language are others."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class AddressSaved(Fact, name="address.saved", subject="address"):
    """An address was added to the book or changed in it."""


@dataclass(frozen=True, kw_only=True)
class AddressDeleted(Fact, name="address.deleted", subject="address"):
    """An address was taken out of the book."""


@dataclass(frozen=True, kw_only=True)
class ShopOpened(Fact, name="shop.opened", subject="shop"):
    """A shop exists from now on."""


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Fact, name="shop.member_joined", subject="shop"):
    """An account works in the shop from now on."""

    account_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ShopSwitched(Fact, name="account.shop_switched", subject="account"):
    """A member turned to another of the shops they work in."""

    to_shop_id: str
