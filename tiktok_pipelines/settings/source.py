"""The one place that reads the environment and ``.env``; everything here is text."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from tiktok_pipelines.errors import ConfigurationError

HOME_NAME = ".tiktok_pipelines"
_ADVICE = "ignore::FutureWarning:click.core"
"""Dagster's, at each use of its own commands, to type ``dg`` instead."""


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """Every variable that is set and not empty; no ``repr``, it holds secrets."""

    values: Mapping[str, str]
    home: Path


def read_source(environ: Mapping[str, str] | None, folder: Path | None) -> Source:
    """The environment, and below it the nearest ``.env`` from ``folder`` upwards.

    Raises:
        ConfigurationError: the ``.env`` cannot be read.
    """
    here = (folder or Path.cwd()).absolute()
    file = nearest(here, ".env")
    below = _read(file) if file else {}
    above = _filled(os.environ if environ is None else environ)
    anchor = file.parent if file and "TIKTOK_HOME" not in above else here
    values = {**below, **above}
    return Source(values, _home(values.get("TIKTOK_HOME", ""), anchor, here))


def child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with ``extra`` over it, for a process we start."""
    return {**os.environ, **extra}


def process_value(name: str) -> str:
    """A variable of this process that is not ours, such as ``DAGSTER_HOME``."""
    return os.environ.get(name, "")


def warning_filters() -> str:
    """PYTHONWARNINGS as this process has it, and Dagster's advice left out."""
    told = process_value("PYTHONWARNINGS").split(",")
    return ",".join([*(one for one in told if one not in ("", _ADVICE)), _ADVICE])


def _home(told: str, anchor: Path, here: Path) -> Path:
    """A relative path counts from where it was written."""
    if told:
        return (anchor / Path(told).expanduser()).resolve()
    workspace = nearest(here, "workspace.yaml")
    return ((workspace.parent if workspace else here) / HOME_NAME).resolve()


def nearest(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder or the nearest one above it."""
    candidates = (parent / name for parent in (folder, *folder.parents))
    return next((path for path in candidates if path.is_file()), None)


def _read(file: Path) -> dict[str, str]:
    try:
        # A secret may hold "${": nothing is interpolated.
        return _filled(dotenv_values(file, interpolate=False))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file} cannot be read ({type(error).__name__}): "
            "expected UTF-8 lines NAME=VALUE, see .env.example"
        ) from None


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    """An empty variable counts as unset: .env.example lists them empty."""
    stripped = {name: (value or "").strip() for name, value in values.items()}
    return {name: value for name, value in stripped.items() if value}
