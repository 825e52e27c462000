"""Write the documents that are drawn from the source: ``make docs``.

A test compares what is rendered here with what lies in the repository.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tiktok_pipelines.cli.dagster_home import packaged
from tiktok_pipelines.settings.variables import GROUPS, SEE_DOCS, Variable

ROOT = Path(__file__).parents[1]
_HEAD = """\
# Settings

<!-- Written by `make docs` from tiktok_pipelines/settings/variables.py. -->

Read from the environment, and below it from the nearest `.env` in the current folder or
above it. An empty variable counts as unset; nothing is interpolated. A relative
`TIKTOK_HOME` counts from the folder of the `.env` that sets it. A missing or wrong
setting is told in one line, with exit status 2, before anything starts."""
_DAGSTER = """
## Dagster

`eval "$(tiktok-pipelines env)"` exports `DAGSTER_HOME` (the folder `dagster` under
`TIKTOK_HOME`, with a `dagster.yaml` that stores in PostgreSQL) and `DAGSTER_PG_URL`,
with which plain `dagster` and `dg` work on the same instance as `tiktok-pipelines up`.
Dagster's tables live in a database of their own on the same server: `dagster` on the
embedded one; on an external one the name in `TIKTOK_DATABASE_URL` with `_dagster`
added, made if missing (its user then needs the right to create databases, or an
administrator makes it)."""
_STORAGE = "storage:\n  postgres:\n    postgres_url: {env: DAGSTER_PG_URL}\n"
_INSTANCE = """\
# The Dagster instance: queue limits, run retries for crashes only.
#
# Written by `make docs` from tiktok_pipelines/cli/instance/dagster.yaml, which also has
# the storage in PostgreSQL. `tiktok-pipelines up` and `eval "$(tiktok-pipelines env)"`
# put that one into their DAGSTER_HOME. Here it is left out, so that every dagster
# command works in this folder with nothing set.
"""


def settings_page() -> str:
    """``docs/settings.md``."""
    return "\n".join(_settings_lines()) + "\n"


def env_example() -> str:
    """``.env.example``: every variable, those without a default empty."""
    return "\n".join(_env_lines()) + "\n"


def instance() -> str:
    """``dagster.yaml``: the packaged one without its storage."""
    _, _, body = packaged("dagster.yaml").partition("\n")
    if _STORAGE not in body:
        raise ValueError("the packaged dagster.yaml has another storage: see _STORAGE")
    return _INSTANCE + body.replace(_STORAGE, "")


def workspace() -> str:
    """``workspace.yaml``: the packaged one."""
    _, _, body = packaged("workspace.yaml").partition("\n")
    return "# What Dagster loads. Written by `make docs`.\n" + body


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    ".env.example": env_example,
    "dagster.yaml": instance,
    "docs/settings.md": settings_page,
    "workspace.yaml": workspace,
}


def main() -> None:
    """Write each document."""
    for name, render in DOCUMENTS.items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(render(), "utf-8")


def _settings_lines() -> Iterator[str]:
    yield _HEAD
    for group in GROUPS:
        yield from ("", f"## {group.title}", "")
        yield "| variable | meaning | default | expected |"
        yield "|---|---|---|---|"
        for variable in group.variables:
            yield _row(variable)
    yield _DAGSTER


def _row(variable: Variable) -> str:
    default = variable.default_note or (variable.default and f"`{variable.default}`")
    cells = (
        f"`{variable.name}`",
        variable.meaning,
        default or "none",
        variable.expected + _origin(variable),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _origin(variable: Variable) -> str:
    return "" if variable.source == SEE_DOCS else f"; {variable.source}"


def _env_lines() -> Iterator[str]:
    yield "# Copy to .env and fill in. Written by `make docs`; see docs/settings.md."
    for group in GROUPS:
        yield from ("", f"# {group.title}")
        for variable in group.variables:
            note = variable.default_note and f" Unset: {variable.default_note}."
            yield from ("", *_wrapped(f"{variable.meaning}{note}"))
            yield f"# Expected: {variable.expected}{_origin(variable)}"
            yield f"{variable.name}={variable.default}"


def _wrapped(text: str) -> list[str]:
    lines = ["#"]
    for word in text.replace("`", "").split():
        if len(lines[-1]) + len(word) > 86:
            lines.append("#")
        lines[-1] += f" {word}"
    return lines


if __name__ == "__main__":
    main()
