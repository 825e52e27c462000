"""The demo's settings: a home of its own, and nothing of what else is set."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from tiktok_pipelines.settings.keys import generated_keys
from tiktok_pipelines.settings.source import HOME_NAME, nearest
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.storage.embedded import EmbeddedServer


def demo_home() -> Path:
    """Beside the nearest ``workspace.yaml`` upwards, else in the current folder."""
    here = Path.cwd()
    workspace = nearest(here, "workspace.yaml")
    return (workspace.parent if workspace else here) / f"{HOME_NAME}_demo"


def demo_environment(
    home: Path, simulator: Mapping[str, str], *, days: int, today: datetime
) -> dict[str, str]:
    """Every variable, so that neither the environment nor a ``.env`` shines through.

    Args:
        home: the demo's home.
        simulator: the settings that point at the simulator.
        days: how many days can be backfilled.
        today: the present.
    """
    home.mkdir(parents=True, exist_ok=True)
    key = generated_keys(home / "encryption.key")[0].get_secret_value()
    return {
        **{name: variable.default for name, variable in VARIABLES.items()},
        **simulator,
        "TIKTOK_REDIRECT_URI": "http://127.0.0.1:8000/tiktok/callback",
        "TIKTOK_HOME": str(home),
        "TIKTOK_DATABASE_URL": EmbeddedServer(home).url(),
        "TIKTOK_ENCRYPTION_KEYS": key,
        "TIKTOK_START_DATE": f"{today - timedelta(days=days):%Y-%m-%d}",
        "TIKTOK_RATE_LIMIT_PER_SECOND": "40",
    }
