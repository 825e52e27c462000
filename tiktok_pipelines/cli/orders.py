"""``orders``: single orders, by hand."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (Place("pull", "order_pull", "Read single orders again."),)


orders = CommandGroup("orders", "Single orders, by hand.", places=_PLACES)
