"""What people hear afterwards."""

from django.urls import reverse

from exchange.models import Exchange
from exchange.notices.exchanges import tell
from volunteers import mailbox
from volunteers.models import Person, Thanks
from volunteers.models.notices import NoticeKind


def did_it_happen(exchange: Exchange) -> None:
    """Ask each side that has not said so yet whether it happened."""
    sides = [
        (exchange.provider, exchange.provider_happened),
        (exchange.receiver, exchange.receiver_happened),
    ]
    for to, happened in sides:
        if happened is None:
            tell(to, exchange, "did_it_happen", kind=NoticeKind.REMINDER)


def said_whether(exchange: Exchange, by: Person, *, happened: bool) -> None:
    """Tell one side what the other said, and ask whether they say the same."""
    to = exchange.other(by)
    kind = NoticeKind.AGREEMENT
    tell(to, exchange, "said_whether", kind=kind, mark=happened, happened=happened)


def said_differently(exchange: Exchange, by: Person) -> None:
    """Tell both that they do not say the same, and that each may change their answer."""
    mark = f"{by.pk}:{exchange.provider_happened}"
    for to in (exchange.provider, exchange.receiver):
        tell(to, exchange, "said_differently", kind=NoticeKind.AGREEMENT, mark=mark)


def done(exchange: Exchange) -> None:
    """Tell both that it is done, and where to write down what they learnt."""
    write = mailbox.absolute(reverse("exchange:practice_from", args=[exchange.pk]))
    for to in (exchange.provider, exchange.receiver):
        tell(to, exchange, "done", kind=NoticeKind.AGREEMENT, write=write)


def not_done(exchange: Exchange) -> None:
    """Tell both that it ended without having happened."""
    for to in (exchange.provider, exchange.receiver):
        tell(to, exchange, "not_done", kind=NoticeKind.AGREEMENT)


def lapsed(exchange: Exchange) -> None:
    """Tell both that it ended because nobody said what became of it."""
    for to in (exchange.provider, exchange.receiver):
        tell(to, exchange, "lapsed", kind=NoticeKind.ANSWER)


def time_for_thanks(exchange: Exchange) -> None:
    """Ask each side once whether there is something to thank for."""
    sides = [
        (exchange.provider, exchange.provider_closed_at),
        (exchange.receiver, exchange.receiver_closed_at),
    ]
    for to, closed_at in sides:
        if closed_at is None:
            tell(to, exchange, "time_for_thanks", kind=NoticeKind.REMINDER)


def thanked(exchange: Exchange, thanks: Thanks) -> None:
    """Hand over a thank-you."""
    mailbox.post(
        thanks.receiver,
        key=thanks.notice_key,
        kind=NoticeKind.THANKS,
        template="exchange/mail/thanked.txt",
        link=exchange.get_absolute_url(),
        listing=exchange.listing,
        other=thanks.giver,
        thanks=thanks,
    )


def thanked_for(thanks: Thanks) -> None:
    """Hand over a thank-you that a steward wrote on behalf of an affiliate."""
    mailbox.post(
        thanks.receiver,
        key=thanks.notice_key,
        kind=NoticeKind.THANKS,
        template="exchange/mail/thanked_for.txt",
        link=thanks.get_absolute_url(),
        thanks=thanks,
    )
