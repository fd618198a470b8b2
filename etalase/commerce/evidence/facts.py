"""What happens in cases."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseMessageAdded(Fact, name="case.message_added", subject="case"):
    """Somebody said or showed something in a case; what was said is seen by its parties alone."""

    kind: str
    author: str
    files: int


@dataclass(frozen=True, kw_only=True)
class AnswerSaved(Fact, name="answer.saved", subject="answer"):
    """A member of a shop, or the operator (shop 0), keeps an answer to use again; one of the same title is replaced."""


@dataclass(frozen=True, kw_only=True)
class AnswerForgotten(Fact, name="answer.forgotten", subject="answer"):
    """A kept answer is gone."""
