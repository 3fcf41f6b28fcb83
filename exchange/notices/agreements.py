"""What people hear about what they agree on."""

from capx.terms import changes
from exchange.models import Agreement, Exchange
from exchange.notices.exchanges import tell
from volunteers.models import Person
from volunteers.models.notices import NoticeKind

KIND = NoticeKind.AGREEMENT


def proposed(exchange: Exchange, agreement: Agreement) -> None:
    """Ask the other side to confirm new terms."""
    to = exchange.other(agreement.proposed_by)
    earlier = exchange.agreements.filter(version__lt=agreement.version).order_by("-version")
    agreed = exchange.agreed_version
    former = (agreed and earlier.filter(version=agreed).first()) or earlier.first()
    about = {
        "agreement": agreement,
        "changes": agreed is not None,
        "differs": changes(agreement.terms(), former.terms()) if former else [],
    }
    tell(to, exchange, "proposed", kind=KIND, mark=agreement.version, **about)


def asked_again(exchange: Exchange, agreement: Agreement) -> None:
    """Ask who helps once more, because their weeks have filled up since."""
    mark = f"{agreement.version}:{exchange.provider_version}"
    tell(exchange.provider, exchange, "asked_again", kind=KIND, mark=mark, agreement=agreement)


def kept(exchange: Exchange, by: Person, version: int) -> None:
    """Tell the other side that what was agreed stays as it was."""
    tell(exchange.other(by), exchange, "kept", kind=KIND, mark=version)


def agreed(exchange: Exchange, agreement: Agreement) -> None:
    """Tell both what they have agreed on."""
    for to in (exchange.provider, exchange.receiver):
        tell(to, exchange, "agreed", kind=KIND, mark=agreement.version, agreement=agreement)


def seat_taken(exchange: Exchange, words: str) -> None:
    """Tell who teaches that a seat is taken, and who comes that it is theirs."""
    tell(exchange.provider, exchange, "seat_taken", kind=NoticeKind.ANSWER, words=words)
    terms = exchange.agreements.get(version=exchange.agreed_version or 0)
    about = {"agreement": terms, "at_once": True}
    tell(exchange.receiver, exchange, "seat_yours", kind=KIND, **about)


def coming_up(exchange: Exchange) -> None:
    """Ask both, a week before, whether it is still on."""
    for to in (exchange.provider, exchange.receiver):
        tell(
            to,
            exchange,
            "coming_up",
            kind=NoticeKind.REMINDER,
            mark=exchange.agreed_version,
        )
