"""Sample values with which `/-/components` shows every component in its states."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from etalase.foundation.i18n import Translator
from etalase.foundation.ui.static_files import static_url


def component_states(now: datetime, translator: Translator) -> Mapping[str, Any]:
    """The values that `ui/components_page.html` is rendered with."""
    return {
        "tabs": _tabs(translator),
        "chips": _chips(translator),
        "products": _products(),
        "lines": _lines(),
        "delivery_options": _delivery_options(translator),
        "sizes": _sizes(),
        "deadlines": _deadlines(now, translator),
        "steps": _steps(now, translator),
        "events": _events(now, translator),
        "messages": _messages(now, translator),
        "columns": _columns(translator),
        "pictures": [static_url(f"samples/{name}.svg") for name in ("mug", "batik", "chips")],
        "due_at": now + timedelta(hours=3, minutes=12),
    }


def _tabs(translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    labels = [
        _("All"),
        _("Unpaid"),
        _("Waiting for Delivery"),
        _("In Transit"),
        _("Received"),
        _("Cancelled"),
        _("Returns/Refund"),
    ]
    counts = [None, 2, 12, 1, 0, 0, 1]
    return [
        SimpleNamespace(label=label, href="#tabs", count=count, is_active=index == 1)
        for index, (label, count) in enumerate(zip(labels, counts, strict=True))
    ]


def _chips(translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    labels = [_("Newest"), _("Best selling"), _("Lowest price"), _("Highest price")]
    return [SimpleNamespace(label=label, href="#chips", is_active=index == 0) for index, label in enumerate(labels)]


def _products() -> list[dict[str, Any]]:
    def product(name: str, title: str, price_minor: int, **more: object) -> dict[str, Any]:
        return {
            "href": "#product",
            "title": title,
            "image": static_url(f"samples/{name}.svg"),
            "price_minor": price_minor,
            **more,
        }

    return [
        product(
            "mug",
            "Cangkir Keramik Biru Laut 300 ml",
            48_000,
            before_minor=60_000,
            shop="Rumah Gerabah",
            place="Bantul",
            sold=1_284,
            badge="-20%",
        ),
        product("batik", "Kain Batik Tulis Kawung Sogan 2 m", 385_000, shop="Batik Sekar Arum", place="Solo", sold=312),
        product("chips", "Keripik Tempe Daun Jeruk 250 g", 22_500, shop="Dapur Bu Tini", place="Malang", sold=8_902),
        product("mug", "Gelas Kopi Tanpa Gagang", 35_000, shop="Rumah Gerabah", place="Bantul", sold_out=True),
    ]


def _lines() -> list[SimpleNamespace]:
    mug, batik = static_url("samples/mug.svg"), static_url("samples/batik.svg")
    return [
        SimpleNamespace(
            image=mug,
            title="Cangkir Keramik Biru Laut 300 ml",
            variant="Biru, 300 ml",
            quantity=2,
            unit_price_minor=48_000,
        ),
        SimpleNamespace(
            image=batik,
            title="Kain Batik Tulis Kawung Sogan 2 m",
            variant="Sogan",
            quantity=1,
            unit_price_minor=385_000,
        ),
    ]


def _delivery_options(translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    return [
        SimpleNamespace(value="reg", label="JNE REG", hint=_("Arrives 26–28 Nov"), end="Rp18.000", icon="truck"),
        SimpleNamespace(value="yes", label="JNE YES", hint=_("Arrives tomorrow"), end="Rp32.000", icon="zap"),
        SimpleNamespace(
            value="own",
            label=_("Shop courier"),
            hint=_("Not available to your address"),
            end="",
            icon="bike",
            is_disabled=True,
        ),
    ]


def _sizes() -> list[SimpleNamespace]:
    return [SimpleNamespace(value=size, label=size, is_disabled=size == "XL") for size in ("S", "M", "L", "XL")]


def _deadlines(now: datetime, translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext

    def clock(label: str, hours: float, urgency: str, consequence: str, rule: str) -> SimpleNamespace:
        return SimpleNamespace(
            label=label,
            due_at=now + timedelta(hours=hours),
            urgency=urgency,
            consequence=consequence,
            rule=rule,
            is_paused=False,
        )

    return [
        clock(_("Confirm receipt"), 142, "calm", _("The order is completed by itself."), "deliver.autocomplete 3"),
        clock(_("Pay within"), 20, "soon", _("The order is cancelled and the stock released."), "payment.deadline 1"),
        clock(
            _("Hand over to the carrier"),
            3.2,
            "urgent",
            _("The order is cancelled and the buyer refunded."),
            "ship.sla 2",
        ),
        clock(
            _("Hand over to the carrier"), -2, "late", _("The order is cancelled and the buyer refunded."), "ship.sla 2"
        ),
    ]


def _steps(now: datetime, translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    reached = [now - timedelta(days=days) for days in (3, 2, 1)]
    return [
        SimpleNamespace(label=_("Ordered"), icon="receipt-text", at=reached[0]),
        SimpleNamespace(label=_("Packed"), icon="package", at=reached[1]),
        SimpleNamespace(label=_("In Transit"), icon="truck", at=reached[2]),
        SimpleNamespace(label=_("Received"), icon="house", at=None),
    ]


def _messages(now: datetime, translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    return [
        SimpleNamespace(
            author=_("Buyer"), icon="user", text="Satpam bilang tidak ada paket.", at=now - timedelta(hours=30),
            files=(("", False), ("#video", True)),
        ),
        SimpleNamespace(author=_("Seller"), icon="store", text="Kami tanyakan ke kurir.", at=now, files=()),
    ]  # fmt: skip


def _events(now: datetime, translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    return [
        SimpleNamespace(
            at=now - timedelta(hours=2),
            place="Jakarta Selatan",
            icon="truck",
            description=_("The courier is on the way to you."),
        ),
        SimpleNamespace(
            at=now - timedelta(hours=9),
            place="Jakarta",
            icon="warehouse",
            description=_("Arrived at the sorting center."),
        ),
        SimpleNamespace(
            at=now - timedelta(days=1),
            place="Bantul",
            icon="package-check",
            description=_("Collected from the seller."),
        ),
    ]


def _columns(translator: Translator) -> list[SimpleNamespace]:
    _ = translator.gettext
    return [
        SimpleNamespace(label=_("Product"), is_numeric=False),
        SimpleNamespace(label=_("Price"), is_numeric=True),
        SimpleNamespace(label=_("Stock"), is_numeric=True),
        SimpleNamespace(label=_("Status"), is_numeric=False),
    ]
