"""The demo for another shell: a file to read in, then every command works with it."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from tiktok_pipelines.cli.env import export_lines
from tiktok_pipelines.cli.processes import program

SHELL_FILE = "env.sh"


def write_shell_file(home: Path, environment: Mapping[str, str]) -> None:
    """Write it into the demo's home; for its owner alone, as the key is in it."""
    programs = shlex.quote(str(Path(program("tiktok-pipelines")).parent))
    lines = [*export_lines(environment), f'export PATH={programs}:"$PATH"', ""]
    file = home / SHELL_FILE
    file.touch(mode=0o600)
    file.write_text("\n".join(lines))
