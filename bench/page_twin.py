"""pgbench's side of a page: the page's own statements with their real parameters, and nothing else.

The database's log says what the page asked while it was made once; pgbench then runs the same, prepared.
"""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psycopg

from bench.load import measure
from bench.processes import House, Web
from bench.twin import run_pgbench

CLIENTS: Final = (2, 4)
PAGES_MAX: Final = 4
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+ \[(\d+)\] ", re.MULTILINE)
EXECUTED = re.compile(r"LOG:  execute [^:]*: (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = (NULL|'((?:[^']|'')*)')", re.DOTALL)
NOT_OF_PAGES: Final = (
    "clock_offset",
    "id_nodes",
    "pg_reload_conf",
    "ALTER SYSTEM",
    "search_progress p ON p.shop_id = s.shop_id",
)
"""What a web process asks by itself from time to time."""

Asked = tuple[str, dict[str, str | None]]


def statements_of(house: House, web: Web, wanted: bytes) -> list[Asked]:
    """What the page asks the database, in order; texts with $1, $2 ... and the values."""
    for _ in range(3):  # caches filled, statements prepared
        measure(web.port, [wanted], connections=1, seconds=10).insist(200)
    log = house.folder / "postgres" / "log"
    with psycopg.connect(house.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)
        before = log.stat().st_size
        measure(web.port, [wanted], connections=1, seconds=10).insist(200)
        time.sleep(0.2)
        connection.execute("ALTER SYSTEM RESET log_statement")
        connection.execute("SELECT pg_reload_conf()")
    with log.open("rb") as file:
        file.seek(before)
        return asked_in(file.read().decode(errors="replace"))


def asked_in(text: str) -> list[Asked]:
    """The statements in a piece of the server's log."""
    found: list[Asked] = []
    for entry in ENTRY.split(text)[2::2]:
        executed = EXECUTED.match(entry)
        if executed:
            found.append((executed[1].strip().replace("\n\t", "\n"), {}))
        elif entry.startswith("DETAIL:  Parameters:") and found:
            values = {
                n: None if value == "NULL" else quoted.replace("''", "'")
                for n, value, quoted in PARAMETER.findall(entry)
            }
            found[-1] = (found[-1][0], values)
    return [one for one in found if not any(word in one[0] for word in NOT_OF_PAGES)]


def best_rate(house: House, web: Web, pages: Sequence[bytes], *, seconds: float) -> tuple[float, int]:
    """Pages a second that the statements alone would allow, at the best client count; and how many there are for a page."""
    scripts: list[Path] = []
    values: dict[str, str] = {}
    many = 0
    for k, wanted in enumerate(pages[:: max(1, len(pages) // PAGES_MAX)][:PAGES_MAX]):
        asked = statements_of(house, web, wanted)
        many = len(asked)
        lines = []
        for number, (text, parameters) in enumerate(asked):
            names = {n: f"v{k}x{number}x{n}" for n, value in parameters.items() if value}
            empty = {n for n, value in parameters.items() if value == ""}
            lines.append(_filled(text, names, empty))
            values |= {names[n]: str(parameters[n]) for n in names}
        path = Path(house.folder) / f"page-{k}.sql"
        path.write_text("\n".join(lines) + "\n")
        scripts.append(path)
    rates = [run_pgbench(house.url, scripts, clients=c, values=values, seconds=seconds)[0] for c in CLIENTS]
    return max(rates), many


def _filled(text: str, names: dict[str, str], empty: set[str]) -> str:
    """The statement with pgbench's variables for its parameters; there are no empty ones."""

    def value(number: str) -> str:
        return f":{names[number]}" if number in names else "''" if number in empty else "NULL"

    return re.sub(r"\$(\d+)", lambda found: value(found[1]), text).rstrip(";") + ";"
