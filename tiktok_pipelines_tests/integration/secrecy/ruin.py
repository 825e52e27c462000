"""A run in which everything goes wrong, and which tells all that it can be made to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml
from click.testing import CliRunner

from tiktok_pipelines.cli.dagster_home import packaged, prepare_dagster
from tiktok_pipelines.cli.main import main
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Fault, Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import (
    KEY,
    LIMITLESS,
    Served,
    administer,
    environment_of,
    new_database,
)
from tiktok_pipelines_tests.integration.dagster.world import key_of
from tiktok_pipelines_tests.integration.ingest.stored import rows
from tiktok_pipelines_tests.integration.secrecy.leavings import Leaving, files
from tiktok_pipelines_tests.integration.secrecy.needles import Needle
from tiktok_pipelines_tests.integration.secrecy.told import SECRET, Told
from tiktok_pipelines_tests.integration.secrecy.watch import Watch

APP_SECRET, PASSWORD = "app5ecretOfTheRuin77", "passw0rd/OfTheRuin"
# Whatever they are followed by: signatures are made anew for each request.
IN_ADDRESSES = ("&sign=", "?sign=", "'sign': ", "app_secret=", "auth_code=", "cipher=R")
MODULE = ("-m", "tiktok_pipelines.definitions")
PATIENCE_S = 600
# What goes through Dagster becomes an event each; the rest is printed.
_TALKATIVE = {
    "python_logs": {
        "python_log_level": "DEBUG",
        "managed_python_loggers": ["httpx", "tiktok_pipelines", "psycopg"],
    }
}
_PRINTED = """
import logging

logging.basicConfig(level=logging.DEBUG)
for name in ("httpx", "httpcore", "urllib3", "sqlalchemy.engine", "psycopg", "asyncio"):
    logging.getLogger(name).setLevel(logging.DEBUG)
"""
# At most four calls of one shop fail: six in a row would make the run wait for minutes.
_OF_SHOPS = (
    ("throttle", "error_code", "cut_before", "broken_json"),
    ("expired_token",),
    ("throttle_bare", "cut_midway", "server_error", "refuse_page_token"),
)
_OF_ORDERS = ("malformed", "bad_lines", "unstorable", "nulls", "unknown_field")
# One order is refused for a value, all of another shop by a rule; both are quoted.
_REFUSE = """
    CREATE FUNCTION tiktok.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF abs(hashtext(NEW.order_id)) % 50 = 0 THEN
            RAISE EXCEPTION 'no room for % of %', NEW.name, NEW.full_address
                USING ERRCODE = '22001', DETAIL = NEW::text, HINT = NEW.buyer_email;
        END IF;
        RETURN NEW;
    END $$
"""
_ON_INSERT = """
    CREATE TRIGGER refuse BEFORE INSERT ON tiktok.order_recipients
    FOR EACH ROW EXECUTE FUNCTION tiktok.refuse()
"""


@dataclass(frozen=True, slots=True)
class Ruin:
    """What was run, where it worked, and what was told meanwhile."""

    folder: Path
    environment: Mapping[str, str]
    simulator: Simulator
    told: Told
    watch: Watch
    database: Database
    server: EmbeddedServer
    codes: list[str]
    log_start: int

    @property
    def instances(self) -> Sequence[Mapping[str, str]]:
        """What leads to Dagster's instances: one in PostgreSQL, one in files."""
        in_files = {"DAGSTER_HOME": str(self.folder / "files")}
        return self.environment, {**self.environment, **in_files}

    def needles(self) -> Iterator[Needle]:
        """Secrets of ours and of TikTok, and all that the shops told."""
        ciphers = [shop.cipher for shop in self.simulator.shops]
        own = (APP_SECRET, PASSWORD, KEY, *ciphers, *self.codes, *IN_ADDRESSES)
        yield from (Needle(SECRET, text) for text in own)
        yield from self.told.needles()

    def start(
        self, name: str, *arguments: str, instance: int = 0
    ) -> subprocess.Popen[bytes]:
        """Start Dagster's program; what it prints goes to a file."""
        with (self.folder / "printed" / name).open("wb") as printed:
            return subprocess.Popen(
                [Path(sys.executable).parent / "dagster", *arguments],
                env={"PATH": os.environ["PATH"], **self.instances[instance]},
                cwd=self.folder,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )

    def command(self, *arguments: str, **more: str) -> None:
        """Run a command of ours; what it prints goes to a file too."""
        result = CliRunner(env={**self.environment, **more}).invoke(main, arguments)
        name = "-".join(word for word in arguments if word.isalpha())
        with (self.folder / "printed" / f"tiktok-pipelines-{name}").open("ab") as file:
            file.write(result.output.encode())

    def leavings(self) -> Iterator[Leaving]:
        """All files of the run, and what the server logged meanwhile."""
        yield from files(self.folder)
        yield "postgres.log", self.server.log.read_bytes()[self.log_start :]


