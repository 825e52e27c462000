"""``rebuild orders``: what differs from the pages kept, told and put right."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.ingest.rebuild import (
    RebuildReport,
    RebuildRequest,
    ShopRebuild,
    rebuild_orders,
)
from tiktok_pipelines.ingest.rebuild_compare import TableDifference
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.settings import Settings

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--shop", "shop_ids", multiple=True, help="This shop; else every one.")
@click.option("--from", "first", type=DAY, help="First day of creation, UTC.")
@click.option("--to", "last", type=DAY, help="Last day of creation, UTC; it counts.")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Compare only.")
@click.option(
    "--accept-removals", is_flag=True, help="Delete rows that no page tells of."
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def orders(
    *,
    shop_ids: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    is_dry_run: bool,
    accept_removals: bool,
    as_json: bool,
) -> None:
    """Derive orders, lines, history and customers again; asks nothing of TikTok.

    Rows that are right are not rewritten; recipients are in no page and stay, unless
    their order is removed.
    """
    days = days_between(first, last)
    request = RebuildRequest(shop_ids, days, is_dry_run, accept_removals)
    with open_database(Settings.from_environment()) as database:
        report = rebuild_orders(database, request, log=say)
    tell(report, "orders", as_json=as_json)


def days_between(first: datetime | None, last: datetime | None) -> CreationDays:
    """The days that ``--from`` and ``--to`` name.

    Raises:
        ConfigurationError: the first day comes after the last.
    """
    return CreationDays(first.date() if first else None, last.date() if last else None)


def tell(report: RebuildReport, what: str, *, as_json: bool) -> None:
    """Print a report about ``what``.

    Raises:
        PipelineError: tables differ from what the pages tell.
    """
    if as_json:
        print_json(_told(report))
    else:
        click.echo("\n".join(_lines(report, what)))
    report.raise_if_left()


def _told(report: RebuildReport) -> dict[str, object]:
    """The report for machines."""
    return {
        "is_equal": report.is_equal,
        "is_dry_run": report.request.is_dry_run,
        "shops": [
            {
                "shop_id": shop.shop_id,
                "page_count": shop.replayed.pages,
                "order_count": shop.replayed.orders,
                "refused_count": shop.replayed.refused_count,
                "refused": list(shop.replayed.refused),
                "is_applied": shop.is_applied,
                "tables": [asdict(each) for each in shop.differences],
            }
            for shop in report.shops
        ],
    }


def _lines(report: RebuildReport, what: str) -> Iterator[str]:
    for shop in report.shops:
        replayed = shop.replayed
        yield (
            f"shop {shop.shop_id}: {replayed.pages} pages, {replayed.orders} {what} "
            f"read: {_outcome(shop)}"
        )
        if replayed.refused_count:
            named = ", ".join(replayed.refused)
            yield (
                f"  {replayed.refused_count} answers left out, as PostgreSQL refuses a "
                f"value: {what} {named}"
            )
        for each in shop.differences:
            if each.total:
                yield from _table(each)
    if not report.shops:
        yield "No page is kept yet."


def _outcome(shop: ShopRebuild) -> str:
    if not shop.total:
        return "equal"
    return f"{shop.total} rows differ{'ed, put right' if shop.is_applied else ''}"


def _table(each: TableDifference) -> Iterator[str]:
    yield (
        f"  {each.table}: {each.added} missing, {each.removed} in no page, "
        f"{each.changed} changed, {each.moved} from another page"
    )
    if each.columns:
        columns = ", ".join(f"{name} ({rows})" for name, rows in each.columns.items())
        yield f"    changed columns: {columns}"
    words = {"added": "missing", "removed": "in no page", "moved": "from another page"}
    for kind, named in each.rows.items():
        yield f"    {words.get(kind, kind)}, e.g. {'; '.join(named)}"
