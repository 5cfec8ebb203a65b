r"""What a till and head office say to each other. This page is the protocol's reference.

HTTP/1.1 over TLS (plain HTTP only to 127.0.0.1), JSON in UTF-8, paths below `/v1`. Money is fen,
quantities are thousandths, moments are `pos.clock` stamps (UTC, milliseconds), hashes, keys and
signatures are lower-case hex. Fields that a reader does not know are passed over, so that either
end may be the newer one; what must be understood raises `VERSION`.

**Every request but enrolment is signed** (`signing`). Headers: `Pos-Protocol` (`VERSION`),
`Pos-Till` (shop + till, six digits), `Pos-Time` (stamp), `Pos-Nonce` (32 hex, never used twice),
`Pos-Signature`: HMAC-SHA256 with the till's token over method, path with query, the three headers
and SHA-256 of the body as sent. Head office refuses a time that is more than `MAX_SKEW_SECONDS`
off, a nonce it has seen, and a till that was revoked. Answers to a till that proved who it is carry
`Pos-Answer`: HMAC over the request's nonce, status and body as sent; whoever cannot make it (a
portal, an old answer played again) is not head office. `Date` tells the server's time.

**Bodies** (`framing`) may be compressed: `Content-Encoding: zstd | gzip`, what else is 415. What
comes out of it is at most `MAX_DECODED` bytes, else 413 (also for a bomb). `Accept-Encoding` names
what the till reads; answers of any length may be compressed.

**Anything but 2xx** has the body `Problem`: `code` (`Code`), words for a person in the language of
`Accept-Language` (zh, en), and `retry_after` seconds, also as the header, where waiting helps (429,
503). 401 and 403: sending stops until a person has helped. 409: the asked thing stands otherwise.
413: send half. 4xx of other kinds: this request will never pass as it is. 5xx: ask again later.

| method, path | asks → answers | |
|---|---|---|
| `POST /v1/enrol` | `Enrol` → `Enrolled` | one-time code and key → ids, token, epoch |
| `POST /v1/records` | `Batch` → `Receipt` | records in `jn` order → a verdict each, high water |
| `GET /v1/records?after=E.JN` | → `OwnRecords` | own records of all epochs, after a restore |
| `POST /v1/heartbeat` | `Heartbeat` → `Pulse` | head, what waits → what head office knows |
| `GET /v1/changes?stream=S&after=C` | → `Changes` | what changed since cursor C |
| `GET /v1/snapshot?stream=S` | → NDJSON | everything, hashed |
| `GET /v1/holds` | → `Holds` | orders of this shop that wait for any till |
| `PUT /v1/holds/{hold_id}` | `Hold` → `HoldState` | hand an open order over |
| `POST /v1/holds/{hold_id}/claim` | `Claim` → `Claimed` | take it back, at one till only |
| `GET /v1/orders/{number}` | → `OrderFound` | a closed order of any till |
| `POST /v1/returns` | `Reserve` → `Reserved` | keep quantities of its lines for this return |
| `POST /v1/returns/{request_id}/confirm\|release` | `Settle` → `Reserved` | closed, given up |
| `GET /v1/members/{shop}/{member_id}` | → `Balance` | stored value and points that can be used |
| `POST /v1/spends` | `Spend` → `Spent` | hold stored value or points for an order |
| `POST /v1/spends/{request_id}/confirm\|release` | `Settle` → `Spent` | used, given up |

*Records* (`records`). A till sends up to `MAX_BATCH` records or `MAX_BATCH_BYTES` of bodies in `jn`
order, each with its own bytes as text, hash and signature. `previous` is the hash before the record
and is told for the first of a batch and wherever `jn` is not the one before plus one. The verdict
of each: `accepted` (stored now), `duplicate` (the same bytes were there: success), `conflict`
(other bytes were there: both are kept, a person decides), `rejected` with a code (kept aside, never
lost). `Receipt.batch` repeats `batch_hash` of what was sent: a till believes an answer only if it
is 2xx, JSON, with its own ids and this hash. The verdict depends on bytes, chain and signature
alone; whether head office understands the fact is head office's own matter.

*High water* is, per epoch, the last `jn` up to which nothing is missing, with its hash. A till that
was told of more than it is now told of (head office was put back to an older copy) sends again from
there. A till that is told of more than it has was itself put back: it begins a new epoch (`Pulse`
names the next free one), fetches its own records, and goes on; if head office cannot be reached it
takes its own epoch plus one. The first record of an epoch is `jn` 1 after 32 zero bytes, or goes on
at any `jn` after the hash of an older epoch's record `jn` - 1. A newer epoch fences the older ones:
what still comes under them is `rejected` as `fenced` and kept aside for a person.

*Down* (`master`). Two streams: `chain` (all shops) and `shop` (this one). A cursor is opaque; the
empty one is the beginning. The answer holds each key once, with its latest value or none (gone).
A till asks until `more` is false and then applies everything in one transaction, or nothing. 409
`snapshot_needed`: the cursor is too old or of another life of head office. Stock levels contain the
own records up to `included`; on hand is the level plus own moves after it. A snapshot is one
`SnapshotHead` line, one `Change` a line, one `SnapshotEnd` line with count and SHA-256 over all
bytes before it; without a right last line it is nothing.

*Between tills* (`between`). Every act has a `request_id` made by the till: the same again is
answered as the first time, so that a lost answer is asked for once more. A hold belongs to nobody
until one till claims it. Reserved quantities stay until confirmed (by `confirm`, or by the return's
record arriving) or released; `Pulse.open` lists what this till has open, so that it can let go of
what it no longer knows. A return of an order of its own till is reserved too while online.
"""

VERSION = 1
MAX_SKEW_SECONDS = 300
MAX_BATCH = 500
MAX_BATCH_BYTES = 1_000_000
MAX_DECODED = 8 * 1024 * 1024
MAX_SNAPSHOT = 1024 * 1024 * 1024
MAX_CHANGES = 1000
