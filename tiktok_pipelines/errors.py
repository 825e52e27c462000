"""Every error of the project, by what the caller should do about it.

    PipelineError
    ├── ConfigurationError      a setting is missing or wrong: fix it, start again
    ├── DatabaseUnavailable     no server, or it went away: start it, run again
    │   └── DatabaseNotStarted  the embedded server does not run: start it
    ├── StorageError            PostgreSQL refused a statement: the text says why
    │   ├── RefusedValue        one record holds what no column can
    │   └── WriteConflict       another transaction was in the way: do it again
    ├── DecryptionError         the key is wrong or lost: restore the key
    ├── NeedsConsent            the seller must authorise (again)
    ├── IncompleteWindow        counts do not agree: pull the window again
    ├── QuarantinedRecords      bad records were met: tiktok_ops.quarantine_records
    ├── ShopsFailed             some shops of a run failed, the others are done
    └── ApiError                TikTok answered with an error, or not at all
        ├── TransportError      no whole answer: connection, cut or broken body
        ├── ServerError         5xx, or a code that means trouble on their side
        ├── RateLimitedError    429 or a code that means it (``retry_after_s``)
        ├── TokenExpiredError   the access token is refused: refresh once
        ├── AuthorizationError  scope, cipher or authorisation: the seller acts
        ├── PageTokenRefused    the page token is refused: restart the window
        └── RequestRefused      our request is wrong: fix the program or the input
            └── NotServed       no such path or version: an older one may be served

What no caller can act on does not get a type of its own.
"""

from collections.abc import Sequence


class PipelineError(Exception):
    """What went wrong, ending with the remedy; the text holds no secret.

    Attributes:
        retryable: whether the same may succeed minutes later.
        retry_after_s: the wait that TikTok asked for; None if it named none.
    """

    retryable: bool = False
    retry_after_s: float | None = None


class ConfigurationError(PipelineError):
    """A setting is missing or wrong; the message is one line."""


class DatabaseUnavailable(PipelineError):
    """The database cannot be reached."""

    retryable = True


class DatabaseNotStarted(DatabaseUnavailable):
    """The embedded server does not run; a person has to start it."""

    retryable = False


class StorageError(PipelineError):
    """PostgreSQL refused a statement; the text quotes no values."""


class RefusedValue(StorageError):
    """A value that no column of its type can hold: one record is to blame."""


class WriteConflict(StorageError):
    """Another transaction was in the way (deadlock, serialization): nothing is done."""

    retryable = True


class DecryptionError(PipelineError):
    """A stored token cannot be read with the configured keys."""


class NeedsConsent(PipelineError):
    """The seller's authorisation is missing, expired or revoked."""


class IncompleteWindow(PipelineError):
    """A window's counts did not agree in three pulls; later ones may differ."""


class QuarantinedRecords(PipelineError):
    """Records were met for the first time that cannot become rows."""


class ShopsFailed(PipelineError):
    """Some shops of a run failed; the others were finished.

    ``failures`` holds (shop_id, error) in the order they were met.
    """

    def __init__(
        self,
        failures: Sequence[tuple[str, PipelineError]],
        *,
        what: str = "shop",
        more: str = "",
    ) -> None:
        self.failures = tuple(failures)
        self.retryable = any(error.retryable for _, error in self.failures)
        waits = [error.retry_after_s for _, error in self.failures]
        self.retry_after_s = max((wait for wait in waits if wait), default=None)
        told = "; ".join(f"{what} {name}: {error}" for name, error in self.failures)
        more = f". Besides, {more}" if more else ""
        super().__init__(f"{len(self.failures)} {what}(s) failed: {told}{more}")


class ApiError(PipelineError):
    """A call of the TikTok Shop API failed.

    Attributes:
        path: the path called, without the query (which holds secrets).
        code: TikTok's code from the envelope; 0 when there was none.
        http_status: 0 when no answer came.
        request_id: TikTok's id of the call, for a ticket.
        retryable: whether the same call may succeed later.
    """

    retryable = False

    def __init__(
        self,
        message: str,
        *,
        path: str,
        code: int = 0,
        http_status: int = 0,
        request_id: str = "",
    ) -> None:
        self.path = path
        self.code = code
        self.http_status = http_status
        self.request_id = request_id
        facts = f"code {code}, HTTP {http_status}, request {request_id or 'unknown'}"
        super().__init__(f"{path}: {message} ({facts})")


class TransportError(ApiError):
    """No whole answer arrived: refused, cut, timed out or not JSON."""

    retryable = True


class ServerError(ApiError):
    """TikTok says that it failed itself."""

    retryable = True


class RateLimitedError(ApiError):
    """Too many calls; ``retry_after_s`` is None when TikTok named no wait."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        path: str,
        code: int = 0,
        http_status: int = 0,
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(
            message,
            path=path,
            code=code,
            http_status=http_status,
            request_id=request_id,
        )
        self.retry_after_s = retry_after_s


class TokenExpiredError(ApiError):
    """The access token was refused; refresh once, then the seller must act."""


class AuthorizationError(ApiError):
    """Scope, cipher, IP allow list, or the seller's authorisation."""


class PageTokenRefused(ApiError):
    """The page token is no longer taken: start the window again."""

    retryable = True


class RequestRefused(ApiError):
    """The request itself is wrong; sending it again cannot help."""


class NotServed(RequestRefused):
    """The path or its version is not served, or not to this shop."""
