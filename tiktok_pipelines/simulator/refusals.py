"""Answers: the envelope, and every refusal with its code and HTTP status.

Codes: TikTok Shop API reference, "Error codes". HTTP statuses seen in the field: 400
for 36009004, 401 for 105002 and 105005, 429 for 36009002; the others are assumed, and
the auth host answers 200 with a code (nobody documents its statuses).
"""

import msgspec
from starlette.responses import Response


class Refusal(Exception):  # noqa: N818 - what the API answers, not a fault of ours
    """The request is refused with a code of the API."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        http_status: int = 400,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status
        self.retry_after_s = retry_after_s

    def as_response(self, request_id: str) -> Response:
        """The refusal as an envelope."""
        content = msgspec.json.encode(
            {
                "code": self.code,
                "data": None,
                "message": self.message,
                "request_id": request_id,
            }
        )
        response = json_response(content, self.http_status)
        if self.retry_after_s is not None:
            response.headers["Retry-After"] = str(self.retry_after_s)
        return response


def bad_request(message: str) -> Refusal:
    """36009004, which about a dozen failures share: the message tells them apart."""
    return Refusal(36009004, message)


def out_of_range(name: str, expected: str) -> Refusal:
    """98001004: a parameter's value is outside of what is allowed."""
    message = f"Invalid parameter: {name}, reason: out of range, expected: {expected}"
    return Refusal(98001004, message)


def success(data: bytes, request_id: str) -> Response:
    """The envelope around ``data``, which is JSON already."""
    end = b',"message":"Success","request_id":"' + request_id.encode() + b'"}'
    return json_response(b'{"code":0,"data":' + data + end)


def json_response(content: bytes, http_status: int = 200) -> Response:
    """JSON that is encoded already."""
    return Response(content, http_status, media_type="application/json")
