"""``rebuild SUBJECT``: a command for each subject beside orders."""

from collections.abc import Mapping

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.rebuild_orders import tell
from tiktok_pipelines.ingest.rebuild import RebuildRequest
from tiktok_pipelines.ingest.records.rebuild import rebuild_records
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.settings import Settings


def _refuse(_: click.Context, __: click.Parameter, day: str | None) -> None:
    if day is not None:
        raise click.UsageError(
            "only `rebuild orders` can be limited to days: the pages of other subjects"
            " tell no days of creation. Leave --from and --to out"
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
    @click.option("--from", "--to", hidden=True, callback=_refuse, expose_value=False)
    @click.option("--dry-run", "is_dry_run", is_flag=True, help="Compare only.")
    @click.option(
        "--accept-removals", is_flag=True, help="Delete rows that no page tells of."
    )
    @click.option("--json", "as_json", is_flag=True, help="For machines.")
    def command(
        *,
        shop_ids: tuple[str, ...],
        is_dry_run: bool,
        accept_removals: bool,
        as_json: bool,
    ) -> None:
        request = RebuildRequest(
            shop_ids, is_dry_run=is_dry_run, accepts_removals=accept_removals
        )
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
