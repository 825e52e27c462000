"""What is looked for would be found, in whatever form and place."""

import base64
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.transform.encoding import compress
from tiktok_pipelines_tests.integration.secrecy.leavings import files, tables
from tiktok_pipelines_tests.integration.secrecy.needles import (
    Needle,
    Search,
    forms_of,
)
from tiktok_pipelines_tests.integration.secrecy.told import buyer_texts
from tiktok_pipelines_tests.integration.secrecy.watch import Watch

TEXT = 'Nguyễn "Tí" said:\n7 Đường\\Phố 🙏'
SEARCH = Search([Needle("text", TEXT), Needle("token", "ROW_0a1b2c3d4e5f")])


@pytest.mark.parametrize("form", [form for form, _ in forms_of(TEXT)])
def test_every_form_of_a_text_is_found(form: str) -> None:
    told = dict(forms_of(TEXT))[form]

    found = list(SEARCH.finds("a log", b"x" * 1_048_570 + told + b" and more"))

    assert [find.text for find in found] == [TEXT]


def test_base64_is_found_wherever_the_text_begins() -> None:
    for before in range(3):
        told = base64.b64encode(b"b" * before + b"ROW_0a1b2c3d4e5f" + b"after")

        assert [find.kind for find in SEARCH.finds("a header", told)] == ["token"]


def test_a_number_is_not_found_within_a_longer_one() -> None:
    search = Search([Needle("phone", "818459519")])

    assert [*search.finds("an id", b'"5808184595197"')] == []
    assert [find.text for find in search.finds("a log", b"to 818459519!")] == [
        "818459519"
    ]


def test_a_text_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        Search([Needle("name", "Linh")])


def test_buyers_are_known_by_the_names_of_their_fields() -> None:
    order = {
        "status": "DELIVERED",
        "packages": [{"buyer_email": "someone@mail.invalid"}],
        "recipient_address": {
            "name": "S***** M****",
            "phone_number": "(+60)818459519",
            "region_code": "MY",
            "district_info": [
                {"address_level": "L0", "address_name": "Malaysia"},
                {"address_level": "L2", "address_name": "Johor Bahru"},
            ],
        },
        "buyer_service_fee": "not personal",
    }

    assert set(buyer_texts(order)) == {
        *("someone@mail.invalid", "someone", "(+60)818459519", "818459519"),
        "Johor Bahru",
    }


def test_what_stands_in_a_file_or_a_table_of_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "run.log").write_text(f"told {TEXT}")
    with closing(sqlite3.connect(tmp_path / "events.db")) as connection:
        connection.execute("CREATE TABLE events (told)")
        connection.execute("INSERT INTO events VALUES (?)", [TEXT.encode("utf-16-le")])
        connection.commit()

    found = {
        find.place
        for place, data in files(tmp_path)
        for find in SEARCH.finds(place, data)
    }

    assert {"deep/run.log", "events.db"} <= found


def test_what_stands_in_any_table_is_found(
    postgres: EmbeddedServer, database: Database
) -> None:
    with database.begin() as connection:
        connection.execute(text("CREATE SCHEMA other"))
        connection.execute(text("CREATE TABLE other.notes (told text, body bytea)"))
        connection.execute(
            text("INSERT INTO other.notes VALUES (:told, NULL), ('', :body)"),
            {"told": TEXT, "body": compress(b'"ROW_0a1b2c3d4e5f"' * 50)},
        )

    found = {
        (find.place.rpartition(" ")[2], find.kind)
        for place, data in tables(postgres)
        for find in SEARCH.finds(place, data)
    }

    assert found == {("other.notes", "text"), ("other.notes", "token")}


def test_what_stands_in_a_command_line_or_a_statement_is_seen(
    postgres: EmbeddedServer, database: Database, tmp_path: Path
) -> None:
    watch = Watch((tmp_path,))

    def is_seen() -> bool:
        lines, statements = set(watch.command_lines), set(watch.statements)
        return any(b"ROW_0a1b2c" in line for line in lines) and any(
            "ROW_0a1b2c" in statement for statement in statements
        )

    with watch.during(postgres), database.begin() as connection:
        connection.execute(text("SELECT 'ROW_0a1b2c3d4e5f'"))
        command = [sys.executable, "-c", "input()", "ROW_0a1b2c3d4e5f"]
        with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE) as process:
            end = time.monotonic() + 120
            while time.monotonic() < end and not is_seen():
                time.sleep(0.02)
            process.kill()

    assert is_seen()
