"""``rebuild``: tables derived again from the pages kept, without the API."""

from tiktok_pipelines.cli.group import CommandGroup, Place
from tiktok_pipelines.subjects import SUBJECTS

_PLACES = (
    Place("orders", "rebuild_orders", "Orders, lines, history and customers."),
    *(
        Place(
            subject.name.replace("_", "-"),
            "rebuild_subjects",
            f"{', '.join(table.partition('.')[2] for table in subject.tables)}.",
        )
        for subject in SUBJECTS
    ),
)


rebuild = CommandGroup(
    "rebuild", "Derive tables again from the pages kept.", places=_PLACES
)
