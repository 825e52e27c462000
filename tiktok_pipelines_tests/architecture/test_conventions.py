"""How the code looks, as far as linter, type checker and import contracts do not say.

A failure tells what to move, and where.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tiktok_pipelines.cli.main import main
from tiktok_pipelines_tests.architecture.tree import ROOT, imported, modules, nodes

# Of what is hidden, only this is written by people.
HIDDEN = (".ci", ".env.example", ".gitignore", ".pre-commit-config.yaml")
NOT_OURS = (".egg-info", "__pycache__", "build", "dist")

# In pieces, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pypi", "python", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("conda", "anaconda", "org"),
        )
    )
    + r"|https?://[^\s\"'`)]+/simple\b|index-"
    + r"url\s*[= ]\s*[\"']?http"
)
MACHINE_PATHS = re.compile(r"(?<![\w.-])/(?:home|Users|root|work|workspace)/\w")
ENVIRONMENT = {
    "environ",
    "environb",
    "getenv",
    "dotenv_values",
    "load_dotenv",
    "EnvVar",
}
GUARDED = """
import sys

FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind")

def guard(event, arguments):
    if event in FORBIDDEN:
        raise RuntimeError(f"{event} {arguments}")

sys.addaudithook(guard)

import psycopg, psycopg2

def refuse(*arguments, **more):
    raise RuntimeError("a connection to a database")

psycopg.Connection.connect = psycopg.connect = psycopg2.connect = refuse
"""


def names_used(name: str) -> set[str]:
    """Every name and attribute that a module mentions."""
    used = {node.id for node in nodes(name) if isinstance(node, ast.Name)}
    used |= {node.attr for node in nodes(name) if isinstance(node, ast.Attribute)}
    return used | {told.rpartition(".")[2] for told in imported(name)}


def written_files() -> Iterator[tuple[str, str]]:
    """Every text file of the tree that people or our programs write."""
    for path in sorted(_files(ROOT)):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        yield path.relative_to(ROOT).as_posix(), text


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        is_hidden = path.name.startswith(".") and path.name not in HIDDEN
        if is_hidden or path.name.endswith(NOT_OURS):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def commands(
    command: click.Command = main, path: str = ""
) -> Iterator[tuple[str, click.Command]]:
    """Every command with its path, groups included."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, f"{path} {name}".strip())


def run_guarded(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """A program with nothing set, which may not reach anything."""
    return subprocess.run(
        [sys.executable, "-c", GUARDED + program],
        env={},
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
        timeout=240,
    )


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        name: sorted(ENVIRONMENT & names_used(name))
        for name in modules()
        if name.startswith("tiktok_pipelines/") and ENVIRONMENT & names_used(name)
    }

    elsewhere = [
        name for name in readers if not name.startswith("tiktok_pipelines/settings/")
    ]
    assert readers, "the search finds nothing, not even in the settings"
    assert elsewhere == [], "take a value from Settings, or from settings.source"


def test_no_import_is_relative() -> None:
    relative = [
        f"{name}: {told}"
        for name in modules()
        for told in imported(name)
        if told.startswith(".")
    ]

    assert relative == [], "write the whole name"


def test_nothing_is_mocked() -> None:
    mocked = [
        f"{name}: {told}"
        for name in modules()
        for told in imported(name)
        if re.match(r"(unittest\.)?mock\b|pytest_mock\b", told)
    ]

    assert mocked == [], "use the simulator, a real PostgreSQL or httpx.MockTransport"


@pytest.mark.parametrize(
    ("pattern", "remedy"),
    [
        (REGISTRIES, "any index will do: name none"),
        (MACHINE_PATHS, "write a path within the repository, or tmp_path in a test"),
    ],
    ids=["package registries", "paths of one machine"],
)
def test_the_tree_is_free_of(pattern: re.Pattern[str], remedy: str) -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in written_files()
        for match in pattern.finditer(text)
    ]

    assert found == [], remedy


def test_the_tree_that_is_searched_holds_the_documents() -> None:
    names = {name for name, _ in written_files()}

    assert {"README.md", ".env.example", ".ci/run", "requirements.lock"} <= names
    assert not any(name.startswith((".venv", ".git/")) for name in names)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "https://" + "pypi" + ".org/project/x"),
        (REGISTRIES, "--index-" + "url https://mirror.example.com"),
        (REGISTRIES, "https://mirror.example.com/" + "simple"),
        (MACHINE_PATHS, "in /" + "home/jane/project"),
        (MACHINE_PATHS, '"/' + 'Users/jane"'),
    ],
)
def test_the_search_would_find(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*one, id=one[0] or "all") for one in commands()]
)
def test_a_command_has_help(path: str, command: click.Command) -> None:
    assert command.help, f"{path} has no docstring"


@pytest.mark.parametrize(
    ("path", "group"),
    [
        pytest.param(*one, id=one[0] or "all")
        for one in commands()
        if isinstance(one[1], click.Group)
    ],
)
def test_a_group_tells_its_commands_in_a_line_each(
    path: str, group: click.Group
) -> None:
    context = click.Context(group, info_name=path)

    told = group.get_help(context)

    names = group.list_commands(context)
    assert [n for n in names if not re.search(rf"\n  {n} +\w[^\n]+", told)] == []


def test_the_code_location_loads_with_nothing_set_and_reaches_nothing(
    tmp_path: Path,
) -> None:
    program = (
        "from tiktok_pipelines.definitions import defs\n"
        "keys = {key.to_user_string() for key in"
        " defs.resolve_asset_graph().get_all_asset_keys()}\n"
        "print('tiktok/orders' in keys)"
    )

    done = run_guarded(tmp_path, program)

    assert (done.stdout, done.stderr) == ("True\n", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import psycopg; psycopg.connect('postgresql:///x')",
    ],
    ids=["network", "database"],
)
def test_the_guard_would_notice(tmp_path: Path, program: str) -> None:
    done = run_guarded(tmp_path, program)

    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
