"""``up``: everything in the foreground, and nothing left when it ends."""

import fcntl
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import click

from tiktok_pipelines.cli.dagster_home import prepare_dagster
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.ports import free_port
from tiktok_pipelines.cli.processes import Supervisor, interruptible, program
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.migrate import upgrade

HOST = "127.0.0.1"
_READY_LIMIT_S = 180.0
_UNSAID = (
    "No cursor for event type",  # a warning on every new instance, of nothing
    "Checking for new runs for",
    " skipped: ",
)
"""What Dagster's daemon writes without end while nothing happens: in its log alone."""


@click.command()
@click.option(
    "--port",
    default=3000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port of the Dagster UI.",
)
@click.option(
    "--receiver-port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port of the receiver of webhooks.",
)
def up(*, port: int, receiver_port: int) -> None:
    """Database, migrations, Dagster UI and daemon, receiver, in the foreground."""
    settings = Settings.from_environment()
    settings.app()
    settings.encryption_keys()
    with interruptible(), one_at_a_time(settings.home), ExitStack() as stack:
        is_ours = start_database(settings, stack)
        supervisor = stack.enter_context(supervise(settings, is_ours=is_ours))
        start_receiver(supervisor, free_port(receiver_port))
        start_dagster(supervisor, settings, free_port(port))
        supervisor.wait()
    say("Stopped.")


def start_database(settings: Settings, stack: ExitStack) -> bool:
    """Have a migrated database; True if the stack stops the server at its end."""
    is_ours = False
    if settings.is_embedded:
        server = settings.embedded_server
        is_ours = server.start()
        if is_ours:
            stack.callback(server.stop)
        say(f"PostgreSQL {'started' if is_ours else 'runs'}: {server.data}")
    upgrade(settings.database_url.libpq)
    prepare_dagster(settings)
    return is_ours


def supervise(
    settings: Settings,
    *,
    is_ours: bool,
    environment: Mapping[str, str] | None = None,
) -> Supervisor:
    """A supervisor whose children know this home, and ``environment`` if given."""
    owned = settings.home if is_ours else None
    environment = {**settings.child_environment(), **(environment or {})}
    return Supervisor(environment, settings.home / "logs", owned_home=owned)


def start_dagster(
    supervisor: Supervisor, settings: Settings, port: int, *, is_quiet: bool = False
) -> None:
    """Start UI and daemon, and say when the UI answers."""
    workspace = ("-w", str(settings.dagster_home / "workspace.yaml"))
    supervisor.start("webserver", webserver(port, workspace), is_quiet=is_quiet)
    level = settings.log_level.lower()
    # it starts its code server anew each minute, and warns of the end of the old one
    told = ("--log-level", level, "--code-server-log-level", "error")
    daemon = [program("dagster-daemon"), "run", *told, *workspace]
    supervisor.start("daemon", daemon, is_quiet=is_quiet, unsaid=_UNSAID)
    if supervisor.wait(lambda: _answers(port), timeout_s=_READY_LIMIT_S):
        say(f"Dagster UI: http://{HOST}:{port}   (Ctrl-C stops everything)")
    else:
        say("The Dagster UI does not answer yet; its output is above.")


def start_receiver(
    supervisor: Supervisor, port: int, *, is_quiet: bool = False
) -> None:
    """Start the public port; a proxy in front of it speaks HTTPS."""
    command = [program("tiktok-pipelines"), "receiver", "--port", str(port)]
    supervisor.start("receiver", command, is_quiet=is_quiet)
    say(f"Receiver: http://{HOST}:{port}/webhooks/tiktok")


def webserver(port: int, workspace: Sequence[str]) -> list[str]:
    """The command of Dagster's UI; it has no login, so it stays on this machine."""
    told = ("--host", HOST, "--port", str(port), "--log-level", "warning")
    return [program("dagster-webserver"), *told, *workspace]


@contextmanager
def one_at_a_time(home: Path) -> Generator[None]:
    """Two daemons on one home would run every schedule twice.

    Raises:
        ConfigurationError: another ``up`` works on this home.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                f"tiktok-pipelines up runs on {home} already: stop that one, or set "
                "another TIKTOK_HOME"
            ) from None
        yield


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/server_info")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
