"""The Dagster instance of a home: its folder, its files and its database."""

from importlib import resources

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.databases import ensure_database

FILES = ("dagster.yaml", "workspace.yaml")
_MARK = "# Written by tiktok-pipelines"


def prepare_dagster(settings: Settings) -> None:
    """Make the folder, its files and, on an external server, the database.

    A file whose first line was changed is left alone.

    Raises:
        ConfigurationError: the folder cannot be written, or the database not made.
        DatabaseUnavailable: the external server does not answer.
    """
    folder = settings.dagster_home
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            file = folder / name
            if not file.exists() or file.read_text("utf-8").startswith(_MARK):
                file.write_text(packaged(name), "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"TIKTOK_HOME {settings.home} cannot be written ({error.strerror}): "
            "expected a folder of yours; set TIKTOK_HOME to one"
        ) from None
    if settings.external_database_url:
        ensure_database(
            settings.external_database_url.libpq, settings.dagster_database_url.name
        )


def packaged(name: str) -> str:
    """One of the files, as it comes with the package."""
    folder = resources.files("tiktok_pipelines.cli") / "instance"
    return (folder / name).read_text("utf-8")
