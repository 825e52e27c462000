"""The documents say what is so: headings, links, commands, settings, tables, names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from tiktok_pipelines.cli.main import main
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.simulator.endpoints import ENDPOINTS
from tiktok_pipelines.storage.marts.views import views
from tiktok_pipelines.storage.tables import metadata

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "tiktok_pipelines"
TESTS = ROOT / "tiktok_pipelines_tests"
FACTS = ROOT / "docs" / "tiktok-shop-api.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
# What was so when it was written: a changelog and decisions are not edited later.
PRESENT = [name for name in DOCUMENTS if not re.match(r"CHANGELOG|docs/adr/", name)]
README_LINES = 150
FACT_LINES = 700  # a reference of every subject, a heading for each
# Values of TikTok's own that look like settings.
NOT_SETTINGS = {"TIKTOK_DIGITAL", "TIKTOK_SHOP"}
MARKS = ("documented", "seen in public code", "assumed: `test_")
NO_MARK_NEEDED = ("as above", "follows from", "sources conflict")

_QUOTED = r'"[^"]+"'
_CITATION = re.compile(
    r"(?:docs/tiktok-shop-api\.md|TikTok Shop API reference)"
    rf"((?:,? (?:and )?{_QUOTED})+)"
)
_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Citation(NamedTuple):
    place: str
    heading: str


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def on_one_line(text: str) -> str:
    """Wrapped text, also that of comments, with single spaces."""
    return re.sub(r"\s+(?:# )?", " ", text)


def citations() -> list[Citation]:
    return [
        Citation(path.relative_to(ROOT).as_posix(), heading.strip('"'))
        for path in sorted((*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py")))
        for cited in _CITATION.findall(on_one_line(path.read_text("utf-8")))
        for heading in re.findall(_QUOTED, cited)
    ]


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+?)\s*$", _FENCED.sub("", text), re.MULTILINE)


def is_broken(name: str, link: str) -> bool:
    """Whether a link within the repository leads nowhere."""
    path, _, fragment = link.partition("#")
    file = (ROOT / name).parent / path if path else ROOT / name
    if "://" in link or (file.exists() and not fragment):
        return False
    if not file.exists():
        return True
    return fragment not in map(anchor, headings(file.read_text("utf-8")))


def anchor(heading: str) -> str:
    """A heading as GitHub links to it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def spans(text: str) -> list[str]:
    """What stands in backticks within the prose."""
    return [" ".join(span.split()) for span in _INLINE.findall(_FENCED.sub("", text))]


def code_lines(text: str) -> Iterator[str]:
    """Every line of code: of the blocks, continued lines joined, and of the prose."""
    for block in _FENCED.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from spans(text)


def commands_in(text: str) -> list[str]:
    """Calls of our command line; in the prose a group's name may open one."""
    groups = {name for name in names_of(main) if names_of(command_of(main, name))}
    found: set[str] = set()
    for line in code_lines(text):
        told = line.split(" # ")[0]
        calls = re.findall(r"tiktok-pipelines ([^`|;>)\"]+)", told)
        if told.partition(" ")[0] in groups:
            calls.append(told)
        found.update(" ".join(call.split()) for call in calls)
    return sorted(found)


def mistake_in(call: str) -> str:
    """What of a call our command line does not know; empty if it knows all."""
    found: click.Command = main
    for word in call.split():
        if word.startswith("--"):
            if word.partition("=")[0] not in options_of(found):
                return f"{call}: {word}"
        elif isinstance(found, click.Group):
            if word not in names_of(found):
                return f"{call}: {word}"
            found = command_of(found, word)
    return ""


def names_of(command: click.Command) -> list[str]:
    if not isinstance(command, click.Group):
        return []
    return command.list_commands(click.Context(command))


def command_of(group: click.Command, name: str) -> click.Command:
    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), name)
    assert found is not None, f"there is no command {name}, only {names_of(group)}"
    return found


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def rows_of_facts() -> list[tuple[str, str]]:
    """The facts and their marks: rows of every table that has a column of marks."""
    rows: list[tuple[str, str]] = []
    is_marked = False
    for line in FACTS.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            is_marked = False
        elif cells[-1].rstrip(" |") == "mark and source":
            is_marked = True
        elif is_marked and not line.startswith("|---"):
            rows.append((cells[0], cells[-1].rstrip(" |")))
    return rows


def source_of(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))


def test_the_facts_are_cited() -> None:
    cited = {citation.heading for citation in citations()}

    assert {"Signature", "Money", "Error codes", "Rate limits"} <= cited


