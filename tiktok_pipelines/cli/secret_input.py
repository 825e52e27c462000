"""Secrets that a person hands to a command: typed unseen, and in no process list."""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

STDIN = "-"
"""What stands for standard input in place of a secret."""
_STAT, _MEMORY = Path("/proc/self/stat"), Path("/proc/self/mem")
# Fields 48 and 49 of proc_pid_stat(5); what follows the program's name begins with 3.
_START, _END = 48 - 3, 49 - 3


def taken(told: str, what: str) -> str:
    """The secret that an option told, less spaces around it.

    ``-`` stands for one line of standard input, asked for without an echo where that
    is a terminal. A secret on the command line is overwritten there at once.
    """
    if told != STDIN:
        _hide(told)
        return told.strip()
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def _hide(secret: str) -> None:
    """Overwrite an argument in the memory that process lists show, where Linux lets.

    Until then it can be seen: hence ``-``.
    """
    wanted = os.fsencode(secret) + b"\0"
    with suppress(OSError), _MEMORY.open("r+b", buffering=0) as memory:
        start, end = _arguments()
        memory.seek(start)
        place = memory.read(end - start).find(wanted)
        if place >= 0:
            memory.seek(start + place)
            memory.write(b"*" * (len(wanted) - 1))


def _arguments() -> tuple[int, int]:
    """Where the kernel keeps this process's arguments: first byte, and past the last.

    Read and written through the kernel, a wrong address is an error, not a crash.
    """
    fields = _STAT.read_text("ascii", "replace").rpartition(")")[2].split()
    return int(fields[_START]), int(fields[_END])
