"""Who lives through which plots."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from demo.loading.plots import NoSuchMoment, play
from demo.loading.plots_cancelled import ALL_PLOTS
from demo.loading.plots_claimed import CLAIMED
from demo.loading.plots_returned import RETURNED
from demo.loading.telling import Buyer, Shop, Telling
from demo.loading.transfers import TRANSFERRED


def _named(plots: str) -> list[str]:
    return plots.split()


# What the first demo buyer's Order Center shows; "2:" means two shops in one purchase.
BUYER: Final = _named(
    "unpaid unpaid unpaid_soon new new to_ship to_ship_noted to_ship_soon late to_ship_readdressed to_collect to_collect "
    "under_way under_way split delayed corrected failed_attempt under_way_cod delivered delivered extended delivered_cod "
    "completed completed completed completed completed completed completed_after_failure completed_cod hidden "
    "cancelled_unpaid cancelled_by_buyer cancelled_just_now cancelled_today cancelled_refund_failed cancelled_no_stock "
    "cancelled_cannot_ship cancelled_cod lapsed_unpaid lapsed_unconfirmed lapsed_unarranged request_open request_open "
    "request_rejected request_rejected request_approved request_unanswered part_cancelled part_cancelled_under_way lost returned "
    "2:unpaid 2:as_it_goes 2:completed 3:completed claim_asked claim_review claim_decided "
    "return_asked return_back return_disputed return_refunded return_exchange transfer_shown"
)
SECOND_BUYER: Final = _named(
    "unpaid new to_ship late to_collect under_way split delivered completed completed completed completed_cod "
    "cancelled_by_buyer cancelled_no_stock lapsed_unpaid request_open part_cancelled 2:completed 2:as_it_goes transfer_shown"
)
# Each shop of a demo seller has something on every tab, whatever chance does elsewhere.
DEMO_SHOP: Final = _named(
    "unpaid unpaid new new new to_ship to_ship to_ship_noted to_ship_soon late to_collect to_collect request_open "
    "under_way under_way split delayed corrected failed_attempt under_way_cod delivered delivered extended delivered_cod "
    "completed completed completed_cod cancelled_unpaid cancelled_by_buyer cancelled_no_stock cancelled_today lapsed_unpaid "
    "lapsed_unconfirmed lapsed_unarranged lapsed_uncollected request_rejected request_approved part_cancelled returned claim_asked "
    "return_asked return_back return_disputed return_exchange"
)
OTHER_SHOP: Final = _named(
    "unpaid new to_ship late to_collect under_way delivered completed cancelled_by_buyer lapsed_unpaid request_open"
)
DEMO_SHOPS: Final = ("sekar-laras", "kedai-lereng", "colok-pintar")
CHANCE: Final[Mapping[str, int]] = {
    "completed": 58, "completed_cod": 8, "completed_after_failure": 4, "as_it_goes": 12, "cancelled_unpaid": 3,
    "cancelled_by_buyer": 3, "cancelled_no_stock": 2, "lapsed_unpaid": 4, "part_cancelled": 2, "request_approved": 2,
    "lost": 1, "returned": 1,
}  # fmt: skip
BY_CHANCE: Final = 150
PLOTS: Final = ALL_PLOTS | CLAIMED | RETURNED | TRANSFERRED
TRIES: Final = 5


def play_all(
    telling: Telling, *, shops: Sequence[Shop], people: Mapping[str, Buyer], others: Sequence[Buyer]
) -> list[str]:
    """Tell every story; answers the plots that the calendar did not allow today."""
    missed = [
        *_play_many(telling, BUYER, [people["buyer@etalase.test"]], shops),
        *_play_many(telling, SECOND_BUYER, [people["buyer2@etalase.test"]], shops),
    ]
    for shop in shops:
        plots = DEMO_SHOP if shop.slug in DEMO_SHOPS else OTHER_SHOP
        missed += _play_many(telling, plots, others, [shop])
    chosen = telling.dice.choices(list(CHANCE), list(CHANCE.values()), k=BY_CHANCE)
    return missed + _play_many(telling, chosen, others, shops)


def _play_many(telling: Telling, plots: Sequence[str], buyers: Sequence[Buyer], shops: Sequence[Shop]) -> list[str]:
    missed = []
    for told in plots:
        count, _, name = told.rpartition(":")
        for _try in range(TRIES if len(shops) > 1 else 1):
            try:
                play(telling, PLOTS[name], telling.dice.choice(buyers), _some(telling.dice, shops, int(count or 1)))
                break
            except NoSuchMoment:
                continue
        else:
            missed.append(told)
    return missed


def _some(dice: Random, shops: Sequence[Shop], count: int) -> list[Shop]:
    """Different shops, in the order in which purchases list them."""
    return sorted(dice.sample(list(shops), count), key=lambda shop: shop.shop_id)
