"""Faults because of which a call is not answered at all.

They strike an admitted call before it does anything; the first one that is met
refuses it, in the order of this module.
"""

from math import ceil

from starlette.responses import HTMLResponse, Response

from tiktok_pipelines.simulator.fault_sending import CutResponse
from tiktok_pipelines.simulator.faults import Struck
from tiktok_pipelines.simulator.refusals import Refusal, bad_request
from tiktok_pipelines.simulator.sellers import Authorizations, Seller

_HTML = (
    "<html><head><title>{0} Error</title></head>\n<body><center><h1>{0} Error</h1>"
    "</center><hr><center>openresty</center></body></html>\n"
)


class HtmlRefusal(Refusal):
    """What stands before the API answers, in HTML."""

    def as_response(self, request_id: str) -> Response:
        """A page such as gateways send; it names no request."""
        del request_id
        return HTMLResponse(_HTML.format(self.code), self.http_status)


class CutRefusal(Refusal):
    """Not a word."""

    def as_response(self, request_id: str) -> Response:
        """A connection that is closed at once."""
        del request_id
        return CutResponse(Response(), sent=0)


def refuse(
    struck: Struck,
    authorizations: Authorizations,
    *,
    seller: Seller | None,
    is_signed: bool,
) -> None:
    """Refuse the call if a fault wants it.

    Args:
        struck: what the call met.
        authorizations: where tokens expire and are withdrawn.
        seller: whose call it is; None where a token is unknown.
        is_signed: False for the auth host.

    Raises:
        Refusal: a fault struck.
    """
    if struck.take("cut_before"):
        raise CutRefusal(0, "the connection is closed")
    _refuse_crowd(struck)
    _refuse_in_trouble(struck)
    if seller is not None:
        _refuse_token(struck, authorizations, seller=seller, is_signed=is_signed)
    if struck.take("refuse_page_token"):
        raise bad_request("invalid page_token")


def _refuse_crowd(struck: Struck) -> None:
    throttle = struck.take("throttle")
    if throttle or struck.take("throttle_bare"):
        wait_s = ceil(throttle.seconds_or_default) if throttle else None
        raise Refusal(
            36009002, "Too many requests.", http_status=429, retry_after_s=wait_s
        )


def _refuse_in_trouble(struck: Struck) -> None:
    if broken := struck.take("server_error"):
        status = broken.code_or_default
        raise HtmlRefusal(status, "in trouble", http_status=status)
    if failing := struck.take("error_code"):
        message = "Internal error, please try again."
        raise Refusal(failing.code_or_default, message, http_status=200)


def _refuse_token(
    struck: Struck, authorizations: Authorizations, *, seller: Seller, is_signed: bool
) -> None:
    """What happens to tokens really happens, so that later calls find it so."""
    if struck.take("revoked"):
        authorizations.revoke(seller)
    elif struck.take("expired_token"):
        authorizations.expire_access_tokens(seller)
    else:
        return
    if is_signed:  # a call of the auth host finds out by itself
        raise Refusal(105002, "Expired credentials: access_token.", http_status=401)
