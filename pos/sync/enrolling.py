"""How a till becomes one of head office's: a one-time code and the till's key for ids and token."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from pos import __version__
from pos.protocol.enrolment import Enrol, Enrolled, proof_digest, split_address
from pos.protocol.framing import decode, encode
from pos.protocol.problems import Problem, ProblemError
from pos.record import Signer
from pos.refusal import Refused
from pos.sync.trouble import Kind, LinkFailed
from pos.untrusted import decoded, quiet
from pos.wire import Wire, WireFailed

TRIES = 3
AGAIN_SECONDS = 1.0


def address_of(text: str, url: str) -> tuple[str, str]:
    """Address and code of what was typed or pasted. Refused("ho_code_missing") without address."""
    address, code = split_address(text)
    found = (address or url).rstrip("/")
    if not found or not code:
        raise Refused("ho_code_missing")
    return found, code


def enrol(
    wire: Wire,
    code: str,
    ledger_id: str,
    key: bytes,
    epoch: int,
    language: str,
    sleep: Callable[[float], None] = time.sleep,
) -> Enrolled:
    """Ask to be taken in. An answer that is lost is asked for again: the same key is let in twice.

    Refused: ho_unreachable, ho_tls, ho_foreign, ho_code_unknown and what else head office says.
    """
    signer = Signer(key)
    proof = signer.sign(proof_digest(code, ledger_id, signer.public_key)).hex()
    asked = encode(Enrol(code, ledger_id, signer.public_key, epoch, proof, __version__))
    for left in reversed(range(TRIES)):
        try:
            return _once(wire, asked, language)
        except LinkFailed as failed:
            if failed.kind == "told" or not left:
                raise failed.refused() from failed
            sleep(AGAIN_SECONDS)
    raise AssertionError("no try was made")


def _once(wire: Wire, asked: bytes, language: str) -> Enrolled:
    headers = {"Content-Type": "application/json", "Accept-Language": language}
    headers["Pos-Protocol"] = "1"
    try:
        reply = wire.call("POST", "/v1/enrol", headers, asked)
    except WireFailed as failed:
        code = "ho_tls" if failed.code == "tls_failed" else "ho_unreachable"
        raise LinkFailed("offline", code, detail=failed.code) from failed
    if 200 <= reply.status < 300:
        try:
            return quiet(decode(reply.body, Enrolled))
        except ProblemError as error:
            raise LinkFailed("foreign", "ho_foreign", status=reply.status) from error
    try:
        problem = quiet(decoded(reply.body, Problem))
    except msgspec.DecodeError as error:
        raise LinkFailed("foreign", "ho_foreign", status=reply.status) from error
    kind: Kind = "told" if reply.status < 500 else "foreign"
    raise LinkFailed(
        kind, f"ho_{problem.code[:40]}", status=reply.status, words=problem.words[:200]
    )
