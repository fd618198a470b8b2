"""The registry of policies: what each figure means, which values it takes and what holds until an operator says otherwise.

A source is one of: "official" (seller or buyer pages of the large platforms), "press" (news and integrators), "own" (ours).
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from etalase.foundation.i18n import N_
from etalase.foundation.policies.values import Choice, Field, Problem, Span, TimeOfDay, WholeNumber

Unit = Literal["", "minutes", "hours", "days", "working_days", "local_time"]
UNITS: Final[dict[Unit, str]] = {
    "": "",
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "days": N_("days"),
    "working_days": N_("working days"),
    "local_time": N_("local time of the shop"),
}
HOURS_MAX: Final = 24 * 60
MINUTES_MAX: Final = 14 * 24 * 60
METHOD_LABELS: Final = {
    "qris": N_("QRIS"),
    "e_wallet": N_("E-wallet"),
    "card": N_("Card"),
    "virtual_account": N_("Virtual account"),
    "minimarket": N_("Minimarket"),
    "cod": N_("Cash on delivery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDefault:
    """A policy as the product knows it. A value is one field's value, or a mapping by field name when there are several."""

    key: str
    description: str
    fields: tuple[Field, ...]
    value: Any
    unit: Unit
    source: str

    @property
    def is_single(self) -> bool:
        return len(self.fields) == 1

    def problems(self, value: Any) -> list[Problem]:
        """What is wrong with a value, field by field; nothing if it may hold."""
        parts = {self.fields[0].name: value} if self.is_single else value
        names = {f.name for f in self.fields}
        if not isinstance(parts, dict) or set(parts) != names:
            return [Problem("", N_("The value does not have the expected parts."))]
        found = [(f.name, f.type.problem(parts[f.name])) for f in self.fields]
        return [Problem(name, problem[0], problem[1]) for name, problem in found if problem]


def _number(minimum: int, maximum: int) -> tuple[Field, ...]:
    return (Field("value", N_("Value"), WholeNumber(minimum, maximum)),)