@contextmanager
def ruined(server: EmbeddedServer, folder: Path) -> Generator[Ruin]:
    """Run everything, and leave it all where it fell."""
    config = SimulatorConfig(
        shops=4, orders=240, days=2, rate_per_second=LIMITLESS, app_secret=APP_SECRET
    )
    simulator, told = Simulator(config), Told()
    simulator.around = told.around
    with serve(simulator) as url, new_database(server) as database_url:
        environment = _environment(Served(simulator, url), database_url, folder)
        database, watch = Database(database_url), Watch((folder, server.data))
        ruin = Ruin(
            folder,
            environment,
            simulator,
            told,
            watch,
            database,
            server,
            [],
            server.log.stat().st_size,
        )
        _prepare(ruin)
        with watch.during(server):
            _run(ruin)
        yield ruin
        database.close()
        name = Settings.from_environment(environment).dagster_database_url.name
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _environment(served: Served, database_url: str, folder: Path) -> dict[str, str]:
    """An external database with a password, which the server does not ask for."""
    for name in ("tmp", "printed", "files", "user", "site"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(_PRINTED)
    user, rest = database_url.removeprefix("postgresql://").split("@", 1)
    password = PASSWORD.replace("/", "%2F")
    environment = {
        **environment_of(served, database_url, folder / "home"),
        "TIKTOK_DATABASE_URL": f"postgresql://{user}:{password}@{rest}",
        "TIKTOK_FIRST_SYNC_DAYS": "4",
        "TIKTOK_LOG_LEVEL": "DEBUG",
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "user"),
        "PYTHONPATH": str(folder / "site"),
    }
    settings = Settings.from_environment(environment)
    prepare_dagster(settings)
    return {**environment, **settings.exports()}


def _prepare(ruin: Ruin) -> None:
    for instance in ruin.instances:
        file = Path(instance["DAGSTER_HOME"]) / "dagster.yaml"
        plain = packaged("dagster.yaml") if file.exists() else ""
        file.write_text(plain.partition("\n")[2] + yaml.safe_dump(_TALKATIVE))
    for seller in ruin.simulator.sellers:
        ruin.codes.append(ruin.simulator.authorize(seller.id))
        ruin.command("shops", "connect", "--code", ruin.codes[-1], DAGSTER_HOME="")
    for instance in ruin.instances:
        ruin.command("shops", "register", DAGSTER_HOME=instance["DAGSTER_HOME"])
    name = ruin.database.engine.url.database
    administer(ruin.server, f"ALTER DATABASE {name} SET log_statement = 'all'")
    strict = f"CHECK (shop_id <> '{ruin.simulator.shops[1].id}' OR length(name) < 5)"
    with ruin.database.begin() as connection:
        for statement in (_REFUSE, _ON_INSERT):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        table = "ALTER TABLE tiktok.order_recipients"
        connection.exec_driver_sql(f"{table} ADD CONSTRAINT strict {strict}")
    ruin.simulator.revoke(ruin.simulator.shops[3].seller_id)
    _add_faults(ruin.simulator)


def _add_faults(simulator: Simulator) -> None:
    for shop, kinds in zip(simulator.shops, _OF_SHOPS, strict=False):
        for kind in kinds:
            simulator.faults.add(Fault(kind, shop_id=shop.id, count=1))
    for kind in (*_OF_ORDERS, "text_numbers"):
        simulator.faults.add(Fault(kind, share=0.06))


def _run(ruin: Ruin) -> None:
    """A sync, a backfill, one that is stopped in the middle, and commands."""
    _stop_in_the_middle(ruin)
    shops = ruin.simulator.shops
    sync = ruin.start("sync", "job", "execute", *MODULE, "-j", "sync_orders")
    backfill = ruin.start("backfill", *_backfill(shops[2].id), instance=1)
    for process in (sync, backfill):
        _wait(process)
    for arguments in _commands(ruin):
        ruin.command(*arguments)


def _backfill(shop_id: str) -> Sequence[str]:
    today: date = SystemClock().now().date()
    first, last = key_of(shop_id, today - timedelta(days=2)), key_of(shop_id, today)
    select = ("--select", "tiktok/orders", "--partition-range", f"{first}...{last}")
    return ("asset", "materialize", *MODULE, *select)


def _stop_in_the_middle(ruin: Ruin) -> None:
    """Interrupt a load that waits for an answer; kill it when it goes on."""
    shop_id = ruin.simulator.shops[0].id
    slow = ruin.simulator.faults.add(Fault("slow", shop_id=shop_id, seconds=3))
    process = ruin.start("stopped", *_backfill(shop_id))
    _wait_until(lambda: shop_id in ruin.told.searched)
    process.send_signal(signal.SIGINT)
    ruin.simulator.faults.remove(slow)
    printed = ruin.folder / "printed" / "stopped"
    _wait_until(lambda: b"InterruptedError" in printed.read_bytes())
    process.kill()
    _wait(process)


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(0.02)


def _wait(process: subprocess.Popen[bytes]) -> None:
    with process:
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _commands(ruin: Ruin) -> Iterator[Sequence[str]]:
    found = rows(ruin.database, "SELECT shop_id, order_id FROM tiktok.orders LIMIT 1")
    bad = rows(
        ruin.database, "SELECT quarantine_id AS id FROM tiktok_ops.quarantine_records"
    )
    for order in found:
        yield "orders", "pull", order["order_id"], "--shop", order["shop_id"]
        yield "raw", "show", order["order_id"], "--all"
        yield "raw", "show", order["order_id"], "--json"
    for record in bad:
        yield "quarantine", "show", str(record["id"])
    for words in (
        *(("shops", "list"), ("doctor",), ("quarantine", "list"), ("drift", "list")),
        *(("privacy", "list"), ("privacy", "audit")),
    ):
        yield words
        yield (*words, "--json")
