"""The pages of the project are true: made ones are up to date, links lead somewhere, lists leave nothing out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etalase.settings import Settings
from tools import make_docs

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SCREENSHOTS = ROOT / "docs" / "screenshots"
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
PATH = re.compile(r"`(?P<path>(?:etalase|demo|docs|migrations|requirements|tests|tools|\.ci)/[\w./-]+)(?::\w+)?`")
WITHIN = re.compile(r"`(?P<path>(?:web|integrations|reactions|journeys|commerce|foundation)/[\w./-]+)(?::\w+)?`")
HEADINGS = ["Context", "Decision", "Consequences", "What else was considered"]


@pytest.mark.parametrize("path", make_docs.pages(), ids=lambda path: path.name)
def test_made_pages_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == make_docs.pages()[path], "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert [target for target in relative_links(page) if not leads_somewhere(page, target)] == []


def relative_links(page: Path) -> Iterator[str]:
    """Targets inside this repository."""
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        if "://" not in match["target"]:
            yield match["target"]


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether the file, and the heading in it if one is named, exist. Pictures may be yet to be made, all of them or none."""
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if path.parent == SCREENSHOTS and not any(SCREENSHOTS.glob("*.png")):
        return True
    return path.exists() and (not anchor or anchor in anchors(path))


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_named_files_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {match["path"] for match in PATH.finditer(text)}
    named |= {f"etalase/{match['path']}" for match in WITHIN.finditer(text)}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_the_readme_knows_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fields = Settings.model_fields
    own_names = {"database_url": "DATABASE_URL", "port": "PORT"}
    names = [own_names.get(name, f"ETALASE_{name.upper()}") for name in fields]
    assert len(names) > 8
    assert [name for name in names if f"`{name}`" not in readme] == []


def test_every_dependency_has_its_line() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE))
    assert listed == direct_dependencies()


def direct_dependencies() -> set[str]:
    """What requirements/*.in and package.json name."""
    lines = [line for path in (ROOT / "requirements").glob("*.in") for line in path.read_text("utf-8").splitlines()]
    found = {match[0] for line in lines if (match := re.match(r"[A-Za-z][\w.-]*", line))}
    return found | set(json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"])


def test_decisions_are_numbered_and_complete() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS, page.name
        assert f"[{text.splitlines()[0].removeprefix(f'# {page.name[:4]}. ')}]({page.name})" in index, page.name
