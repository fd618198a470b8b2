"""The registry of policies: what each figure means, which values it takes and what holds until an operator says otherwise."""

from typing import Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.after_sale import AFTER_SALE
from etalase.foundation.policies.methods import METHODS
from etalase.foundation.policies.methods import PREPAID as _PREPAID
from etalase.foundation.policies.shapes import HOURS_MAX, MINUTES_MAX, PolicyDefault, number, per_method
from etalase.foundation.policies.values import Choice, Field, Span, TimeOfDay, WholeNumber
from etalase.foundation.policies.wallet import WALLET

_FREE: Final = dict.fromkeys(_PREPAID, 0)
_ALL: Final = (
    PolicyDefault(
        key="payment.deadline",
        description=N_("How long an order waits for its payment before it is cancelled."),
        fields=per_method(WholeNumber(5, MINUTES_MAX), _PREPAID),
        value={
            "qris": 60,
            "e_wallet": 60,
            "card": 60,
            "virtual_account": 1440,
            "minimarket": 1440,
            "bank_transfer": 1440,
        },
        unit="minutes",
        source="official",
    ),
    PolicyDefault(
        key="method.fee",
        description=N_("What the buyer pays for using a payment method, in rupiah."),
        fields=per_method(WholeNumber(0, 100_000), _PREPAID),
        value=_FREE,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="method.fee_rate",
        description=N_("What the buyer pays for using a payment method, in hundredths of a percent of the amount."),
        fields=per_method(WholeNumber(0, 1_000), _PREPAID),
        value=_FREE,
        unit="",
        source="own",
    ),
    *METHODS,
    PolicyDefault(
        key="payment.late_grace",
        description=N_("What happens to money that arrives after the payment deadline."),
        fields=(
            Field(
                "value",
                N_("Value"),
                Choice({"accept_if_stock": N_("Accept it if there is still stock"), "refund": N_("Always refund it")}),
            ),
        ),
        value="accept_if_stock",
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="ship.cutoff",
        description=N_(
            "Orders paid before this time on a working day count from that day, later ones from the next working day."
        ),
        fields=(Field("value", N_("Value"), TimeOfDay()),),
        value="12:00",
        unit="local_time",
        source="official",
    ),
    PolicyDefault(
        key="ship.sla",
        description=N_("Working days to hand an order over to the carrier, the day it counts from included."),
        fields=number(1, 30),
        value=1,
        unit="working_days",
        source="official",
    ),
    PolicyDefault(
        key="ship.autocancel",
        description=N_(
            "Working days after the ship-by day until an order that was not arranged or not collected is cancelled."
        ),
        fields=(
            Field("arrange", N_("Until shipping is arranged"), WholeNumber(1, 30)),
            Field("collect", N_("Until the carrier collected it"), WholeNumber(1, 30)),
        ),
        value={"arrange": 2, "collect": 3},
        unit="working_days",
        source="official",
    ),
    PolicyDefault(
        key="ship.preorder_days",
        description=N_(
            "From how many working days of handling a product is sold as a pre-order, and how many handling may take at most."
        ),
        fields=(Field("value", N_("Value"), Span(1, 60)),),
        value=[3, 30],
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="ship.own_courier_max",
        description=N_("How long a shop's own courier may take to deliver."),
        fields=number(1, 60),
        value=15,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="deliver.autocomplete",
        description=N_("How long after delivery an order completes by itself."),
        fields=number(1, 60),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="deliver.extension",
        description=N_("By how much a buyer may put off completion, once."),
        fields=number(1, 30),
        value=3,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="cancel.free_until",
        description=N_("Until when a buyer's cancellation needs no consent of the seller."),
        fields=(
            Field(
                "value",
                N_("Value"),
                Choice(
                    {
                        "paid": N_("Until it is paid"),
                        "confirmed": N_("Until the seller confirms"),
                        "arranged": N_("Until shipping is arranged"),
                        "collected": N_("Until the carrier collected it"),
                    }
                ),
            ),
        ),
        value="arranged",
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="cancel.seller_response",
        description=N_("How long a seller has to answer a cancellation request before it is approved."),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="confirm.deadline",
        description=N_("Working days a shop that confirms by hand has for it, after the day the order counts from."),
        fields=number(1, 30),
        value=1,
        unit="working_days",
        source="own",
    ),
    PolicyDefault(
        key="cod.limits",
        description=N_("Between which amounts cash on delivery is offered, and when it is closed to a buyer."),
        fields=(
            Field("minimum_minor", N_("Lowest amount"), WholeNumber(0, 1_000_000_000)),
            Field("maximum_minor", N_("Highest amount"), WholeNumber(0, 1_000_000_000)),
            Field("refusals", N_("Refused parcels until it is closed"), WholeNumber(1, 100)),
            Field("block_days", N_("Days it stays closed"), WholeNumber(1, 365)),
        ),
        value={"minimum_minor": 50_000, "maximum_minor": 2_500_000, "refusals": 2, "block_days": 60},
        unit="",
        source="press",
    ),
    *AFTER_SALE,
    *WALLET,
    PolicyDefault(
        key="refund.eta",
        description=N_("How many working days a refund takes to reach the buyer, by payment method."),
        fields=per_method(Span(0, 60), (*_PREPAID, "cod")),
        value={
            "qris": [1, 2],
            "e_wallet": [1, 2],
            "card": [7, 14],
            "virtual_account": [3, 5],
            "minimarket": [3, 5],
            "bank_transfer": [2, 3],
            "cod": [2, 3],
        },
        unit="working_days",
        source="press",
    ),
    PolicyDefault(
        key="settle.period",
        description=N_(
            "Days after delivery until a completed order's money is the seller's, if the buyer can't return it any more."
        ),
        fields=number(0, 60),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="commission.rate",
        description=N_("What the platform keeps of the price of the goods, in hundredths of a percent: 250 is 2.5%."),
        fields=number(0, 5_000),
        value=250,
        unit="",
        source="own",
        order=("product", "shop", "category", "operator"),  # what was agreed with a store outdoes its category's rate
        by_line=True,
    ),
    PolicyDefault(
        key="fee.order",
        description=N_("What the seller pays for each delivered order, however many products it has."),
        fields=number(0, 1_000_000),
        value=0,
        unit="",
        source="press",
    ),
    PolicyDefault(
        key="tax.withheld",
        description=N_(
            "Income tax withheld from sellers on the price of the goods, in hundredths of a percent: 50 is 0.5%."
        ),
        fields=number(0, 2_000),
        value=0,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="payout.minimum",
        description=N_("The least that is transferred to a seller's bank account."),
        fields=number(1, 100_000_000),
        value=10_000,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="payout.cooling_off",
        description=N_("How long nothing is transferred to a bank account that was changed."),
        fields=number(0, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="adjust.maximum",
        description=N_("The most that one adjustment of a seller's money by the operator may be."),
        fields=number(1, 1_000_000_000),
        value=10_000_000,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="remind.interval",
        description=N_("How long a buyer waits before reminding the seller again."),
        fields=number(1, HOURS_MAX),
        value=24,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="abnormal.no_scan",
        description=N_("After how long without a scan a parcel counts as stuck."),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
)
DEFAULTS: Final[dict[str, PolicyDefault]] = {default.key: default for default in _ALL}
"""Every policy by its key, in the order in which operators read them."""
