"""Write the pages of docs/ that follow from the code: states, policies, facts, tables, calls. `--check` only says which are stale."""

import importlib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from etalase import subscriptions
from etalase.commerce.orders import rules as orders
from etalase.commerce.payments import queries as payments_queries
from etalase.commerce.payments.rules import REFUND_SOURCES, PaymentState, RefundState
from etalase.commerce.shipping.rules import PARCEL_MOVES, STATE_OF_STATUS, ParcelState
from etalase.foundation.deadlines.kinds import KINDS
from etalase.foundation.facts.model import ENVELOPE, Fact
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.shapes import PolicyDefault
from etalase.foundation.policies.values import Choice, Places, Span, TimeOfDay, WholeNumber
from etalase.foundation.sql import Statement
from etalase.journeys.cancellations import queries as cancellations_queries
from tools import claim_docs, connector_docs, money_docs, open_api_docs, open_api_fields, return_docs

ROOT: Final = Path(__file__).resolve().parents[1]
MIGRATIONS: Final = ROOT / "migrations"
STATE_CONDITION: Final = re.compile(r"\bstate (?P<sign>=|<>) '(?P<state>[a-z_]+)'")
TABLE: Final = re.compile(r"^CREATE TABLE (?P<name>\w+) \(\n(?P<body>.*?)\n\);", re.MULTILINE | re.DOTALL)
COMMENT: Final = re.compile(
    r"^COMMENT ON TABLE (?P<name>\w+) IS '(?P<kind>\w+): (?P<text>(?:[^']|'')*)';", re.MULTILINE
)
STATE_CHECK: Final = re.compile(r"^    state .*?CHECK \(state IN \((?P<states>.*?)\)\)", re.MULTILINE | re.DOTALL)

Arrow = tuple[str, str, str]
"""From, to, and what is written on it."""


