"""What people hear when somebody asks, answers, writes or lets go."""

from datetime import timedelta
from typing import Any

from django.db.models import Max

from exchange.models import Exchange, Message
from volunteers import mailbox
from volunteers.models import Person
from volunteers.models.bandwidth import today
from volunteers.models.notices import NoticeKind

# After so long an ask that nobody has answered ends by itself.
ANSWER_WITHIN = timedelta(days=7)


def tell(
    to: Person,
    exchange: Exchange,
    name: str,
    *,
    kind: NoticeKind,
    mark: object = "",
    **about: Any,
) -> None:
    """Post the notice called `name` to one side; `mark` tells one of its kind from the next."""
    mailbox.post(
        to,
        key=_key(name, exchange, to, mark),
        kind=kind,
        template=f"exchange/mail/{name}.txt",
        link=exchange.get_absolute_url(),
        exchange=exchange,
        listing=exchange.listing,
        other=exchange.other(to),
        **about,
    )


def _key(name: str, exchange: Exchange, to: Person, mark: object = "") -> str:
    return f"{name}:{exchange.pk}:{to.pk}:{mark}"


def asked(exchange: Exchange, words: str) -> None:
    """Tell the author of a listing who asks, or offers to help."""
    until = exchange.asked_at + ANSWER_WITHIN
    author = exchange.other(exchange.counterpart)
    tell(author, exchange, "asked", kind=NoticeKind.ASK, words=words, until=until.date())


def said(exchange: Exchange, message: Message) -> None:
    """Tell the other side of a message, once a day until they write back."""
    to = exchange.other(message.author)
    own = Message.objects.filter(exchange=exchange, author=to).aggregate(last=Max("pk"))
    since = f"{own['last'] or 0}:{today(to, message.created_at)}"
    tell(to, exchange, "said", kind=NoticeKind.MESSAGE, mark=since, words=message.body)


def declined(exchange: Exchange, words: str) -> None:
    """Tell who asked that it will not be, and where else to turn."""
    tell(exchange.counterpart, exchange, "declined", kind=NoticeKind.ANSWER, words=words)


def withdrawn(exchange: Exchange, by: Person, words: str, *, was_agreed: bool) -> None:
    """Tell the other side that somebody has let go."""
    to = exchange.other(by)
    tell(
        to,
        exchange,
        "withdrawn",
        kind=NoticeKind.AGREEMENT if was_agreed else NoticeKind.ANSWER,
        words=words,
        was_agreed=was_agreed,
    )


def expired(exchange: Exchange) -> None:
    """Tell who asked that no answer came, and where else to turn.

    Letters that wait for the end of a rest ask for nothing any more.
    """
    author = exchange.other(exchange.counterpart)
    for name in ("asked", "unanswered"):
        mailbox.take_back(_key(name, exchange, author))
    tell(exchange.counterpart, exchange, "expired", kind=NoticeKind.ANSWER)


def listing_gone(exchange: Exchange) -> None:
    """Tell who asked that the listing was withdrawn."""
    tell(exchange.counterpart, exchange, "listing_gone", kind=NoticeKind.ANSWER)


def found_elsewhere(exchange: Exchange) -> None:
    """Thank who offered to help with a request that somebody else has taken on."""
    tell(exchange.counterpart, exchange, "found_elsewhere", kind=NoticeKind.ANSWER)


def unanswered(exchange: Exchange) -> None:
    """Remind who was asked, once, that somebody waits."""
    to = exchange.other(exchange.counterpart)
    until = (exchange.asked_at + ANSWER_WITHIN).date()
    tell(to, exchange, "unanswered", kind=NoticeKind.REMINDER, until=until)
