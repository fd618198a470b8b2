"""What is recorded of audits."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AuditAsked(Fact, name="audit.asked", subject="audit"):
    """The books are to be proved."""

    cause: str


@dataclass(frozen=True, kw_only=True)
class AuditDone(Fact, name="audit.done", subject="audit"):
    """The books were proved; what was found is kept with the audit."""

    orders: int
    findings_count: int
