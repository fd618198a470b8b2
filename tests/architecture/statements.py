"""Every SQL statement of the product with what may be read off its text."""

import re
from dataclasses import dataclass
from pathlib import Path

from etalase.foundation.sql import Statement, parse

ROOT = Path(__file__).resolve().parents[2]
PARAMETER = re.compile(r"%\((?P<name>[a-z_][a-z0-9_]*)\)s")
JSON_ROWS = re.compile(r"json_to_recordset\(%\(\w+\)s::json\)\s+AS\s+\w+\s+\(([^)]*)\)")
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?([a-z_]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A statement and the file it stands in."""

    path: Path
    statement: Statement

    @property
    def name(self) -> str:
        """commerce/orders:order_of_buyer."""
        return f"{self.path.parent.relative_to(ROOT / 'etalase')}:{self.statement.name}"

    @property
    def text(self) -> str:
        """The statement without comments."""
        return re.sub(r"--[^\n]*", "", self.statement.text)

    @property
    def tables(self) -> set[str]:
        """What it reads and writes (and names of its own CTEs)."""
        return {name.lower() for name in TABLE.findall(self.text)}

    @property
    def given(self) -> set[str]:
        """The columns it is given values of: `shop_id` for %(shop_id)s and %(shop_ids)s alike, and those of rows in JSON."""
        names = {match["name"] for match in PARAMETER.finditer(self.text)}
        names |= {column.split()[0] for columns in JSON_ROWS.findall(self.text) for column in columns.split(",")}
        return {"shop_id" if name.endswith(("shop_id", "shop_ids")) else name for name in names}

    def prepared(self) -> str:
        """The text with $1, $2 ... for its named parameters."""
        numbers: dict[str, int] = {}

        def number(match: re.Match[str]) -> str:
            return f"${numbers.setdefault(match['name'], len(numbers) + 1)}"

        return PARAMETER.sub(number, self.statement.text).replace("%%", "%")


def all_statements() -> list[Found]:
    """Every statement of every queries.sql."""
    paths = sorted((ROOT / "etalase").rglob("queries.sql"))
    return [Found(path, statement) for path in paths for statement in parse(path.read_text(encoding="utf-8"))]