@pytest.mark.parametrize("citation", citations(), ids=" ".join)
def test_a_cited_heading_exists(citation: Citation) -> None:
    assert citation.heading in headings(FACTS.read_text("utf-8")), (
        f"{citation.place} cites a heading that {FACTS.name} does not have"
    )


def test_a_heading_of_the_facts_is_there_once() -> None:
    found = headings(FACTS.read_text("utf-8"))

    assert [name for name in found if found.count(name) > 1] == []


def test_every_fact_has_a_mark() -> None:
    rows = rows_of_facts()

    assert len(rows) > 50
    unmarked = [
        fact for fact, mark in rows if not mark.startswith((*MARKS, *NO_MARK_NEEDED))
    ]
    assert unmarked == []


def test_an_assumption_names_a_test_that_exists() -> None:
    assumed = [mark for _, mark in rows_of_facts() if mark.startswith("assumed")]

    named = {name for mark in assumed for name in re.findall(r"`(test_\w+)`", mark)}
    present = set(re.findall(r"^def (test_\w+)", source_of(TESTS), re.MULTILINE))
    assert named
    assert named - present == set()


@pytest.mark.parametrize(
    ("name", "most"),
    [("README.md", README_LINES), ("docs/tiktok-shop-api.md", FACT_LINES)],
)
def test_a_document_is_not_too_long(name: str, most: int) -> None:
    assert len(read(name).splitlines()) <= most


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    broken = [
        link
        for link in _LINK.findall(_FENCED.sub("", read(name)))
        if is_broken(name, link)
    ]

    assert broken == []


def test_the_scopes_that_calls_need_are_in_the_steps_of_connecting() -> None:
    told = set(re.findall(r"^\| `([\w.]+)` \|", read("docs/connect.md"), re.MULTILINE))

    assert {endpoint.scope for endpoint in ENDPOINTS} == told


def test_the_readme_shows_commands() -> None:
    shown = {call.split()[0] for call in commands_in(read("README.md"))}

    assert {"db", "doctor", "env", "up"} <= shown


@pytest.mark.parametrize("name", PRESENT)
def test_a_command_that_is_shown_exists(name: str) -> None:
    mistakes = [mistake_in(call) for call in commands_in(read(name))]

    assert list(filter(None, mistakes)) == []


def test_an_unknown_command_or_option_is_noticed() -> None:
    assert mistake_in("dance")
    assert mistake_in("db dance")
    assert mistake_in("up --dance")
    assert not mistake_in("up --port 3000")


@pytest.mark.parametrize("name", PRESENT)
def test_a_variable_that_is_named_is_a_setting(name: str) -> None:
    named = set(re.findall(r"\bTIKTOK_[A-Z_]+\b", read(name)))

    assert named - VARIABLES.keys() - NOT_SETTINGS == set()


@pytest.mark.parametrize("name", PRESENT)
def test_a_table_that_is_named_exists(name: str) -> None:
    named = set(re.findall(r"(?<![\w.-])tiktok(?:_\w+)?\.[a-z_]+\b", read(name)))
    files = {table for table in named if table.endswith(".py")}

    present = {*metadata.tables, *views(), "tiktok_pipelines.definitions"}
    assert named - files - present == set()


@pytest.mark.parametrize("name", PRESENT)
def test_a_file_that_is_named_exists(name: str) -> None:
    named = {
        span
        for span in spans(read(name))
        if re.fullmatch(r"[\w/.-]+\.(py|sql|md|toml|json|lock)", span)
    }

    present = [
        path for place in (PACKAGE, TESTS, ROOT / "docs") for path in place.rglob("*.*")
    ]
    known = [f"/{path.as_posix()}" for path in (*present, *ROOT.glob("*.*"))]
    missing = [
        file for file in named if not any(path.endswith(f"/{file}") for path in known)
    ]
    assert missing == []


def test_the_names_in_the_architecture_are_those_of_the_code() -> None:
    named = {
        word
        for span in spans(ARCHITECTURE.read_text("utf-8"))
        if re.fullmatch(r"[A-Za-z_.]+(\(\))?", span)
        for word in re.findall(r"[A-Za-z_]+", span)
    }
    words = set(re.findall(r"[A-Za-z_]+", source_of(PACKAGE)))
    modules = {path.stem for path in PACKAGE.rglob("*")}
    others = {"toml", "md", "py", "repr", "tool", "importlinter", "pyproject"}

    assert "OrderWriter" in named
    assert named - words - modules - others == set()
