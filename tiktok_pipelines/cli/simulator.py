"""``simulator``: the bundled TikTok Shop in the foreground, and its faults."""

import sys
from dataclasses import replace
from typing import Any

import click

from tiktok_pipelines.cli.env import print_exports
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.ports import free_port
from tiktok_pipelines.cli.simulator_faults import calm, fault, faults
from tiktok_pipelines.cli.simulator_webhooks import webhooks
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import SimulatorConfig, run

HOST = "127.0.0.1"


@click.group(invoke_without_command=True, commands=[faults, fault, calm, webhooks])
@click.option(
    "--port",
    default=8900,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens.",
)
@click.option("--shops", default=6, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--orders",
    default=200,
    show_default=True,
    type=click.IntRange(0),
    help="Per shop, visible at the start.",
)
@click.option(
    "--days",
    default=90,
    show_default=True,
    type=click.IntRange(1),
    help="Over which they were placed.",
)
@click.option(
    "--products",
    default=24,
    show_default=True,
    type=click.IntRange(0),
    help="Per shop, that come and go; those that are ordered come on top.",
)
@click.option("--seed", default=7, show_default=True, help="Another seed, other data.")
@click.option(
    "--webhook-url", default="", help="Where the app has events sent; else nowhere."
)
@click.option(
    "--webhook-time-scale",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0),
    help="The pauses before events are sent again, as a share of TikTok's.",
)
@click.pass_context
def simulator(context: click.Context, **size: Any) -> None:  # noqa: ANN401 - options of all types
    """Run the bundled TikTok Shop and print how to point the pipeline at it.

    While it runs, the commands below make things go wrong in it.
    """
    if context.invoked_subcommand is None:
        _run_simulator(**size)


def _run_simulator(*, port: int, **size: Any) -> None:  # noqa: ANN401 - as above
    # Without a receiver to send people to, the consent page shows the code.
    redirect_uri = Settings.from_environment().redirect_uri
    config = replace(SimulatorConfig(redirect_uri=redirect_uri), **size)
    free = free_port(port)
    print_exports(exports(config, free))
    sys.stdout.flush()
    say(f"TikTok Shop simulator: http://{HOST}:{free}   (Ctrl-C stops it)")
    say("In another shell: the exports above, then tiktok-pipelines shops connect")
    run(config, HOST, free)


def exports(config: SimulatorConfig, port: int) -> dict[str, str]:
    """The settings that point the pipeline at a simulator on this machine."""
    url = f"http://{HOST}:{port}"
    return {
        "TIKTOK_APP_KEY": config.app_key,
        "TIKTOK_APP_SECRET": config.app_secret,
        "TIKTOK_SERVICE_ID": config.service_id,
        "TIKTOK_API_BASE_URL": url,
        "TIKTOK_AUTH_BASE_URL": url,
        "TIKTOK_CONSENT_URL_US": f"{url}/open/authorize",
        "TIKTOK_CONSENT_URL_ROW": f"{url}/open/authorize",
    }
