"""The Dagster instance of the present ``DAGSTER_HOME``, if it is set."""

from collections.abc import Sequence
from pathlib import Path

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings.source import process_value

_REMEDY = 'eval "$(tiktok-pipelines env)"'


def present_home() -> Path | None:
    """DAGSTER_HOME, None when it is not set.

    Raises:
        ConfigurationError: it is set and cannot work.
    """
    told = process_value("DAGSTER_HOME")
    if not told:
        return None
    home = Path(told)
    if not home.is_absolute() or not home.is_dir():
        raise ConfigurationError(
            f"DAGSTER_HOME {told} is no absolute path of a folder: {_REMEDY}"
        )
    if _needs_url(home / "dagster.yaml") and not process_value("DAGSTER_PG_URL"):
        raise ConfigurationError(
            f"{home}/dagster.yaml needs DAGSTER_PG_URL, which is not set: {_REMEDY}"
        )
    return home


def needed_home() -> Path:
    """DAGSTER_HOME.

    Raises:
        ConfigurationError: it is not set, or cannot work.
    """
    home = present_home()
    if home is None:
        raise ConfigurationError(
            "DAGSTER_HOME is not set: expected the folder of a Dagster instance; "
            f"set it, or {_REMEDY}"
        )
    return home


def register(shop_ids: Sequence[str]) -> Sequence[str]:
    """Add shops as partitions; return those that the instance did not know.

    Raises:
        ConfigurationError: the instance cannot be used.
    """
    from tiktok_pipelines.defs.registration import (  # noqa: PLC0415 - takes seconds
        register_shops,
    )

    return register_shops(shop_ids)


def forget(shop_id: str) -> None:
    """Remove a shop from the partitions.

    Raises:
        ConfigurationError: the instance cannot be used.
    """
    from tiktok_pipelines.defs.registration import (  # noqa: PLC0415 - takes seconds
        forget_shop,
    )

    forget_shop(shop_id)


def _needs_url(file: Path) -> bool:
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return any("DAGSTER_PG_URL" in line.partition("#")[0] for line in lines)
