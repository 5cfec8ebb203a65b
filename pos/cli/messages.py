"""`pos message list|again`: messages to customers and managers, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pos.cli.desk import ConfigOption, JsonOption, OperatorOption, desk, show, tell
from pos.clock import local, moment_of
from pos.refusal import Refused
from pos.store import messages
from pos.text import clean
from pos.till.messaging import customers


def list_messages(
    operator: OperatorOption = "", json: JsonOption = False, config: ConfigOption = None
) -> None:
    """The last messages: waiting, sent, failed, and those that may have arrived."""
    with desk(config) as place, place.looking("cli.message.list", operator) as reader:
        words = place.words.messages
        rows: list[dict[str, Any]] = [
            {
                "id": row.message_id,
                "at": row.queued_at,
                "about": row.about,
                "to": customers.told(place.config, reader, row),
                "state": row.state,
                "tries": row.tries,
                "doubtful": bool(row.doubtful),
                "why": row.why,
            }
            for row in messages.latest(reader)
        ]
        if json:
            show(rows)
            return
        for row in rows:
            mark = words.doubtful if row["doubtful"] else ""
            head = f"{row['id'][:8]}  {local(moment_of(row['at'])):%m-%d %H:%M}  {row['about']}"
            end = f"{row['to']}  {words.states[row['state']]} {mark} {row['why']}"
            tell(f"{head}  {end}".rstrip())
        if not rows:
            tell(words.none)


def send_again(
    message: Annotated[str, typer.Argument(help="编号或开头 its id, or the head of it")],
    operator: OperatorOption = "",
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Have a message sent once more, under the same id; one that went says it may be a repeat."""
    with desk(config) as place:
        with place.working("cli.message.again", operator) as (ledger, reader, _):
            found = [r for r in messages.latest(reader) if r.message_id.startswith(message)]
            if len(found) != 1 or not message:
                raise Refused("message_unknown", id=clean(message, 32))
            row = messages.once_more(found[0])
            ledger.change(lambda connection: messages.change(connection, row))
        if json:
            show({"id": row.message_id, "state": row.state, "doubtful": bool(row.doubtful)})
        else:
            tell(place.words.messages.again.format(id=row.message_id[:8]))
