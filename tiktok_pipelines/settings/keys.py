"""The encryption key of an embedded set-up: made once, whoever asks first."""

import base64
import os
import secrets
import tempfile
from pathlib import Path

from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings.values import fernet_keys


def generated_keys(file: Path) -> tuple[SecretStr, ...]:
    """The keys in ``file``, which is made with one new key if it is not there.

    Processes that ask at the same time agree on one key.

    Raises:
        ConfigurationError: the file cannot be made or read, or holds no key.
    """
    try:
        if not file.exists():
            _create(file)
        told = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read or made ({error.strerror}): expected a Fernet key; "
            "make the folder writable or set TIKTOK_ENCRYPTION_KEYS"
        ) from None
    except UnicodeDecodeError:
        told = ""
    return _parsed(told, file)


def _parsed(told: str, file: Path) -> tuple[SecretStr, ...]:
    try:
        keys = fernet_keys(told)
    except ValueError:
        keys = ()
    if not keys:
        raise ConfigurationError(
            f"{file} holds no Fernet key: expected the key that encrypted the stored "
            "tokens; restore the file from a backup or set TIKTOK_ENCRYPTION_KEYS"
        )
    return keys


def _create(file: Path) -> None:
    """Write beside, then link: the file appears whole, and only for the first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    key = base64.urlsafe_b64encode(secrets.token_bytes(32))
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".encryption.key-")
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(key + b"\n")
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        return
    finally:
        Path(name).unlink()
