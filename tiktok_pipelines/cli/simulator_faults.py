"""``simulator faults``, ``fault`` and ``calm``: what goes wrong in a simulator."""

from typing import TypedDict, Unpack, cast

import click
import httpx
import msgspec

from tiktok_pipelines.api.hosts import API_BASE_URL
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json, print_table
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import KINDS, Fault

_DEFAULT_URL = "http://127.0.0.1:8900"
_TIMEOUT_S = 5
_NAMES = ("id", "fault", "how", "struck", "left")

url_option = click.option(
    "--url", default="", help=f"[default: TIKTOK_API_BASE_URL if set, {_DEFAULT_URL}]"
)


class FaultOptions(TypedDict, total=False):
    """What narrows a fault down; None where nothing was said."""

    shop_id: str | None
    path: str | None
    rate: float | None
    count: int | None
    share: float | None
    seconds: float | None
    code: int | None


@click.command()
@click.option("--kinds", is_flag=True, help="Explain every kind of fault instead.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@url_option
def faults(*, kinds: bool, as_json: bool, url: str) -> None:
    """Tell which faults are on and how often each struck."""
    if kinds:
        _tell_kinds(as_json=as_json)
        return
    told = cast("list[dict[str, object]]", ask("GET", url)["faults"])
    if as_json:
        print_json(told)
    elif told:
        print_table(_NAMES, map(_cells, told), whole=0)
    else:
        say("No fault is on: tiktok-pipelines simulator fault KIND")


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option("--shop", "shop_id", help="Only this shop, by its id.")
@click.option("--path", help="Only this path of the API; * stands for any text.")
@click.option("--rate", type=float, help="The share of calls that it strikes.")
@click.option("--count", type=int, help="Stop after so many calls, or orders.")
@click.option("--share", type=float, help="The share of orders that it spoils.")
@click.option("--seconds", type=float, help="Of the kinds that wait.")
@click.option("--code", type=int, help="Of the kinds that answer a code.")
@url_option
def fault(kind: str, *, url: str, **options: Unpack[FaultOptions]) -> None:
    """Let something go wrong from now on; simulator faults --kinds tells what can.

    Prints the id of the fault.
    """
    given = {name: value for name, value in options.items() if value is not None}
    asked: dict[str, object] = {"kind": kind, **given}
    _check(asked)
    added = ask("POST", url, body=asked)
    click.echo(added["id"])
    say(f"On: {KINDS[kind].about}. Off: tiktok-pipelines simulator calm {kind}")


@click.command()
@click.argument("kind", required=False, type=click.Choice(list(KINDS)), metavar="KIND")
@url_option
def calm(kind: str | None, *, url: str) -> None:
    """End all faults, or those of a kind."""
    ended = ask("DELETE", url, query={"kind": kind} if kind else {})
    say(f"Faults ended: {ended['removed']}")


def _check(asked: dict[str, object]) -> None:
    try:
        msgspec.convert(asked, Fault)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from None


def ask(
    method: str,
    url: str,
    place: str = "/_sim/faults",
    *,
    body: dict[str, object] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, object]:
    """What the simulator's control says.

    Raises:
        PipelineError: nobody answers there, or no simulator.
    """
    host = url.rstrip("/") or _default_url()
    at = f"{host}{place}"
    try:
        answer = httpx.request(method, at, json=body, params=query, timeout=_TIMEOUT_S)
        told = cast("dict[str, object]", answer.json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise PipelineError(
            f"no simulator answers at {host}: start it with tiktok-pipelines simulator,"
            " or pass --url"
        ) from None
    if answer.is_error:
        raise PipelineError(f"the simulator refused: {told.get('error', told)}")
    return told


def _default_url() -> str:
    """Where the pipeline is pointed, unless at TikTok."""
    at = Settings.from_environment().api_base_url
    return _DEFAULT_URL if at == API_BASE_URL else at.rstrip("/")


def _tell_kinds(*, as_json: bool) -> None:
    if as_json:
        rows = [{"kind": name, "about": kind.about} for name, kind in KINDS.items()]
        print_json(rows)
        return
    for name, kind in KINDS.items():
        click.echo(f"{name:20}{kind.about}")


def _cells(one: dict[str, object]) -> list[str]:
    """A fault that is on, for people."""
    cells = (one["id"], one["kind"], _how(one), one["hits"], one["left"])
    return ["" if cell is None else str(cell) for cell in cells]


def _how(one: dict[str, object]) -> str:
    """Its parameters, as far as they were given."""
    names = [*FaultOptions.__annotations__]
    return " ".join(f"{name}={one[name]}" for name in names if one[name])
