"""``demo``: the whole pipeline against the bundled simulator, nothing else needed."""

import json
import shutil
import sys
from contextlib import ExitStack, chdir
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import click

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.cli.demo_shell import SHELL_FILE, write_shell_file
from tiktok_pipelines.cli.demo_view import (
    LoadView,
    last_screen,
    short_path,
    summary,
)
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.ports import free_port
from tiktok_pipelines.cli.processes import Supervisor, interruptible, program
from tiktok_pipelines.cli.simulator import exports
from tiktok_pipelines.cli.up import (
    one_at_a_time,
    start_dagster,
    start_database,
    start_receiver,
    supervise,
)
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.settings.demo import demo_environment, demo_home
from tiktok_pipelines.simulator import SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer

SHOPS, ORDERS, DAYS = 6, 600, 90
BACKFILLED_DAYS = 30
_SIMULATOR_LIMIT_S = 60.0
_RECEIVER_LIMIT_S = 30.0
_ANNOUNCED_S = 3600


@click.command()
@click.option("--exit", "exits", is_flag=True, help="End after printing what landed.")
@click.option("--reset", is_flag=True, help="Empty the demo's home first.")
@click.option(
    "--port",
    default=3000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port of the Dagster UI.",
)
def demo(*, exits: bool, reset: bool, port: int) -> None:
    """Connect simulated shops, backfill their orders, show what landed."""
    home = demo_home()
    shown = short_path(home / SHELL_FILE)
    simulator_port, receiver_port = free_port(8900), free_port(8000)
    with interruptible(), one_at_a_time(home), ExitStack() as stack:
        stack.enter_context(chdir(home))  # Dagster obeys a .env where it is started
        if reset:
            _empty(home)
        environment = _environment(home, simulator_port, receiver_port)
        settings = Settings.from_environment(environment, folder=home.parent)
        say(f"The demo lives in {home}")
        write_shell_file(home, {**environment, **settings.exports()})
        is_ours = start_database(settings, stack)
        supervisor = stack.enter_context(
            supervise(settings, is_ours=is_ours, environment=environment)
        )
        _start_simulator(supervisor, simulator_port)
        is_good = _load(supervisor, settings)
        if exits:
            sys.exit(0 if is_good else 1)
        free = free_port(port)
        start_receiver(supervisor, receiver_port, is_quiet=True)
        start_dagster(supervisor, settings, free, is_quiet=True)
        _announce(supervisor, simulator_port, receiver_port)
        last_screen(free, simulator_port, shown)
        supervisor.wait()
    say("Stopped.")


def _announce(supervisor: Supervisor, port: int, receiver_port: int) -> None:
    """Have the simulator's events sent here from now on, and those of the last hour."""
    receiver = f"http://127.0.0.1:{receiver_port}"
    supervisor.wait(
        lambda: _ask(receiver_port, "/healthz") is not None,
        timeout_s=_RECEIVER_LIMIT_S,
    )
    url = {"url": f"{receiver}/webhooks/tiktok"}
    _ask(port, "/_sim/webhooks/address", url)
    _ask(port, "/_sim/webhooks/again", {"seconds": str(_ANNOUNCED_S)})


def _environment(home: Path, simulator_port: int, receiver_port: int) -> dict[str, str]:
    config = SimulatorConfig(shops=SHOPS, orders=ORDERS, days=DAYS)
    environment = demo_environment(
        home, exports(config, simulator_port), days=DAYS, today=SystemClock().now()
    )
    redirect_uri = f"http://127.0.0.1:{receiver_port}/tiktok/callback"
    return {**environment, "TIKTOK_REDIRECT_URI": redirect_uri}


def _empty(home: Path) -> None:
    """Stop the demo's database and remove its files; the lock stays ours."""
    EmbeddedServer(home).stop()
    for entry in home.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != "up.lock":
            entry.unlink()
    say("The demo starts from nothing.")


def _start_simulator(supervisor: Supervisor, port: int) -> None:
    told = ["--port", str(port), "--shops", str(SHOPS)]
    told += ["--orders", str(ORDERS), "--days", str(DAYS)]
    command = [program("tiktok-pipelines"), "simulator", *told]
    supervisor.start("simulator", command, is_quiet=True)
    answered = supervisor.wait(
        lambda: _ask(port, "/_sim/state") is not None, timeout_s=_SIMULATOR_LIMIT_S
    )
    if not answered:
        raise PipelineError("the simulator does not answer: see logs/simulator.log")
    say(f"Simulated TikTok Shop: http://127.0.0.1:{port}")


def _load(supervisor: Supervisor, settings: Settings) -> bool:
    """Connect, load, print; True only if everything landed and every check passed."""
    with open_pipeline(settings) as pipeline:
        _connect(pipeline, settings.api_base_url)
        view = LoadView(pipeline, BACKFILLED_DAYS)
        command = [sys.executable, "-m", "tiktok_pipelines.cli.demo_load"]
        with view:
            supervisor.run(
                "load", [*command, str(BACKFILLED_DAYS)], meanwhile=view.refresh
            )
        since = pipeline.clock.now() - timedelta(days=7)
        return summary(pipeline, _truth(settings.api_base_url), since)


def _connect(pipeline: Pipeline, url: str) -> None:
    """What a person does with shops connect and the consent page, for every seller."""
    port = int(url.rpartition(":")[2])
    for seller in dict.fromkeys(shop["seller"] for shop in _simulated_shops(port)):
        answer: Any = _ask(port, "/_sim/authorize", {"seller": seller})
        shops = pipeline.connector.connect(answer["code"])
        say(f"Connected: {', '.join(f'{shop.name} ({shop.region})' for shop in shops)}")


def _truth(url: str) -> dict[str, int]:
    """How many orders the simulator shows, per shop: the count to compare with."""
    shops = _simulated_shops(int(url.rpartition(":")[2]))
    return {shop["id"]: shop["orders"] for shop in shops}


def _simulated_shops(port: int) -> list[dict[str, Any]]:
    state: Any = _ask(port, "/_sim/state")
    return state["shops"]


def _ask(port: int, path: str, body: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
    """The simulator's control; None while it does not answer."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"http://127.0.0.1:{port}{path}", data=data)
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310 - our own simulator
            return json.load(answer)
    except (URLError, OSError):
        return None
