"""Every check that a signed call passes before it is answered, in this order.

App key, timestamp, signature, token, scope, cipher, content type,
rate. Codes and the timestamp's window: TikTok Shop API reference, "Request signing",
"Error codes" and "When to send shop_cipher". The order of the checks is assumed.
"""

from tiktok_pipelines.simulator import signing
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.refusals import Refusal, bad_request
from tiktok_pipelines.simulator.sellers import Grant
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.simulator import Simulator

_OLDEST_S, _NEWEST_S = 300, 30


def admit(sim: Simulator, endpoint: Endpoint, *, call: Call) -> Admission:
    """Let a call in.

    Raises:
        Refusal: at the first check that fails.
    """
    params, now = call.params, sim.clock.epoch()
    if params.get("app_key") != sim.config.app_key:
        raise bad_request("invalid app_key")
    skewed = now + int(sim.faults.skew_s(endpoint.path))
    _check_timestamp(params.get("timestamp", ""), skewed)
    _check_signature(sim.config.app_secret, call)
    grant = _check_token(sim, call.headers.get("x-tts-access-token", ""))
    if endpoint.scope not in grant.scopes:
        message = f"Access denied: the scope {endpoint.scope} is not granted."
        raise Refusal(105005, message, http_status=401)
    shop = _check_cipher(endpoint, grant, cipher=params.get("shop_cipher"))
    _check_content_type(call)
    shop_id = shop.id if shop else ""
    sim.limiter.take(params["app_key"], shop_id, endpoint=endpoint.path)
    return Admission(grant, shop, now)


def _check_timestamp(text: str, now: int) -> None:
    if not (len(text) == 10 and text.isascii() and text.isdigit()):
        raise bad_request("invalid timestamp: it must have 10 digits")
    if not now - _OLDEST_S <= int(text) <= now + _NEWEST_S:
        raise bad_request("invalid timestamp: expired, or too far in the future")


def _check_signature(secret: str, call: Call) -> None:
    given = call.params.get("sign")
    if not given:
        raise bad_request("Missing credentials: signature (sign)")
    expected = signing.sign(
        secret,
        call.path,
        query=call.query,
        body=call.body,
        content_type=call.headers.get("content-type", ""),
    )
    if not signing.matches(expected, given):
        raise Refusal(106001, "Invalid signature (sign).", http_status=401)


def _check_token(sim: Simulator, token: str) -> Grant:
    if not token:
        raise bad_request("Missing credentials: x-tts-access-token")
    grant = sim.authorizations.find(token)
    if grant is None:
        raise bad_request("invalid x-tts-access-token")
    if grant.is_revoked or grant.expires_at <= sim.clock.epoch():
        raise Refusal(105002, "Expired credentials: access_token.", http_status=401)
    return grant


def _check_cipher(
    endpoint: Endpoint, grant: Grant, *, cipher: str | None
) -> Shop | None:
    if not endpoint.takes_cipher:
        if cipher is not None:
            raise bad_request("unexpected identifier: shop_cipher is not required")
        return None
    if not cipher:
        raise Refusal(106013, "shop_cipher is missing.", http_status=400)
    for shop in grant.seller.shops:
        if shop.cipher == cipher:
            return shop
    raise Refusal(
        101000, "Invalid credentials: shop_cipher does not match.", http_status=401
    )


def _check_content_type(call: Call) -> None:
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if call.body and media_type != "application/json":
        raise Refusal(36009022, "The body must be application/json.", http_status=400)
