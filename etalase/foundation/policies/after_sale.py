"""The figures of returns, claims and insurance."""

from typing import Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.shapes import HOURS_MAX, PolicyDefault, number
from etalase.foundation.policies.values import Choice, Field, Span, WholeNumber

AFTER_SALE: Final = (
    PolicyDefault(
        key="return.window",
        description=N_("How many days after delivery goods can be returned; 0: not at all."),
        fields=number(0, 90),
        value=7,
        unit="days",
        source="official",
    ),
    PolicyDefault(
        key="return.seller_review",
        description=N_("How long a seller has to answer a return before it is approved."),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="return.offer",
        description=N_("How long a buyer has to answer a seller's offer before it lapses."),
        fields=number(1, HOURS_MAX),
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
        fields=number(1, 60),
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
        fields=number(1, 30),
        value=3,
        unit="working_days",
        source="own",
    ),
    PolicyDefault(
        key="return.decision",
        description=N_("How many days the operator has to decide before the buyer is refunded."),
        fields=number(1, 60),
        value=5,
        unit="days",
        source="own",
    ),
    PolicyDefault(
        key="return.appeal",
        description=N_("How many days the losing side has to appeal before a decision is carried out."),
        fields=number(1, 60),
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
        key="claim.seller_response",
        description=N_(
            "How long a seller has to answer that a delivered parcel was not received, before customer service takes over."
        ),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="claim.evidence",
        description=N_("How long both sides may give evidence before customer service decides a claim."),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="claim.decision",
        description=N_("How long customer service has to decide a claim before it is decided for who claims."),
        fields=number(1, HOURS_MAX),
        value=72,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="claim.appeal",
        description=N_("How long who lost a claim may appeal before the decision takes effect."),
        fields=number(1, HOURS_MAX),
        value=48,
        unit="hours",
        source="official",
    ),
    PolicyDefault(
        key="claim.logistics",
        description=N_("How long after its last scan a carrier takes a claim for a parcel."),
        fields=number(1, 365),
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
        key="insurance.required",
        description=N_(
            "Whether goods are sent insured only; set it for a category, a store or a product that breaks easily."
        ),
        fields=(Field("value", N_("Value"), Choice({"no": N_("The buyer chooses"), "yes": N_("Insured only")})),),
        value="no",
        unit="",
        source="own",
    ),
)
