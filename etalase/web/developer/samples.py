"""Programs that sign and ask, in several languages; the page shows them as they are run."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "programs"


@dataclass(frozen=True, slots=True)
class Sample:
    """A program, what it is run with, and whether a test runs it."""

    language: str
    name: str
    command: str
    is_run: bool
    fence: str
    kept_as: str = ""
    """Under another name, where tools would take it for a part of the product."""

    @property
    def words(self) -> list[str]:
        """The command that runs it where it is kept."""
        return self.command.replace(self.name, self.kept_as or self.name).split()

    @property
    def text(self) -> str:
        return _text(self.kept_as or self.name)


SAMPLES: Final = (
    Sample("curl", "connect.sh", "sh connect.sh", is_run=True, fence="sh"),
    Sample("Python", "connect.py", "python3 connect.py", is_run=True, fence="python", kept_as="connect.py.txt"),
    Sample("Node", "connect.mjs", "node connect.mjs", is_run=True, fence="js"),
    Sample("PHP", "connect.php", "php connect.php", is_run=False, fence="php"),
    Sample("Java", "Connect.java", "java Connect.java", is_run=True, fence="java"),
    Sample("Go", "connect.go", "go run connect.go", is_run=False, fence="go"),
    Sample("Perl", "connect.pl", "perl connect.pl", is_run=True, fence="perl"),
    Sample("Ruby", "connect.rb", "ruby connect.rb", is_run=False, fence="ruby"),
)


@cache
def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8").strip()
