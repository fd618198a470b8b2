"""Policies of where, for what and between which amounts a payment method is offered."""

from typing import Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.shapes import METHOD_LABELS, PolicyDefault, per_method
from etalase.foundation.policies.values import Choice, Field, Places, Span

AMOUNT_MAX: Final = 1_000_000_000
PREPAID: Final = ("qris", "e_wallet", "card", "virtual_account", "minimarket", "bank_transfer")
_EVERY: Final = (*PREPAID, "cod")
_YES_OR_NO: Final = Choice({"yes": N_("Offered"), "no": N_("Not offered")})
METHODS: Final = (
    PolicyDefault(
        key="method.limits",
        description=N_("Between which amounts in rupiah a payment method is offered, within what its provider takes."),
        fields=per_method(Span(0, AMOUNT_MAX), PREPAID),
        value={method: [0, AMOUNT_MAX] for method in PREPAID},
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="method.not_in",
        description=N_("Provinces and cities to which a payment method is not offered."),
        fields=tuple(Field(method, METHOD_LABELS[method], Places()) for method in _EVERY),
        value=dict.fromkeys(_EVERY, ""),
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="method.goods",
        description=N_("Whether goods can be paid this way; set it for a category, a store or a product."),
        fields=tuple(Field(method, METHOD_LABELS[method], _YES_OR_NO) for method in _EVERY),
        value=dict.fromkeys(_EVERY, "yes"),
        unit="",
        source="own",
        by_line=True,
    ),
)
