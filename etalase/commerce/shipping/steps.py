"""What reports make of a parcel, one after the other. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from etalase.commerce.shipping.rules import Journey, ParcelState, Reported, is_parcel_move, journey_of


@dataclass(frozen=True, slots=True)
class Step:
    """What one more report made of a parcel: where it stands now, and which state it left if it moved."""

    journey: Journey
    state: ParcelState
    left: ParcelState | None


def steps_of(state: ParcelState, known: Iterable[Reported], news: Iterable[Reported]) -> list[Step]:
    """What each new report in turn makes of a parcel in `state` of which `known` was reported before."""
    told, steps = list(known), []
    for report in news:
        told.append(report)
        journey = journey_of(told)
        left = state if is_parcel_move(state, journey.state) else None
        state = journey.state if left else state
        steps.append(Step(journey, state, left))
    return steps