def _per_method(value_type: WholeNumber | Span, methods: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(Field(method, METHOD_LABELS[method], value_type) for method in methods)


_PREPAID: Final = ("qris", "e_wallet", "card", "virtual_account", "minimarket")
_ALL: Final = (
    PolicyDefault(
        key="payment.deadline",
        description=N_("How long an order waits for its payment before it is cancelled."),
        fields=_per_method(WholeNumber(5, MINUTES_MAX), _PREPAID),
        value={"qris": 60, "e_wallet": 60, "card": 60, "virtual_account": 1440, "minimarket": 1440},
        unit="minutes",
        source="official",
    ),
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
        fields=_number(1, 30),
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
        description=N_("Between how many days the handling time of a pre-order may be."),
        fields=(Field("value", N_("Value"), Span(1, 60)),),
        value=[3, 30],
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="ship.own_courier_max",
        description=N_("How long a shop's own courier may take to deliver."),
        fields=_number(1, 60),
        value=15,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="deliver.autocomplete",
        description=N_("How long after delivery an order completes by itself."),
        fields=_number(1, 60),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="deliver.extension",
        description=N_("By how much a buyer may put off completion, once."),
        fields=_number(1, 30),
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
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="confirm.deadline",
        description=N_("Working days a shop that confirms by hand has for it, after the day the order counts from."),
        fields=_number(1, 30),
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
    PolicyDefault(
        key="return.window",
        description=N_("How many days after delivery goods can be returned; 0: not at all."),
        fields=_number(0, 90),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="return.seller_review",
        description=N_("How long a seller has to answer a return before it is approved."),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="return.offer",
        description=N_("How long a buyer has to answer a seller's offer before it lapses."),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="return.resubmit",
        description=N_("How long a rejected buyer has to contest, how often, and how many requests a product bears."),
        fields=(
            Field("hours", N_("Hours to contest"), WholeNumber(1, HOURS_MAX)),
            Field("disputes", N_("Rejections contested at most"), WholeNumber(0, 10)),
            Field("requests", N_("Requests for a product at most"), WholeNumber(1, 50)),
        ),
        value={"hours": 48, "disputes": 2, "requests": 5},
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="return.ship_back",
        description=N_("How many days a buyer has to send goods back before the return is closed."),
        fields=_number(1, 60),
        value=5,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="return.inspect",
        description=N_(
            "How long a seller has to check what came back, and how long a parcel may take, before the refund."
        ),
        fields=(
            Field("working_days", N_("Working days to check it"), WholeNumber(1, 30)),
            Field("arrival_days", N_("Days until it has to arrive"), WholeNumber(1, 60)),
        ),
        value={"working_days": 2, "arrival_days": 14},
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="return.replace",
        description=N_("Working days a seller has to send a replacement before the buyer is refunded."),
        fields=_number(1, 30),
        value=3,
        unit="working_days",
        source="own",
    ),
    PolicyDefault(
        key="return.decision",
        description=N_("How many days the operator has to decide before the buyer is refunded."),
        fields=_number(1, 60),
        value=5,
        unit="days",
        source="own",
    ),
    PolicyDefault(
        key="return.appeal",
        description=N_("How many days the losing side has to appeal before a decision is carried out."),
        fields=_number(1, 60),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="partial_refund",
        description=N_("Between how many percent of the price a seller may offer to a buyer who keeps the goods."),
        fields=(Field("value", N_("Value"), Span(1, 99)),),
        value=[10, 90],
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="refund.eta",
        description=N_("How many working days a refund takes to reach the buyer, by payment method."),
        fields=_per_method(Span(0, 60), (*_PREPAID, "cod")),
        value={
            "qris": [1, 2],
            "e_wallet": [1, 2],
            "card": [7, 14],
            "virtual_account": [3, 5],
            "minimarket": [3, 5],
            "cod": [2, 3],
        },
        unit="working_days",
        source="press",
    ),
    PolicyDefault(
        key="claim.seller_response",
        description=N_(
            "How long a seller has to answer that a delivered parcel was not received, before customer service takes over."
        ),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="claim.evidence",
        description=N_("How long both sides may give evidence before customer service decides a claim."),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="claim.decision",
        description=N_("How long customer service has to decide a claim before it is decided for who claims."),
        fields=_number(1, HOURS_MAX),
        value=72,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="claim.appeal",
        description=N_("How long who lost a claim may appeal before the decision takes effect."),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="claim.logistics",
        description=N_("How long after its last scan a carrier takes a claim for a parcel."),
        fields=_number(1, 365),
        value=40,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="insurance.terms",
        description=N_("What insuring a shipment costs, how much it covers, and how long a loss can be claimed."),
        fields=(
            Field("rate", N_("Premium, in parts of 10,000 of the goods' value"), WholeNumber(1, 1000)),
            Field("minimum_minor", N_("Lowest premium"), WholeNumber(1, 1_000_000)),
            Field("cover_max_minor", N_("Highest cover"), WholeNumber(1, 1_000_000_000)),
            Field("claim_days", N_("Days to claim after the parcel was delivered or lost"), WholeNumber(1, 90)),
        ),
        value={"rate": 20, "minimum_minor": 500, "cover_max_minor": 20_000_000, "claim_days": 7},
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="settle.period",
        description=N_(
            "Days after delivery until a completed order's money is the seller's, if the buyer can't return it any more."
        ),
        fields=_number(0, 60),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="commission.rate",
        description=N_("What the platform keeps of the price of the goods, in hundredths of a percent: 250 is 2.5%."),
        fields=_number(0, 5_000),
        value=250,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="fee.order",
        description=N_("What the seller pays for each delivered order, however many products it has."),
        fields=_number(0, 1_000_000),
        value=0,
        unit="",
        source="press",
    ),
    PolicyDefault(
        key="tax.withheld",
        description=N_(
            "Income tax withheld from sellers on the price of the goods, in hundredths of a percent: 50 is 0.5%."
        ),
        fields=_number(0, 2_000),
        value=0,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="payout.minimum",
        description=N_("The least that is transferred to a seller's bank account."),
        fields=_number(1, 100_000_000),
        value=10_000,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="payout.cooling_off",
        description=N_("How long nothing is transferred to a bank account that was changed."),
        fields=_number(0, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="remind.interval",
        description=N_("How long a buyer waits before reminding the seller again."),
        fields=_number(1, HOURS_MAX),
        value=24,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="abnormal.no_scan",
        description=N_("After how long without a scan a parcel counts as stuck."),
        fields=_number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
)
DEFAULTS: Final[dict[str, PolicyDefault]] = {default.key: default for default in _ALL}
"""Every policy by its key, in the order in which operators read them."""