def main() -> int:
    """Write the pages, or with --check answer 1 when one of them is not what the code says."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
    if "--check" in sys.argv[1:]:
        sys.stdout.write(f"not up to date: {names}; run `make docs`\n" if stale else "up to date\n")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(pages()[path], encoding="utf-8")
    sys.stdout.write(f"written: {names}\n" if stale else "nothing to do\n")
    return 0


def pages() -> dict[Path, str]:
    """Each generated page and its text."""
    docs = ROOT / "docs"
    return {
        docs / "states.md": states_page(),
        docs / "policies.md": policies_page(),
        docs / "facts.md": facts_page(),
        docs / "tables.md": tables_page(),
        docs / "connectors.md": page(
            "Point your connector here", "`etalase/web/developer/programs`", *connector_docs.parts(table)
        ),
        docs / "open_api.md": page(
            "Open API", "the calls in `etalase/web/open_api/calls`", *open_api_docs.parts(table)
        ),
        docs / "open_api_fields.md": page(
            "Fields of the Open API", "the calls and the public client's models", *open_api_fields.parts(table)
        ),
    }


def page(title: str, made_from: str, *parts: str) -> str:
    note = f"*Made by `make docs` from {made_from}. Do not edit it by hand.*"
    return "\n\n".join([f"# {title}", note, *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(words: Iterable[object]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# States


def states_page() -> str:
    return page(
        "States",
        "the tables of moves in the code",
        "One axis per thing: an order, a parcel, a payment, a refund, a request to cancel, a return and a claim each have states of their own. "
        "Every move is a compare-and-set: it names the states it may start from, and a row that has moved on is left alone.",
        orders_part(),
        parcels_part(),
        payments_part(),
        refunds_part(),
        cancellations_part(),
        claim_docs.part(diagram, table, code),
        *money_docs.parts(diagram),
        return_docs.part(diagram, table),
    )


def diagram(arrows: Iterable[Arrow], *, first: str, last: Iterable[str]) -> str:
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {source} --> {target}{': ' + label if label else ''}" for source, target, label in arrows]
    lines += [f"    {state} --> [*]" for state in last]
    return "```mermaid\n" + "\n".join(lines) + "\n```"


WHEN: Final[dict[orders.Move, str]] = {
    orders.Move.PAY: "the provider reports the money",
    orders.Move.CONFIRM: "the seller confirms, or the shop confirms automatically",
    orders.Move.ARRANGE: "every open unit lies in a parcel",
    orders.Move.UNARRANGE: "a parcel was undone before its carrier took it",
    orders.Move.COLLECT: "the last parcel was collected",
    orders.Move.DELIVER: "the last parcel was delivered",
    orders.Move.COMPLETE: "the buyer confirms receipt, or the clock does",
    orders.Move.CANCEL: "buyer, seller or a clock cancels",
    orders.Move.LOSE: "no parcel reaches the buyer: returned, lost, or own courier too late",
    orders.Move.REINSTATE: "paid after the deadline, and there was still stock",
}


def orders_part() -> str:
    moves = orders.TRANSITIONS.items()
    arrows = [(source, change.to, move.value) for move, change in moves for source in change.sources]
    rows = [(f"`{move}`", code(change.sources), f"`{change.to}`", WHEN[move]) for move, change in moves]
    return "\n\n".join(
        [
            "## Order",
            diagram(arrows, first="unpaid", last=["completed", "cancelled"]),
            "A cash on delivery order begins as `new`.",
            table(["move", "from", "to", "when"], rows),
            "Where each state is shown:",
            table(["state", "Order Center (buyer)", "Seller Center"], [_tabs_of(state) for state in orders.State]),
        ]
    )


def _tabs_of(state: orders.State) -> tuple[str, str, str]:
    everywhere = tuple(orders.State)
    buyer = [tab for tab, states in orders.BUYER_TABS.items() if state in states and states != everywhere]
    seller = [tab for tab, states in orders.SELLER_TABS.items() if state in states and states != everywhere]
    return f"`{state}`", code(buyer), code(seller)


def parcels_part() -> str:
    arrows = [(source, target, "") for source, targets in PARCEL_MOVES.items() for target in targets]
    ends = [state for state, targets in PARCEL_MOVES.items() if not targets]
    words = [
        (f"`{state}`", code(word for word, meant in STATE_OF_STATUS.items() if meant is state)) for state in ParcelState
    ]
    return "\n\n".join(
        [
            "## Parcel",
            diagram(arrows, first="awaiting_collection", last=ends),
            "A parcel only ever goes forward. Reports may come twice or out of order: the state follows from all of them.",
            table(["state", "what carriers report"], words),
        ]
    )


def compare_and_set(statement: Statement, states: Iterable[str]) -> list[str]:
    """The states from which a statement lets a row move, as its WHERE says."""
    condition = STATE_CONDITION.search(statement.text.partition("WHERE")[2])
    if condition is None:
        raise ValueError(f"{statement.name} does not compare the state it sets")
    return [state for state in states if (state == condition["state"]) == (condition["sign"] == "=")]


LATE_MONEY: Final = "[decision 0009](decisions/0009-payments-settled-by-the-providers-word.md)"


def payments_part() -> str:
    known = payments_queries.statements
    paid = compare_and_set(known["set_payment_paid"], PaymentState)
    open_states = compare_and_set(known["end_payment"], PaymentState)
    ends = [state for state in PaymentState if state not in (PaymentState.PAID, *open_states)]
    arrows = [(source, "paid", "money arrives") for source in paid]
    arrows += [(source, end, "") for source in open_states for end in ends]
    return "\n\n".join(
        [
            "## Payment",
            "One row an attempt to pay; a purchase has at most one `pending`.",
            diagram(arrows, first="pending", last=["paid"]),
            f"Money that arrives late still makes the attempt `paid`; what it is for is decided then ({LATE_MONEY}).",
        ]
    )


def refunds_part() -> str:
    arrows = [(source, target.value, "") for target, sources in REFUND_SOURCES.items() for source in sources]
    rows = [(f"`{target}`", code(sources)) for target, sources in REFUND_SOURCES.items()]
    ends = [state for state in RefundState if not any(state in sources for sources in REFUND_SOURCES.values())]
    return "\n\n".join(["## Refund", diagram(arrows, first="approved", last=ends), table(["to", "from"], rows)])


def cancellations_part() -> str:
    states = states_of_table("cancellations")
    open_states = compare_and_set(cancellations_queries.statements["decide_request"], states)
    ends = [state for state in states if state not in open_states]
    arrows = [(source, end, "") for source in open_states for end in ends]
    return "\n\n".join(
        [
            "## Cancellation",
            diagram(arrows, first=open_states[0], last=ends),
            "What needs nobody's consent is written as `done` at once. Silence of the seller approves a request.",
            "A request ends `withdrawn` when the buyer takes it back, or when the parcel is collected first.",
        ]
    )


def states_of_table(name: str) -> list[str]:
    """The states that a table's check lets in."""
    found = next(known for known in tables() if known.name == name)
    check = STATE_CHECK.search(found.body)
    if check is None:
        raise ValueError(f"{name} does not check its states")
    return re.findall(r"'(\w+)'", check["states"])


