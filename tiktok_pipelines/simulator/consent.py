"""The page on which a seller lets the app in.

Source: TikTok Shop API reference, "Hosts": the redirect carries ``code`` and the echoed
``state`` (apps also see ``app_key``, ``locale``, ``shop_region``); a refusal carries
``code=null`` and ``error=auth_denied``.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tiktok_pipelines.simulator.pages import page
from tiktok_pipelines.simulator.sellers import Seller
from tiktok_pipelines.simulator.simulator import Simulator

_LOCALES = {"MY": "ms-MY", "SG": "en-SG", "TH": "th-TH", "VN": "vi-VN", "PH": "en-PH"}


def consent_routes(sim: Simulator) -> list[Route]:
    """The consent page and what its buttons do."""

    async def authorize(request: Request) -> Response:
        params = dict(request.query_params)
        if params.get("service_id") != sim.config.service_id:
            text = "<p>Unknown <code>service_id</code>: check the app's settings.</p>"
            return HTMLResponse(page("Authorize", text), 400)
        if "refuse" in params:
            return _refused(sim, params)
        if "approve" in params:
            return _approved(sim, params)
        return HTMLResponse(page("Authorize", _choices(sim, params)))

    return [Route("/open/authorize", authorize)]


def _approved(sim: Simulator, params: Mapping[str, str]) -> Response:
    try:
        seller = sim.seller(params["approve"])
    except LookupError as error:
        text = f"<p>{escape(str(error))}</p>"
        return HTMLResponse(page("Authorize", text), 404)
    code = sim.authorize(seller.id)
    return _send_back(sim, params, news=_granted(sim, seller, code=code))


def _refused(sim: Simulator, params: Mapping[str, str]) -> Response:
    return _send_back(sim, params, news={"code": "null", "error": "auth_denied"})


def _granted(sim: Simulator, seller: Seller, *, code: str) -> dict[str, str]:
    return {
        "app_key": sim.config.app_key,
        "code": code,
        "locale": _LOCALES.get(seller.region, "en"),
        "shop_region": seller.region,
    }


def _send_back(
    sim: Simulator, params: Mapping[str, str], *, news: dict[str, str]
) -> Response:
    if not sim.config.redirect_uri:
        text = f"<p>Code: <code>{escape(news['code'])}</code></p>"
        return HTMLResponse(page("Authorize", text))
    if params.get("state"):
        news["state"] = params["state"]
    return RedirectResponse(f"{sim.config.redirect_uri}?{urlencode(news)}", 302)


def _choices(sim: Simulator, params: Mapping[str, str]) -> str:
    buttons = [
        _button(params, ("approve", seller.id), label=f"Authorize {seller.name}")
        + _of(seller)
        for seller in sim.sellers
    ]
    refuse = _button(params, ("refuse", "1"), label="Refuse")
    return "".join(["<p>Which seller lets the app in?</p>", *buttons, refuse])


def _of(seller: Seller) -> str:
    shops = ", ".join(f"{shop.name} ({shop.region})" for shop in seller.shops)
    return f"<p>{escape(shops)}</p>"


def _button(params: Mapping[str, str], choice: tuple[str, str], *, label: str) -> str:
    kept = {name: params[name] for name in ("service_id", "state") if name in params}
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (*kept.items(), choice)
    )
    return (
        f'<form action="/open/authorize">{hidden}'
        f"<button>{escape(label)}</button></form>"
    )
