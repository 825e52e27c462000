"""``webhooks send-test``: a signed event, as TikTok would send it."""

import json
import secrets
from collections.abc import Sequence

import click
import httpx

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.cli.webhook_events import EventType
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError, PipelineError
from tiktok_pipelines.settings import Settings

_ANSWERS_WITHIN_S = 3.0


@click.command("send-test")
@click.option(
    "--url",
    default="http://127.0.0.1:8000/webhooks/tiktok",
    show_default=True,
    help="The receiver.",
)
@click.option(
    "--type",
    "event_type",
    type=EventType(),
    default="1",
    show_default=True,
    help="The event: number or name.",
)
@click.option("--shop", "shop_id", default="", help="The shop that it is about.")
@click.option("--order", "order_id", help="The order, in data.order_id.")
@click.option("--data", "data_json", help="The data, as JSON, in place of --order.")
@click.option("--id", "notification_id", help="Its id; else a new one.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def send_test(  # noqa: PLR0913 - one for each option
    *,
    url: str,
    event_type: int,
    shop_id: str,
    order_id: str | None,
    data_json: str | None,
    notification_id: str | None,
    as_json: bool,
) -> None:
    """Send an event, signed with the app's secret; fails unless it is taken."""
    app = Settings.from_environment().app()
    now = int(SystemClock().now().timestamp())
    envelope: dict[str, object] = {
        "type": event_type,
        "tts_notification_id": notification_id or f"9{secrets.randbelow(10**18):018d}",
        **({"shop_id": shop_id} if shop_id else {}),
        "timestamp": now,
        "data": _data(data_json, order_id, now),
    }
    body = json.dumps(envelope, separators=(",", ":")).encode()
    signature = WebhookVerifier(app.key, [app.secret]).sign(body)
    status = _post(url, body, signature)
    if as_json:
        print_json({"status": status, "envelope": envelope})
    else:
        say(f"{url} answered {status} to {envelope['tts_notification_id']}.")
    _raise_unless_taken(status)


def _data(data_json: str | None, order_id: str | None, now: int) -> object:
    if data_json is None:
        return {"order_id": order_id or "0", "update_time": now}
    try:
        return json.loads(data_json)
    except ValueError:
        raise click.UsageError("--data must be JSON") from None


def _post(url: str, body: bytes, signature: str) -> int:
    headers = {"Content-Type": "application/json", "Authorization": signature}
    try:
        answer = httpx.post(
            url, content=body, headers=headers, timeout=_ANSWERS_WITHIN_S
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PipelineError(
            f"{url} does not answer ({type(error).__name__}): is the receiver "
            "running? tiktok-pipelines receiver"
        ) from None
    return answer.status_code


def _raise_unless_taken(status: int, causes: Sequence[int] = (401, 503)) -> None:
    """Say what a refusal means.

    Raises:
        ConfigurationError: the secrets differ.
        PipelineError: it was not taken, for another reason.
    """
    if status == 200:
        return
    if status == causes[0]:
        raise ConfigurationError(
            "the receiver refuses the signature: TIKTOK_APP_KEY or TIKTOK_APP_SECRET "
            "here differs from the receiver's"
        )
    told = "its database is away" if status == causes[1] else "see its log"
    raise PipelineError(f"the receiver did not take it ({status}): {told}")
