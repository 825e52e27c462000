"""``raw``: what TikTok said, from the pages kept."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (Place("show", "raw_show", "What TikTok said of a record, and when."),)


raw = CommandGroup("raw", "What TikTok said, as it was kept.", places=_PLACES)
