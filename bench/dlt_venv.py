"""dlt in a virtual environment of its own, made when missing: no dependency of ours."""

import os
import shutil
import subprocess
import venv
from pathlib import Path

_VERSION = "1.31.0"
_PACKAGES = (f"dlt[postgres]=={_VERSION}",)


def python_with_dlt() -> Path:
    """The interpreter of that environment, below the user's cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "tiktok-pipelines-bench" / f"dlt-{_VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([*_installer(python), *_PACKAGES], check=True)
        (folder / "ready").touch()
    return python


def _installer(python: Path) -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", str(python)]
    return [str(python), "-m", "pip", "install", "--quiet"]
