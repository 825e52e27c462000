"""Settings from files: ``.env``, the home and its generated key."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from scripts import write_docs
from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable
from tiktok_pipelines.settings import Settings


def test_the_nearest_dotenv_upwards_is_read_below_the_environment(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_text("TIKTOK_APP_KEY=far\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".env").write_text(
        "TIKTOK_APP_KEY=near\nexport TIKTOK_SERVICE_ID='5'\nTIKTOK_APP_SECRET=a${b}\n"
    )
    (tmp_path / "a" / "b").mkdir()

    found = Settings.from_environment(
        {"TIKTOK_SERVICE_ID": "6"}, folder=tmp_path / "a" / "b"
    )

    assert found.app_key == "near"
    assert found.service_id == "6"
    assert found.app_secret.get_secret_value() == "a${b}"


def test_a_dotenv_that_is_no_text_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"TIKTOK_APP_KEY=\xff\xfe\n")

    with pytest.raises(ConfigurationError, match=r"^\S+/\.env cannot be read"):
        Settings.from_environment({}, folder=tmp_path)


def test_home_lies_beside_the_nearest_workspace(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").touch()
    (tmp_path / "deep").mkdir()

    found = Settings.from_environment({}, folder=tmp_path / "deep")

    assert found.home == tmp_path.resolve() / ".tiktok_pipelines"


def test_a_relative_home_counts_from_where_it_was_written(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TIKTOK_HOME=state\n")
    deep = tmp_path / "deep"
    deep.mkdir()

    from_file = Settings.from_environment({}, folder=deep).home
    from_shell = Settings.from_environment({"TIKTOK_HOME": "state"}, folder=deep).home

    assert from_file == tmp_path.resolve() / "state"
    assert from_shell == deep.resolve() / "state"


def test_the_generated_key_is_private_and_stays(tmp_path: Path) -> None:
    found = Settings.from_environment({"TIKTOK_HOME": str(tmp_path / "home")})

    first = found.encryption_keys()

    assert stat.S_IMODE(found.encryption_key_file.stat().st_mode) == 0o600
    assert found.encryption_keys() == first
    Fernet(first[0].get_secret_value())


def test_processes_that_ask_at_once_agree_on_one_key(tmp_path: Path) -> None:
    program = (
        "from tiktok_pipelines.settings import Settings;"
        "print(Settings.from_environment().encryption_keys()[0].get_secret_value())"
    )
    environment = {"TIKTOK_HOME": str(tmp_path)}

    asked = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    told = {process.communicate()[0] for process in asked}

    assert len(told) == 1
    assert len(told.pop()) == 45
    assert [path.name for path in tmp_path.iterdir()] == ["encryption.key"]


def test_a_key_file_without_a_key_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "encryption.key"
    file.write_text("not a key")

    with pytest.raises(ConfigurationError, match="holds no Fernet key"):
        Settings.from_environment({"TIKTOK_HOME": str(tmp_path)}).encryption_keys()
    assert file.read_text() == "not a key"


def test_without_a_server_the_database_url_names_the_command(tmp_path: Path) -> None:
    found = Settings.from_environment({"TIKTOK_HOME": str(tmp_path)})

    with pytest.raises(DatabaseUnavailable, match=r"tiktok-pipelines db start$"):
        _ = found.database_url


def test_the_example_can_be_copied_as_it_is(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(write_docs.env_example())

    copied = Settings.from_environment({}, folder=tmp_path)

    (tmp_path / ".env").unlink()
    assert copied == Settings.from_environment({}, folder=tmp_path)
