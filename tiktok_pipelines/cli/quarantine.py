"""``quarantine``: records that could not become rows, and how to get them in."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("list", "quarantine_list", "Tell the records that wait, and why."),
    Place("show", "quarantine_show", "One record whole, and how to go on."),
    Place("replay", "quarantine_replay", "Try records again, asking TikTok."),
)


quarantine = CommandGroup(
    "quarantine", "Records that could not become rows.", places=_PLACES
)
