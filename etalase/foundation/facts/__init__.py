"""Facts: what happened, recorded in the transaction in which it happened; timeline, audit trail and outbox in one."""

from etalase.foundation.facts.model import Actor, Fact, RecordedFact, fact_class
from etalase.foundation.facts.record import record, record_all

__all__ = ["Actor", "Fact", "RecordedFact", "fact_class", "record", "record_all"]
