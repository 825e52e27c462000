"""A process that loads a shop of a page server with dlt, tuned; runs in dlt's own venv.

``rest_api`` source → ``postgres``, merge by the order's id, lines in a nested table.
What was tried for the settings below stands in README.md. It imports nothing of the
project: ``python bench/dlt_load.py --help``.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

_SHARES = 8
_AS_JSON = ("packages", "recipient_address__district_info")


def main() -> None:
    asked = _parser().parse_args()
    _tune(asked)
    import dlt  # noqa: PLC0415 - reads its settings from the environment above
    from dlt.sources.rest_api import rest_api_source  # noqa: PLC0415 - as above

    source = rest_api_source(_config(asked), max_table_nesting=asked.nesting)
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=asked.folder,
        destination=dlt.destinations.postgres(_full(asked.database)),
        dataset_name="shop",
    )
    pipeline.run(source, loader_file_format=asked.loader)
    counts = pipeline.last_trace.last_normalize_info.row_counts
    sys.stdout.write(json.dumps(counts))


def _full(database_url: str) -> str:
    """The URL with a host and a password, which dlt misses; the socket counts."""
    return database_url.replace("postgres@/", "postgres:none@localhost/")


def _tune(asked: argparse.Namespace) -> None:
    """As an expert would for two cores and a near server."""
    os.environ |= {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "DLT_PROJECT_DIR": asked.folder,
        "DLT_DATA_DIR": asked.folder,
        "EXTRACT__WORKERS": "4",
        "EXTRACT__MAX_PARALLEL_ITEMS": "20",
        "NORMALIZE__WORKERS": str(asked.normalizers),
        "DATA_WRITER__BUFFER_MAX_ITEMS": "5000",
        "DATA_WRITER__FILE_MAX_ITEMS": "20000",
        "DATA_WRITER__DISABLE_COMPRESSION": "true",
        "LOAD__WORKERS": "4",
        "LOAD__DELETE_COMPLETED_JOBS": "true",
    }


def _config(asked: argparse.Namespace) -> Any:  # noqa: ANN401 - dlt's own type
    return {
        "client": {
            "base_url": asked.url,
            "headers": {"x-tts-access-token": "bench-access"},
            "paginator": {
                "type": "cursor",
                "cursor_path": "data.next_page_token",
                "cursor_param": "page_token",
            },
        },
        "resource_defaults": {
            "primary_key": "id",
            "write_disposition": {"disposition": "merge", "strategy": "delete-insert"},
            "parallelized": True,
            "columns": _columns(asked.nesting),
        },
        "resources": [_resource(asked, *window) for window in _windows(asked)],
    }


def _columns(nesting: int) -> dict[str, Any]:
    """With one level of nesting the lines alone become a table, the rest is JSON."""
    names = _AS_JSON if nesting == 1 else ()
    return {name: {"data_type": "json"} for name in names}


def _resource(
    asked: argparse.Namespace, number: int, since: datetime, until: datetime
) -> Any:  # noqa: ANN401 - dlt's own type
    return {
        "name": f"orders_{number}",
        "table_name": "orders",
        "endpoint": {
            "path": "/order/202309/orders/search",
            "method": "POST",
            "params": {
                "shop_cipher": asked.cipher,
                "page_size": 100,
                "sort_field": "create_time",
                "sort_order": "ASC",
            },
            "json": {
                "create_time_ge": int(since.timestamp()),
                "create_time_lt": int(until.timestamp()),
            },
            "data_selector": "data.orders",
        },
    }


def _windows(asked: argparse.Namespace) -> Iterator[tuple[int, datetime, datetime]]:
    """As many windows as are read at once, each of several days."""
    until = datetime.fromisoformat(asked.until).astimezone(UTC)
    step = timedelta(days=asked.days + 1) / _SHARES
    start = until - step * _SHARES
    for number in range(_SHARES):
        yield number, start + step * number, start + step * (number + 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--cipher", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--folder", required=True, help="for dlt's own files")
    parser.add_argument("--until", required=True, help="end of the last day")
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--loader", default="csv", help="dlt's file format")
    parser.add_argument("--nesting", type=int, default=1, help="levels of tables")
    parser.add_argument("--normalizers", type=int, default=1, help="processes")
    return parser


if __name__ == "__main__":
    main()