# Policies and clocks


def policies_page() -> str:
    return page(
        "Policies and clocks",
        "`etalase/foundation/policies/defaults.py` and `etalase/foundation/deadlines/kinds.py`",
        "A policy is a figure that binds a promise. It may hold for everybody, a shop, a category or a product; the most "
        "specific one wins, and an order keeps the versions it was placed under. What stands here holds until somebody sets "
        "it (version 0). The operator's pages set them. The most specific is the product's, then the category's, then the store's; "
        "for `commission.rate` the store's goes before the category's, and each line by its own (decision 0030). Source: `official` is a large platform's own page, `press` is news or an integrator, "
        "`own` is ours.",
        "## Policies",
        table(["key", "what it means", "default", "unit", "may be", "source"], map(_policy_row, DEFAULTS.values())),
        "## Clocks",
        "Every running clock is a row in `deadlines`; buyer and seller see the same ones. Both are told at these parts of "
        "the whole time. What happens at zero is a line of `DEADLINES` in `etalase/subscriptions.py`.",
        table(["clock", "called", "waits for", "told at", "at zero", "done by"], map(_clock_row, KINDS)),
    )


def _policy_row(policy: PolicyDefault) -> tuple[str, ...]:
    unit = policy.unit.replace("_", " ")
    return f"`{policy.key}`", policy.description, _default(policy), unit, _allowed(policy), policy.source


def _default(policy: PolicyDefault) -> str:
    if policy.is_single:
        return _value(policy.value)
    return "<br>".join(f"{name}: {_value(value)}" for name, value in policy.value.items())


def _value(value: Any) -> str:
    return "–".join(map(str, value)) if isinstance(value, list) else str(value)


def _allowed(policy: PolicyDefault) -> str:
    kinds = [_range(field.type) for field in policy.fields]
    if len(set(kinds)) == 1:
        return kinds[0]
    return "<br>".join(f"{field.name}: {kind}" for field, kind in zip(policy.fields, kinds, strict=True))


def _range(kind: object) -> str:
    match kind:
        case WholeNumber():
            return f"{kind.minimum} to {kind.maximum}"
        case Span():
            return f"two numbers, {kind.minimum} to {kind.maximum}"
        case Choice():
            return code(kind.labels)
        case TimeOfDay() | Places():
            return "a time of day" if isinstance(kind, TimeOfDay) else "codes of places"
    raise TypeError(f"no words for {kind!r}")


def _clock_row(name: str) -> tuple[str, ...]:
    kind = KINDS[name]
    told = ", ".join(f"{part:.0%}" for part in kind.near)
    return f"`{name}`", kind.label, kind.waits_for, told, kind.outcome, f"`{short_name(subscriptions.DEADLINES[name])}`"


def short_name(function: Any) -> str:
    """journeys.cancellations.clocks.cancel"""
    return f"{function.__module__}.{function.__qualname__}".removeprefix("etalase.")


