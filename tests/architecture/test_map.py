"""The house rules that can be counted: sizes, names, what a kind of file may know, lists that end."""

import ast
import re
from pathlib import Path

from tests.architecture.code import ROOT, functions, imports, python_files, tree
from tests.architecture.exceptions import MACHINE_TIME, WITHOUT_LIMIT
from tests.architecture.statements import all_statements

FUNCTION_LINES_MAX = 40
NESTING_MAX = 3
FILE_LINES_MAX = 400
TEST_LINES_MAX = 600
OTHER_FILES = (".html", ".css", ".js", ".sql")
MADE_BY_TOOLS = ("vendor", "node_modules")
NAMES_FORBIDDEN = re.compile(r"(service|manager|helper|util|utils|repository|processor)s?$")
OUTSIDE = ("psycopg", "fastapi", "starlette", "httpx", "asyncio", "procrastinate", "os", "random", "time")
OUR_OUTSIDE = ("etalase.foundation.sql", "etalase.foundation.clock", "etalase.foundation.database", "etalase.settings")
KEYED = re.compile(r"=\s*ANY\s*\(\s*%\(|unnest\s*\(\s*%\(|\bRETURNING\b", re.IGNORECASE)
LIMITED = re.compile(r"\bLIMIT\s+(%\([a-z_]+\)s|\d+)", re.IGNORECASE)


def test_functions_are_short() -> None:
    long = [f"{found.place}: {found.lines}" for found in functions() if found.lines > FUNCTION_LINES_MAX]
    assert not long, "\n".join(long)


def test_functions_are_flat() -> None:
    deep = [f"{found.place}: {found.nesting}" for found in functions() if found.nesting > NESTING_MAX]
    assert not deep, "\n".join(deep)


def test_files_are_short() -> None:
    long = []
    for path in [*python_files(), *_other_files()]:
        lines_max = TEST_LINES_MAX if path.is_relative_to(ROOT / "tests") else FILE_LINES_MAX
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > lines_max:
            long.append(f"{path.relative_to(ROOT)}: {lines}")
    assert not long, "\n".join(long)


def _other_files() -> list[Path]:
    return [
        path
        for folder in ("etalase", "demo", "migrations")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in OTHER_FILES and not set(path.parts) & set(MADE_BY_TOOLS)
    ]


def test_names_say_what_things_are() -> None:
    """ "Service", "manager", "helper" and their like give no reason to stop."""
    files = [
        str(path.relative_to(ROOT)) for path in python_files("etalase", "demo") if NAMES_FORBIDDEN.search(path.stem)
    ]
    classes = [
        f"{path.relative_to(ROOT)} {node.name}"
        for path in python_files("etalase", "demo")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and NAMES_FORBIDDEN.search(node.name.lower())
    ]
    # A carrier's own word for what it offers: REG, YES, CARGO.
    assert [name for name in files + classes if not name.endswith(" Service")] == []


def test_every_package_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files("etalase")
        if path.name == "__init__.py" and path.parent != ROOT / "etalase" and not ast.get_docstring(tree(path))
    ]
    assert not silent, "\n".join(silent)


def test_rules_know_nothing_of_the_outside_world() -> None:
    worldly = {
        str(path.relative_to(ROOT)): sorted(name for name in imports(path) if _is_outside(name))
        for path in python_files("etalase")
        if path.name == "rules.py"
    }
    assert {path: names for path, names in worldly.items() if names} == {}


def _is_outside(name: str) -> bool:
    return (
        name.split(".", maxsplit=1)[0] in OUTSIDE
        or name.startswith(OUR_OUTSIDE)
        or name.endswith((".actions", ".queries"))
    )


def test_only_the_clock_knows_the_time() -> None:
    """`datetime.now()` and SQL's now() would not move with the time machine."""
    python = [
        str(path.relative_to(ROOT))
        for path in python_files("etalase")
        if str(path.relative_to(ROOT)) not in MACHINE_TIME
        and re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", path.read_text(encoding="utf-8"))
    ]
    sql = [
        found.name
        for found in all_statements()
        if re.search(r"\b(now\(\)|current_timestamp|current_date|clock_timestamp\(\))", found.text, re.IGNORECASE)
    ]
    assert not python, "\n".join(python)
    assert not sql, "\n".join(sql)


def test_lists_end() -> None:
    """What is read with `.all` or `.values` has a LIMIT, or no more rows than the keys it was given."""
    lists = _statements_read_as_lists()
    endless = {
        found.name
        for found in all_statements()
        if (found.path.parent, found.statement.name) in lists
        if not LIMITED.search(found.text) and not KEYED.search(found.text)
    }
    new = sorted(endless - set(WITHOUT_LIMIT))
    assert not new, "\n".join(new)
    assert sorted(set(WITHOUT_LIMIT) - endless) == [], "these need no exception any more"


def _statements_read_as_lists() -> set[tuple[Path, str]]:
    return {
        (path.parent, name)
        for path in python_files("etalase")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("all", "values")
        for name in _statement_name(node)
    }


def _statement_name(call: ast.Call) -> list[str]:
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Subscript) or not isinstance(first.slice, ast.Constant):
        return []
    return [str(first.slice.value)]


def test_pages_have_no_script_or_style_of_their_own() -> None:
    """The content security policy refuses both."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in _other_files()
        if path.suffix == ".html"
        and inline.search(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]
    assert not found, "\n".join(found)
