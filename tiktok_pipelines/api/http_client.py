"""The HTTP client that the API client is given, and what it may log."""

import logging
import re

import httpx

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
_QUERY = re.compile(r"\?[^\s\"]*")


def build_http_client(
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client with keep-alive, gzip and timeouts; close it when done.

    Threads may share it. Redirects are not followed: the signature covers the path.
    """
    keep_queries_out_of_logs()
    return httpx.Client(
        headers={"User-Agent": "tiktok-pipelines", "Accept": "application/json"},
        timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        follow_redirects=False,
        transport=transport,
    )


class _WithoutQuery(logging.Filter):
    """Cut the query off each address that httpx logs: it holds secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, its addresses shortened."""
        record.msg, record.args = _QUERY.sub("", record.getMessage()), None
        return True


def keep_queries_out_of_logs() -> None:
    """Make httpx log neither queries nor, unless it is asked to, each request.

    The queries hold signatures and ciphers, on the auth host even the app's secret.
    Calling this again changes nothing.
    """
    logger = logging.getLogger("httpx")
    if not any(isinstance(item, _WithoutQuery) for item in logger.filters):
        logger.addFilter(_WithoutQuery())
    for name in ("httpx", "httpcore"):
        quiet = logging.getLogger(name)
        if quiet.level == logging.NOTSET:
            quiet.setLevel(logging.WARNING)
