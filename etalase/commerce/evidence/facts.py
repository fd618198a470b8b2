"""What happens in cases."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseMessageAdded(Fact, name="case.message_added", subject="case"):
    """Somebody said or showed something in a case; what was said is seen by its parties alone."""

    kind: str
    author: str
    files: int
