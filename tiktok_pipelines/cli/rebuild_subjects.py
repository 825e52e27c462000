"""``rebuild SUBJECT``: a command for each subject beside orders."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.rebuild_orders import DAY, days_between, tell
from tiktok_pipelines.ingest.rebuild import RebuildRequest
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.records.rebuild_scope import dated_by, no_days
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.settings import Settings

_Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def _day(subject: Subject, option: str, name: str, what: str) -> _Option:
    """An option for a day; where records have none it says so."""
    column = dated_by(subject.mapping)

    def refuse(_: click.Context, __: click.Parameter, day: datetime | None) -> None:
        if day is not None:
            raise click.UsageError(no_days(subject.mapping))

    return click.option(
        option,
        name,
        type=DAY,
        help=f"{what} of {column}, UTC; it counts.",
        hidden=column is None,
        callback=None if column else refuse,
    )


def _command(subject: Subject) -> click.Command:
    @click.command(
        subject.name.replace("_", "-"),
        help=f"Derive {', '.join(subject.mapping.tables())} again; asks nothing of"
        " TikTok. Rows that are right are not rewritten.",
    )
    @click.option(
        "--shop", "shop_ids", multiple=True, help="This shop; else every one."
    )
    @_day(subject, "--from", "first", "First day")
    @_day(subject, "--to", "last", "Last day")
    @click.option("--dry-run", "is_dry_run", is_flag=True, help="Compare only.")
    @click.option(
        "--accept-removals", is_flag=True, help="Delete rows that no page tells of."
    )
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def command(
        *,
        shop_ids: tuple[str, ...],
        first: datetime | None,
        last: datetime | None,
        is_dry_run: bool,
        accept_removals: bool,
        as_json: bool,
    ) -> None:
        days = days_between(first, last)
        request = RebuildRequest(shop_ids, days, is_dry_run, accept_removals)
        with open_database(Settings.from_environment()) as database:
            report = rebuild_records(database, subject.mapping, request, log=say)
        tell(report, subject.name, as_json=as_json)

    return command


_COMMANDS: Mapping[str, click.Command] = {
    subject.name: _command(subject) for subject in ALL
}


def __getattr__(name: str) -> click.Command:
    """The command of a subject, by its name: how a group finds it."""
    if name not in _COMMANDS:
        raise AttributeError(name)
    return _COMMANDS[name]
