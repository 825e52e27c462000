"""``db``: the embedded server, migrations, and PostgreSQL's own tools."""

from tiktok_pipelines.cli.group import CommandGroup, Place

_PLACES = (
    Place("start", "server", "Start the embedded PostgreSQL in the background."),
    Place("stop", "server", "Stop the embedded PostgreSQL, whoever started it."),
    Place("status", "server", "Tell whether the embedded PostgreSQL runs."),
    Place("upgrade", "schema", "Bring the tables to the newest form."),
    Place("url", "server", "Print the URL that psql and other tools take."),
    Place("analyst", "analyst", "Make a role that only reads, and print its URL."),
    Place("psql", "backups", "Open psql on the database."),
    Place("backup", "backups", "Write all tables to a file."),
    Place("restore", "backups", "Replace all tables by those in a file."),
)


db = CommandGroup("db", "The database: start, stop, upgrade, back up.", places=_PLACES)
