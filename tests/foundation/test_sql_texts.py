"""How a `queries.sql` is read."""

import pytest

from etalase.foundation.sql import parse

TEXT = """
-- part columns --
-- What is shown.
id, name

-- first --
-- The first one.
SELECT {{columns}} FROM things
WHERE id = %(id)s;

-- both --
-- All of them, twice.
SELECT {{columns}} FROM things UNION ALL SELECT {{columns}} FROM things LIMIT 10;
"""


def test_a_part_stands_in_for_its_name_and_is_no_statement() -> None:
    first, both = parse(TEXT)
    assert (first.name, first.description) == ("first", "The first one.")
    assert first.text == "SELECT id, name FROM things\nWHERE id = %(id)s"
    assert both.text == "SELECT id, name FROM things UNION ALL SELECT id, name FROM things LIMIT 10"


def test_a_part_that_is_not_there_is_missed_when_the_file_is_read() -> None:
    with pytest.raises(KeyError, match="rows"):
        parse("-- one --\nSELECT {{rows}}")


@pytest.mark.parametrize("name", ["one", "part one"])
def test_a_name_is_used_once(name: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        parse(f"-- {name} --\nSELECT 1;\n-- {name} --\nSELECT 2;")
