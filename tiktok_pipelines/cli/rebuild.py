"""``rebuild``: tables derived again from the pages kept, without the API."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (Place("orders", "rebuild_orders", "Orders, lines, history and customers."),)


rebuild = CommandGroup(
    "rebuild", "Derive tables again from the pages kept.", places=_PLACES
)
