"""The source of the tree, read and parsed for the tests beside it."""

import ast
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("tiktok_pipelines", "tiktok_pipelines_tests", "scripts", "bench")


def modules() -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    )


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source(name))))


def functions(name: str) -> Iterator[tuple[str, int]]:
    """Every function with its number of lines, decorators left out."""
    for node in nodes(name):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def comments(name: str) -> Iterator[str]:
    """Every comment of a module; what only looks like one stands in a string."""
    lines = io.StringIO(source(name)).readline
    for token in tokenize.generate_tokens(lines):
        if token.type == tokenize.COMMENT:
            yield token.string


def imported(name: str) -> Iterator[str]:
    """What a module imports, with full names; relative ones begin with dots."""
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from (f"{origin}.{alias.name}" for alias in node.names)
