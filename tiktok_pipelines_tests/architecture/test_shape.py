"""How long and how plain the code is: the measures that CONTRIBUTING.md names.

A failure tells what to do about it.
"""

import ast
import re
from statistics import median, quantiles

import pytest

from tiktok_pipelines_tests.architecture.tree import (
    comments,
    functions,
    modules,
    source,
)

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 50
LINES_OF_HALF_THE_FUNCTIONS = 8
LINES_OF_NEARLY_ALL_FUNCTIONS = 25  # nine of ten
MOST_SUPPRESSIONS = 2  # in 1,000 lines
SUPPRESSION = re.compile(r"# (?:noqa|type: ignore|pyright:|fmt:|pragma:).*")
# The rule by its name and, behind a dash, the reason.
REASONED = re.compile(r"# (?:noqa: [A-Z]|pyright: ignore\[).* - \w")


def suppressions() -> list[str]:
    """Where linter or type checker are told to look away."""
    return [
        f"{name}: {comment}"
        for name in modules()
        for comment in comments(name)
        if SUPPRESSION.match(comment)
    ]


def test_the_modules_are_found() -> None:
    found = modules()

    assert "tiktok_pipelines/definitions.py" in found
    assert len(found) > 100


def test_no_module_has_more_than_400_lines() -> None:
    lengths = {name: len(source(name).splitlines()) for name in modules()}

    too_long = [n for n, lines in lengths.items() if lines > MOST_LINES_OF_A_MODULE]
    assert too_long == [], "move the second subject into a module of its own"


def test_no_function_has_more_than_50_lines() -> None:
    too_long = [
        f"{name}: {function} has {lines}"
        for name in modules()
        for function, lines in functions(name)
        if lines > MOST_LINES_OF_A_FUNCTION
    ]

    assert too_long == [], "name its steps and make them functions"


def test_half_of_the_functions_are_short_and_nearly_all_fit_a_screen() -> None:
    lengths = [lines for name in modules() for _, lines in functions(name)]

    *_, ninth = quantiles(lengths, n=10)
    assert median(lengths) <= LINES_OF_HALF_THE_FUNCTIONS, "name the steps of the long"
    assert ninth <= LINES_OF_NEARLY_ALL_FUNCTIONS, "name the steps of the longest"


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        name
        for name in modules()
        if source(name) and not ast.get_docstring(ast.parse(source(name)))
    ]

    assert silent == [], "one line at the top, in words of what it is for"


@pytest.mark.parametrize("folder", ["", "tiktok_pipelines/"])
def test_suppressions_are_few(folder: str) -> None:
    inside = [name for name in modules() if name.startswith(folder)]
    lines = sum(len(source(name).splitlines()) for name in inside)

    found = [told for told in suppressions() if told.startswith(folder)]

    assert found, "the search finds nothing"
    assert len(found) * 1000 / lines < MOST_SUPPRESSIONS


def test_a_suppression_names_its_rule_and_its_reason() -> None:
    assert [told for told in suppressions() if not REASONED.search(told)] == []
