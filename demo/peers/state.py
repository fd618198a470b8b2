"""What the peers remember: one SQLite file whose commits survive a kill -9."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from demo.peers.options import Options

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS payments (
  reference TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, merchant_reference TEXT NOT NULL, attempt_key TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), currency TEXT NOT NULL, method TEXT NOT NULL,
  expires_at REAL NOT NULL, return_url TEXT NOT NULL, description TEXT NOT NULL, buyer_name TEXT NOT NULL,
  status TEXT NOT NULL, paid_late_at REAL, UNIQUE (merchant_reference, attempt_key)) STRICT;
CREATE INDEX IF NOT EXISTS payments_open ON payments (expires_at) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS payments_late ON payments (paid_late_at) WHERE paid_late_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS payment_events (
  position INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, payment TEXT NOT NULL REFERENCES payments, body TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS payment_events_of ON payment_events (payment, position);
CREATE TABLE IF NOT EXISTS refunds (
  reference TEXT PRIMARY KEY, payment TEXT NOT NULL REFERENCES payments, refund_reference TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), due_at REAL NOT NULL, status TEXT NOT NULL,
  UNIQUE (payment, refund_reference)) STRICT;
CREATE INDEX IF NOT EXISTS refunds_open ON refunds (due_at) WHERE status = 'pending';

CREATE TABLE IF NOT EXISTS bookings (
  reference TEXT PRIMARY KEY, our_reference TEXT NOT NULL UNIQUE, carrier TEXT NOT NULL, service TEXT NOT NULL,
  number TEXT NOT NULL, receiver TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (carrier, number, our_reference)) STRICT;
CREATE INDEX IF NOT EXISTS bookings_number ON bookings (number, carrier);
CREATE TABLE IF NOT EXISTS steps (
  booking TEXT NOT NULL REFERENCES bookings, position INTEGER NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL,
  zone TEXT NOT NULL, reason TEXT, real_due REAL NOT NULL, planned_at REAL NOT NULL, event_id TEXT UNIQUE, body TEXT,
  PRIMARY KEY (booking, position)) STRICT;
CREATE INDEX IF NOT EXISTS steps_real ON steps (real_due) WHERE event_id IS NULL;
CREATE INDEX IF NOT EXISTS steps_planned ON steps (planned_at) WHERE event_id IS NULL;

CREATE TABLE IF NOT EXISTS outbox (
  position INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, delivered_at REAL) STRICT;
CREATE INDEX IF NOT EXISTS outbox_open ON outbox (kind, due_at) WHERE delivered_at IS NULL;
"""


class State:
    """One connection for one event loop; times are seconds since 1970, `clock` includes the time machine's offset."""

    def __init__(self, options: Options) -> None:
        """Open the file, making it if it is not there."""
        self.options = options
        path = options.state
        path.parent.mkdir(parents=True, exist_ok=True)
        self.sql = sqlite3.connect(path, isolation_level=None)
        self.sql.row_factory = sqlite3.Row
        # FULL: a commit that was answered is on the disk, whatever happens to the process or the power
        self.sql.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;" + SCHEMA
        )
        self._offset_s = float(self.setting("offset_s", "0"))

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, durable when the block ends."""
        self.sql.execute("BEGIN IMMEDIATE")
        try:
            yield self.sql
        except BaseException:
            self.sql.execute("ROLLBACK")
            raise
        self.sql.execute("COMMIT")

    def row(self, statement: str, *values: object) -> sqlite3.Row | None:
        """The first row, if any."""
        found: sqlite3.Row | None = self.sql.execute(statement, values).fetchone()
        return found

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """All rows."""
        return self.sql.execute(statement, values).fetchall()

    def real(self) -> float:
        """The machine's own time."""
        return time.time()

    def clock(self) -> float:
        """The demo's time: the machine's plus the time machine's offset."""
        return time.time() + self._offset_s

    def set_offset(self, seconds: float) -> None:
        """Move the demo's clock."""
        self.set_setting("offset_s", str(seconds))
        self._offset_s = seconds

    def setting(self, name: str, default: str) -> str:
        """A remembered setting."""
        found = self.row("SELECT value FROM settings WHERE name = ?", name)
        return default if found is None else str(found["value"])

    def set_setting(self, name: str, value: str) -> None:
        """Remember a setting."""
        self.sql.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
        )

    def close(self) -> None:
        """Let go of the file."""
        self.sql.close()
