"""What SQLAlchemy may log of our statements when somebody turns its logs on."""

import logging

LOGGING_NAME = "tiktok"
"""Tells the logger of our engine from those of others, such as Dagster's."""


class _WithoutRows(logging.Filter):
    """Drop the rows that were read, which DEBUG would show: they hold buyer data."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything else pass."""
        return not str(record.msg).startswith("Row ")


def keep_rows_out_of_logs() -> None:
    """Make our engine log statements, but no rows; twice changes nothing."""
    logger = logging.getLogger(f"sqlalchemy.engine.Engine.{LOGGING_NAME}")
    if not any(isinstance(item, _WithoutRows) for item in logger.filters):
        logger.addFilter(_WithoutRows())