# Facts


def facts_page() -> str:
    parts = []
    for module in facts_modules():
        parts.append(f"## {module.removeprefix('etalase.').removesuffix('.facts').replace('.', '/')}")
        parts += [_fact_part(fact) for fact in facts_of(module)]
    return page(
        "Facts",
        "the classes in every `facts.py` and `etalase/subscriptions.py`",
        "A fact is a row written by an action in its own transaction. It is the audit trail, the timeline both sides read, "
        "and the outbox from which everything else follows. Every fact has an id, a moment, who did it (`actor_kind`, "
        f"`actor_id`) and the envelope {code(ENVELOPE)}; listed here is what each says beyond that.",
        *parts,
    )


def facts_modules() -> list[str]:
    """The modules that define facts, from the bottom of the map to the top."""
    layers = ("foundation", "commerce", "social", "journeys", "reactions")
    paths = [path for layer in layers for path in sorted((ROOT / "etalase" / layer).rglob("facts.py"))]
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]


def facts_of(module: str) -> list[type[Fact]]:
    found = vars(importlib.import_module(module)).values()
    return [
        known for known in found if isinstance(known, type) and known.__module__ == module and issubclass(known, Fact)
    ]


def _fact_part(fact: type[Fact]) -> str:
    own = [f"`{field.name}` {_type(field.type)}" for field in fields(fact) if field.name not in ENVELOPE]
    reactions = [short_name(reaction) for reaction in subscriptions.SUBSCRIPTIONS.get(fact, [])]
    lines = [f"**`{fact.name}`** ({fact.subject.replace('_', ' ')}): {fact.__doc__}"]
    lines += [f"- says: {', '.join(own)}"] if own else []
    lines += [f"- then: {code(reactions)}"] if reactions else []
    return "\n".join(lines)


def _type(annotation: Any) -> str:
    return (
        annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else str(annotation)
    )


# Tables


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its migration writes it."""

    name: str
    kind: str
    text: str
    body: str
    migration: str

    @property
    def key(self) -> str:
        """The primary key's columns."""
        whole = re.search(r"^    PRIMARY KEY \((.*)\)", self.body, re.MULTILINE)
        column = re.search(r"^    (\w+) .*PRIMARY KEY", self.body, re.MULTILINE)
        return whole[1] if whole else column[1] if column else ""


def tables() -> list[Table]:
    """Every table of ours, in the order of the migrations."""
    found = []
    for path in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        text = path.read_text(encoding="utf-8")
        comments = {match["name"]: match for match in COMMENT.finditer(text)}
        for match in TABLE.finditer(text):
            said = comments[match["name"]]
            found.append(Table(match["name"], said["kind"], said["text"].replace("''", "'"), match["body"], path.stem))
    return found


KINDS_OF_TABLES: Final = {
    "shop": "belongs to one shop; every key begins with `shop_id`, and every statement names the shop",
    "buyer": "belongs to one account; every key begins with `buyer_id` or `account_id`",
    "reference": "is read from everywhere, written rarely; may be joined from any kind",
    "local": "is this installation's own bookkeeping: clocks, relays, what vendors sent, mail",
}


def tables_page() -> str:
    known = tables()
    parts = []
    for kind, meaning in KINDS_OF_TABLES.items():
        rows = [(f"`{t.name}`", t.text, f"`{t.key}`", t.migration) for t in known if t.kind == kind]
        parts += [
            f"## {kind.capitalize()}",
            f"A {kind} table {meaning}.",
            table(["table", "what it holds", "primary key", "migration"], rows),
        ]
    return page(
        "Tables",
        "`migrations/*.sql`",
        "Every table has a kind; joins stay inside one kind or go to reference tables. The columns and their reasons stand "
        "in the migrations. The job queue's own tables (`procrastinate_*`, migration 0007) are the library's.",
        *parts,
    )


if __name__ == "__main__":
    sys.exit(main())
