"""A replayed change of a policy as the operator's page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.i18n import Translator, format_date, format_money, format_number
from etalase.journeys.cancellations.rules import SYSTEM_REASONS
from etalase.journeys.replay.replaying import Preview
from etalase.journeys.replay.rules import Outcome, PastOrder, Tally


@dataclass(frozen=True, slots=True)
class PreviewView:
    """Numbers before and after, orders that would have fared otherwise, and how much was looked at."""

    rows: Sequence[tuple[str, str, str]]
    examples: Sequence[tuple[PastOrder, str, str]]
    changed: int
    orders: int
    shops: int
    per_shop: int
    is_sample: bool


def preview_view(preview: Preview, translator: Translator) -> PreviewView:
    """The preview in the reader's language."""
    replay = preview.replay
    return PreviewView(
        rows=_rows(replay.before, replay.after, translator),
        examples=[
            (example.order, _said(example.order, example.before, translator), _said(example.order, example.after, translator))
            for example in replay.examples
        ],
        changed=replay.changed,
        orders=replay.before.orders,
        shops=preview.shops,
        per_shop=preview.per_shop,
        is_sample=preview.is_sample,
    )  # fmt: skip


def _rows(before: Tally, after: Tally, translator: Translator) -> list[tuple[str, str, str]]:
    _, locale = translator.gettext, translator.locale

    def number(value: int) -> str:
        return format_number(value, locale=locale)

    rows = [(_("Orders late"), number(before.late), number(after.late))]
    for reason in sorted({*before.cancelled, *after.cancelled}):
        label = _("Cancelled by the clock: %(reason)s", reason=_(SYSTEM_REASONS[reason]))
        rows.append((label, number(before.cancelled[reason]), number(after.cancelled[reason])))
    money = [format_money(tally.refund_minor, "IDR", locale=locale) for tally in (before, after)]
    days = [f"{tally.days_to_complete:.1f}" for tally in (before, after)]
    return [
        *rows,
        (_("Given back after cancellations by the clock"), money[0], money[1]),
        (_("Completed by now"), number(before.completed), number(after.completed)),
        (_("Days from delivery to completion, on average"), days[0], days[1]),
    ]


def _said(order: PastOrder, outcome: Outcome, translator: Translator) -> str:
    _ = translator.gettext
    parts = [_("late")] if outcome.is_late else []
    if outcome.cancelled:
        parts.append(_(SYSTEM_REASONS[outcome.cancelled]))
    elif outcome.completed_at:
        parts.append(_("completed on %(day)s", day=_day(outcome.completed_at, order.zone, translator)))
    elif order.delivered_at:
        parts.append(_("not completed yet"))
    return ", ".join(parts) or _("in time")


def _day(moment: datetime, zone: str, translator: Translator) -> str:
    return format_date(moment, locale=translator.locale, zone=zone)
