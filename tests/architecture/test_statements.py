"""Every statement fits the schema, says what it is for, and is used."""

import re

import psycopg
import pytest

from tests.architecture.statements import ROOT, Found, all_statements

STATEMENTS = all_statements()


@pytest.fixture(scope="module")
def broken(server_url: str, template_name: str) -> dict[str, str]:
    """What PostgreSQL says to each statement that it can't prepare against the migrated schema."""
    errors = {}
    with psycopg.connect(server_url, dbname=template_name, autocommit=True) as connection:
        for index, found in enumerate(STATEMENTS):
            try:
                connection.execute(f"PREPARE p{index} AS {found.prepared()}")
            except psycopg.Error as error:
                errors[found.name] = str(error).strip()
        connection.rollback()
    return errors


@pytest.mark.parametrize("found", STATEMENTS, ids=lambda found: found.name)
def test_statement_fits_the_schema(found: Found, broken: dict[str, str]) -> None:
    assert found.name not in broken, broken[found.name]


@pytest.mark.parametrize("found", STATEMENTS, ids=lambda found: found.name)
def test_statement_says_what_it_is_for(found: Found) -> None:
    assert len(found.statement.description) >= 10


def test_every_statement_is_used_in_its_package() -> None:
    unused = []
    for found in STATEMENTS:
        code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(found.path.parent.glob("*.py")))
        if not re.search(rf"""["']{found.statement.name}["']""", code):
            unused.append(found.name)
    assert not unused


def test_python_has_no_sql_of_its_own() -> None:
    """Statements live in queries.sql; `connection.execute("...")` in the product would pass every check here by."""
    literal = re.compile(r"""\.execute\(\s*f?["']""")
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "etalase").rglob("*.py"))
        if literal.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
