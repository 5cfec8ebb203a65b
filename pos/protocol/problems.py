"""What head office says when it does not do what was asked."""

from __future__ import annotations

from typing import Literal, get_args

from pos.protocol.fields import Message

Code = Literal[
    "unauthorised",  # 401: no or a wrong signature, or a till nobody knows
    "stale",  # 401: the till's clock is too far off; `Date` tells the time
    "replayed",  # 401: the nonce was used before
    "revoked",  # 403
    "forbidden",  # 403: another shop's
    "code_unknown",  # 403: an enrolment code that is wrong, used up or expired
    "protocol",  # 400: a version of the protocol that is not spoken here
    "malformed",  # 400: not the JSON this path takes
    "not_found",  # 404
    "not_allowed",  # 405
    "conflict",  # 409: the same request id or key with other content
    "snapshot_needed",  # 409
    "claimed",  # 409: another till has it
    "not_enough",  # 409: less is left than is wanted
    "settled",  # 409: confirmed or released before, the other way
    "too_large",  # 413
    "encoding",  # 415: a Content-Encoding other than zstd and gzip
    "too_many",  # 429
    "failed",  # 500
    "busy",  # 503
]
CODES: tuple[Code, ...] = get_args(Code)
STATUS: dict[Code, int] = {
    "unauthorised": 401,
    "stale": 401,
    "replayed": 401,
    "revoked": 403,
    "forbidden": 403,
    "code_unknown": 403,
    "protocol": 400,
    "malformed": 400,
    "not_found": 404,
    "not_allowed": 405,
    "conflict": 409,
    "snapshot_needed": 409,
    "claimed": 409,
    "not_enough": 409,
    "settled": 409,
    "too_large": 413,
    "encoding": 415,
    "too_many": 429,
    "failed": 500,
    "busy": 503,
}


class Problem(Message, frozen=True):
    """The body of every answer that is not 2xx; `detail` is for logs, in English.

    `code` is a `Code` of the server's version, which may be one this end has not heard of.
    """

    code: str
    words: str
    detail: str = ""
    retry_after: int = 0


class ProblemError(Exception):
    """A `Problem` on its way to the answer; `code` decides the status."""

    def __init__(self, code: Code, detail: str = "", retry_after: int = 0) -> None:
        super().__init__(code, detail)
        self.code: Code = code
        self.detail = detail
        self.retry_after = retry_after
