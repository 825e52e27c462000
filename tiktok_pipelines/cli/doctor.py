"""``doctor``: every precondition, one line each, with its cause and fix."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import httpx
from cryptography.fernet import Fernet

from tiktok_pipelines.errors import ConfigurationError, PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.settings.source import process_value
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.migrate import is_current


@dataclass(frozen=True, slots=True)
class Check:
    """One precondition: what is so, or what is wrong and how to mend it."""

    name: str
    is_ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Check every precondition; exit status 1 when one fails."""
    checks: list[Check] = []
    for check in run_checks():
        checks.append(check)
        if not as_json:
            click.echo(
                f"{'ok  ' if check.is_ok else 'FAIL'}  {check.name}: {check.detail}"
            )
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], indent=2))
    if not all(check.is_ok for check in checks):
        ctx.exit(1)


def run_checks() -> Iterator[Check]:
    """Every check in the order in which one meets the causes."""
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        yield Check("settings", is_ok=False, detail=str(error))
        return
    yield Check("settings", is_ok=True, detail=f"TIKTOK_HOME is {settings.home}")
    probes: dict[str, Callable[[Settings], str]] = {
        "app": _app,
        "encryption key": _encryption_key,
        "database": _database,
        "migrations": _migrations,
        "TikTok Shop": _api_host,
        "Dagster": _dagster,
    }
    for name, probe in probes.items():
        yield _tried(name, probe, settings)


def _tried(name: str, probe: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, is_ok=True, detail=probe(settings))
    except PipelineError as error:
        return Check(name, is_ok=False, detail=str(error))


def _app(settings: Settings) -> str:
    app = settings.app()
    settings.consent_service_id()
    return f"key {app.key}, with secret and service id"


def _encryption_key(settings: Settings) -> str:
    keys = settings.encryption_keys()
    for key in keys:
        fernet = Fernet(key.get_secret_value())
        fernet.decrypt(fernet.encrypt(b"probe"))
    origin = "TIKTOK_ENCRYPTION_KEYS"
    if not settings.set_encryption_keys:
        origin = str(settings.encryption_key_file)
    return f"{len(keys)} from {origin}"


def _database(settings: Settings) -> str:
    url = settings.database_url
    database = Database(url.libpq)
    with database.begin():
        pass
    database.close()
    return f"answers ({url})"


def _migrations(settings: Settings) -> str:
    database = Database(settings.database_url.libpq)
    try:
        if not is_current(database):
            raise ConfigurationError("not up to date: tiktok-pipelines db upgrade")
    finally:
        database.close()
    return "up to date"


def _api_host(settings: Settings) -> str:
    """Any answer will do: only the way there is asked for."""
    for name, url in (
        ("TIKTOK_API_BASE_URL", settings.api_base_url),
        ("TIKTOK_AUTH_BASE_URL", settings.auth_base_url),
    ):
        try:
            httpx.get(url, timeout=5)
        except httpx.HTTPError as error:
            raise ConfigurationError(
                f"{url} does not answer ({type(error).__name__}): check network and "
                f"proxy, or {name}"
            ) from None
    return f"{settings.api_base_url} answers"


def _dagster(settings: Settings) -> str:
    told = process_value("DAGSTER_HOME")
    if not told:
        return (
            f"DAGSTER_HOME is not set; up uses {settings.dagster_home}, and "
            'eval "$(tiktok-pipelines env)" sets it for plain dagster'
        )
    home = Path(told)
    if not home.is_absolute() or not home.is_dir():
        raise ConfigurationError(
            f"DAGSTER_HOME {told} is no absolute path of a folder: "
            'eval "$(tiktok-pipelines env)"'
        )
    uses_url = "DAGSTER_PG_URL" in _text(home / "dagster.yaml")
    if uses_url and not process_value("DAGSTER_PG_URL"):
        raise ConfigurationError(
            f"{home}/dagster.yaml needs DAGSTER_PG_URL, which is not set: "
            'eval "$(tiktok-pipelines env)"'
        )
    return f"DAGSTER_HOME is {home}"


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
