"""The command line reads well."""

import pytest
from click.testing import CliRunner

from etalase.cli import main


def test_help_says_what_there_is_and_what_is_read_from_the_environment() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for word in ("up", "web", "worker", "migrate", "demo", "DATABASE_URL", "PORT", "ETALASE_VAR"):
        assert word in answer.output
    assert "..." not in answer.output.split("Commands:")[1], "each command's line is whole"


@pytest.mark.parametrize("name", list(main.commands))
def test_each_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) >= 4


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2
