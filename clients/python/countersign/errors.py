"""What goes wrong, as exceptions: a refusal of the server, or no answer at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

if TYPE_CHECKING:
    from .upload import Upload


class CountersignError(Exception):
    """Anything that this package raises by itself."""


class Refused(CountersignError):
    """The server said no (RFC 9457 problem). `detail` names the thing at fault and the next step."""

    def __init__(self, status: int, code: str, detail: str, retry_after: Optional[float] = None) -> None:
        super().__init__(f"{detail} ({code}, {status})")
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after  #: seconds, when the server said so


class SignInFirst(Refused):
    """No token, or one that has expired."""


class NotAllowed(Refused):
    """The person of the token may not do this."""


class NotFound(Refused):
    """No such thing."""


class Conflict(Refused):
    """The state has changed, or does not allow it."""


class Unavailable(CountersignError):
    """No answer, after all the tries: `reason` is the last failure."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Interrupted(Unavailable):
    """The server was lost while files were sent; `upload` remembers which of them arrived."""

    def __init__(self, reason: str, upload: Upload) -> None:
        super().__init__(f"{reason} ({len(upload.sent)} files arrived: go on with resume=error.upload)")
        self.upload = upload


class JobFailed(CountersignError):
    """A background job ended without its result: dead or cancelled."""

    def __init__(self, job: Dict[str, Any]) -> None:
        why = job.get("error") or "no reason was given"
        super().__init__(f"{job.get('title', 'The job')} {job.get('id')} is {job.get('state')}: {why}")
        self.job = job


_by_code = {"unauthenticated": SignInFirst, "forbidden": NotAllowed, "not_found": NotFound, "conflict": Conflict}


def refusal(status: int, problem: Dict[str, Any], retry_after: Optional[float]) -> Refused:
    """The exception of a problem+json answer."""
    code = str(problem.get("code", ""))
    detail = str(problem.get("detail") or problem.get("title") or f"HTTP status {status}")
    return _by_code.get(code, Refused)(status, code, detail, retry_after)
