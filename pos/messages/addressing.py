"""To whom what goes. Pure."""

from __future__ import annotations

from pos.messages.message import Message, message_id
from pos.messages.settings import MessageSettings, Topic


def to_managers(
    settings: MessageSettings, topic: Topic, subject_of: str, subject: str, text: str
) -> tuple[Message, ...]:
    """One message for each manager's address and webhook; () where nobody wants to know.

    `subject_of` is the thing itself (a shift, a product and day): each is told of once.
    """
    if topic not in settings.topics:
        return ()
    about = f"{topic}:{subject_of}"
    mails = [
        Message(message_id(about, to), "mail", to, about, subject, text) for to in settings.managers
    ]
    hooks = [
        Message(message_id(about, f"hook {name}"), "hook", name, about, subject, text)
        for name in settings.manager_hooks
    ]
    return (*mails, *hooks)


def to_customer(to: str, about: str, subject: str, text: str, html: str = "") -> Message:
    """A mail to a customer about one thing: `receipt:NUMBER`, `invoice:NUMBER`."""
    return Message(message_id(about, to), "mail", to, about, subject, text, html)
