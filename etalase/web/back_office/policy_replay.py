"""A replayed change of a policy as the operator's page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.i18n import Translator, format_date, format_money, format_number
from etalase.journeys.cancellations.rules import SYSTEM_REASONS
from etalase.journeys.replay.clocks import ClockOutcome, ClockReplay
from etalase.journeys.replay.replaying import Preview
from etalase.journeys.replay.rules import Outcome, PastOrder, Replay, Tally


@dataclass(frozen=True, slots=True)
class PreviewView:
    """Numbers before and after, orders that would have fared otherwise, and how much was looked at."""

    rows: Sequence[tuple[str, str, str]]
    examples: Sequence[tuple[int, str, str, str]]
    """Order, store, and how it fared under either."""
    changed: int
    orders: int
    shops: int
    per_shop: int
    is_sample: bool


def preview_view(preview: Preview, translator: Translator) -> PreviewView:
    """The preview in the reader's language."""
    replay = preview.replay
    if isinstance(replay, ClockReplay):
        rows, examples, number = _clock_rows(replay, translator), _clock_examples(replay, translator), replay.clocks
    else:
        rows, examples, number = (
            _rows(replay.before, replay.after, translator),
            _examples(replay, translator),
            replay.before.orders,
        )
    return PreviewView(
        rows=rows,
        examples=examples,
        changed=replay.changed,
        orders=number,
        shops=preview.shops,
        per_shop=preview.per_shop,
        is_sample=preview.is_sample,
    )


def _examples(replay: Replay, translator: Translator) -> list[tuple[int, str, str, str]]:
    return [
        (one.order.id, one.order.shop_name, _said(one.order, one.before, translator), _said(one.order, one.after, translator))
        for one in replay.examples
    ]  # fmt: skip


def _clock_rows(replay: ClockReplay, translator: Translator) -> list[tuple[str, str, str]]:
    _, locale = translator.gettext, translator.locale
    tallies = (replay.before, replay.after)
    acted = [format_number(tally.acted, locale=locale) for tally in tallies]
    ran_out = [format_number(tally.ran_out, locale=locale) for tally in tallies]
    return [
        (_("Somebody acted in time"), acted[0], acted[1]),
        (_("The clock ran out"), ran_out[0], ran_out[1]),
        (_("Hours until it was over, on average"), f"{tallies[0].hours:.1f}", f"{tallies[1].hours:.1f}"),
    ]


def _clock_examples(replay: ClockReplay, translator: Translator) -> list[tuple[int, str, str, str]]:
    return [
        (one.clock.order_id, one.clock.shop_name, _clock_said(one.before, translator), _clock_said(one.after, translator))
        for one in replay.examples
    ]  # fmt: skip


def _clock_said(outcome: ClockOutcome, translator: Translator) -> str:
    _ = translator.gettext
    if outcome.ended_at is None:
        return _("still running")
    return _("the clock ran out") if outcome.ran_out else _("in time")


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
