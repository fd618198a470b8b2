"""Python files of the product and what may be read off their syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("etalase", "demo", "tests", "tools")
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)
"""What makes a reader hold one more thing in mind; `with` holds a resource and decides nothing."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class FunctionFound:
    """A function and where it stands."""

    path: Path
    node: Function

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.node.lineno} {self.node.name}"

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def nesting(self) -> int:
        """How deep blocks lie within blocks; `elif` is not deeper than its `if`."""
        return max((_depth(child) for child in self.node.body), default=0)


def _depth(node: ast.stmt | ast.AST) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return 0
    own = 1 if isinstance(node, BLOCKS) else 0
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        inner = [*node.body, *node.orelse[0].body, *node.orelse[0].orelse]
        return own + max((_depth(child) for child in inner), default=0)
    return own + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Every Python file of these folders, of all of them when none is named."""
    return tuple(path for folder in folders or FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(*folders: str) -> Iterator[FunctionFound]:
    """Every function and method."""
    for path in python_files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield FunctionFound(path, node)


def imports(path: Path) -> set[str]:
    """The modules a file imports, `from a import b` as a.b."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
