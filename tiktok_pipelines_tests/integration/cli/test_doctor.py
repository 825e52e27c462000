"""``doctor``: every precondition, and the fix of each that fails."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tiktok_pipelines_tests.integration.cli.conftest import CommandLine


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
        del format, args


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def whole(host: str) -> dict[str, str]:
    return {
        "TIKTOK_APP_KEY": "key",
        "TIKTOK_APP_SECRET": "hush",
        "TIKTOK_SERVICE_ID": "7",
        "TIKTOK_API_BASE_URL": host,
        "TIKTOK_AUTH_BASE_URL": host,
    }


def failed(told: str) -> list[str]:
    return [check["name"] for check in json.loads(told) if not check["is_ok"]]


def test_all_is_well_once_all_is_set_up(started: CommandLine, host: str) -> None:
    started.run("db", "upgrade")

    done = started.run("doctor", **whole(host))

    assert done.returncode == 0
    assert {line[:2] for line in done.stdout.splitlines()} == {"ok"}
    assert "hush" not in done.stdout


def test_each_failure_is_one_line_with_its_fix(fresh: CommandLine) -> None:
    closed = "http://127.0.0.1:1"
    urls = {"TIKTOK_API_BASE_URL": closed, "TIKTOK_AUTH_BASE_URL": closed}

    done = fresh.run("doctor", "--json", **urls)

    assert done.returncode == 1
    assert failed(done.stdout) == ["app", "database", "migrations", "TikTok Shop"]
    details = {check["name"]: check["detail"] for check in json.loads(done.stdout)}
    assert details["app"].startswith("TIKTOK_APP_KEY is not set")
    assert details["database"].endswith("tiktok-pipelines db start")
    assert details["TikTok Shop"].endswith("TIKTOK_API_BASE_URL")


def test_tables_that_are_missing_name_the_command(
    fresh: CommandLine, host: str
) -> None:
    fresh.run("db", "start")

    done = fresh.run("doctor", "--json", **whole(host))

    assert failed(done.stdout) == ["migrations"]
    assert "tiktok-pipelines db upgrade" in done.stdout


def test_a_dagster_home_that_cannot_work_names_the_command(
    started: CommandLine, host: str
) -> None:
    started.run("db", "upgrade")
    started.run("env")
    home = str(started.home / "dagster")

    done = started.run("doctor", "--json", DAGSTER_HOME=home, **whole(host))

    assert failed(done.stdout) == ["Dagster"]
    assert "tiktok-pipelines env" in done.stdout
