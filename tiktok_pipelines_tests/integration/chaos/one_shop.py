"""A process that serves one simulated shop: ``one_shop ORDERS DAYS``."""

import json
import sys

from tiktok_pipelines.simulator import Simulator, SimulatorConfig, run
from tiktok_pipelines_tests.integration.chaos.one_load import NOW

_LIMITLESS = 1e6


def main(orders: int, days: int) -> None:
    """Tell the settings that lead here in one line of JSON, and serve till the end."""
    config = SimulatorConfig(
        shops=1, orders=orders, days=days, now=NOW, rate_per_second=_LIMITLESS
    )
    run(config, port=0, on_ready=_tell)


def _tell(url: str, shop: Simulator) -> None:
    settings = {
        "TIKTOK_APP_KEY": shop.config.app_key,
        "TIKTOK_APP_SECRET": shop.config.app_secret,
        "TIKTOK_SERVICE_ID": shop.config.service_id,
        "TIKTOK_API_BASE_URL": url,
        "TIKTOK_AUTH_BASE_URL": url,
        "CODE": shop.authorize(shop.sellers[0].id),
    }
    sys.stdout.write(json.dumps(settings) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
