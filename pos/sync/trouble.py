"""Why head office did not answer, or not as asked."""

from __future__ import annotations

from typing import Literal

from pos.refusal import Refused

Kind = Literal["offline", "foreign", "told"]
"""offline: no answer. foreign: an answer, but not head office's. told: head office said no."""


class LinkFailed(Exception):  # noqa: N818 - an outcome, caught by its callers
    """`code` is a refusal's; `status` 0 without an answer; `sent`: it may have been heard."""

    def __init__(
        self,
        kind: Kind,
        code: str,
        *,
        status: int = 0,
        words: str = "",
        detail: str = "",
        retry_after: float = 0.0,
        sent: bool = True,
    ) -> None:
        super().__init__(kind, code, status, detail)
        self.kind: Kind = kind
        self.code, self.status, self.words = code, status, words
        self.detail, self.retry_after, self.sent = detail, retry_after, sent

    @property
    def final(self) -> bool:
        """A person has to help before anything is sent again: this till is not let in."""
        if self.code in ("ho_stale", "ho_replayed"):  # a clock is set right; a line said it twice
            return False
        return self.kind == "told" and self.status in (401, 403)

    def refused(self) -> Refused:
        """As a refusal, with head office's own words where it gave some."""
        return Refused(self.code, words=self.words, detail=self.detail, status=self.status)
