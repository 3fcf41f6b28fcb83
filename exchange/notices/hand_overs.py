"""What people hear when somebody passes on what they cannot keep."""

from typing import Any

from django.urls import reverse

from exchange.models import HandOver
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers import mailbox
from volunteers.models import Person
from volunteers.models.notices import NoticeKind


def _tell(to: Person, hand_over: HandOver, name: str, kind: NoticeKind, **about: Any) -> None:
    mailbox.post(
        to,
        key=_key(hand_over, name, to),
        kind=kind,
        template=f"exchange/mail/hand_over_{name}.txt",
        **{"link": hand_over.get_absolute_url()} | about,
        hand_over=hand_over,
        what=hand_over.what,
        giver=hand_over.giver,
        taker=hand_over.taker,
    )


def _key(hand_over: HandOver, name: str, to: Person) -> str:
    return f"hand-over-{name}:{hand_over.pk}:{to.pk}"


def offered(hand_over: HandOver) -> None:
    """Ask somebody to take it on."""
    until = (hand_over.offered_at + ANSWER_WITHIN).date()
    _tell(hand_over.taker, hand_over, "offered", NoticeKind.ASK, until=until)


def unanswered(hand_over: HandOver) -> None:
    """Remind who is asked, once."""
    until = (hand_over.offered_at + ANSWER_WITHIN).date()
    _tell(hand_over.taker, hand_over, "unanswered", NoticeKind.REMINDER, until=until)


def withdrawn(hand_over: HandOver) -> None:
    """Tell who was asked that there is nothing to do any more."""
    _tell(hand_over.taker, hand_over, "withdrawn", NoticeKind.ANSWER)


def gone(hand_over: HandOver) -> None:
    """Tell who was asked that the thing has ended; a question that still waits stays behind."""
    _ask_no_more(hand_over)
    _decide_no_more(hand_over)
    _tell(hand_over.taker, hand_over, "gone", NoticeKind.ANSWER)


def declined(hand_over: HandOver) -> None:
    """Tell who asked that it will not be, and who else there is."""
    _tell(
        hand_over.giver, hand_over, "declined", NoticeKind.ANSWER, link=others_path(hand_over)
    )


def expired(hand_over: HandOver) -> None:
    """Say to who asked what a no says; letters that wait ask for nothing any more."""
    _ask_no_more(hand_over)
    declined(hand_over)


def _ask_no_more(hand_over: HandOver) -> None:
    """Do not mail any more what still asks somebody to take it on."""
    for name in ("offered", "unanswered"):
        mailbox.take_back(_key(hand_over, name, hand_over.taker))


def waiting(hand_over: HandOver) -> None:
    """Ask who is helped whether somebody else may; tell who helped that they are asked."""
    former, successor = hand_over.exchange, hand_over.successor
    if former and successor:
        link = successor.get_absolute_url()
        kind = NoticeKind.AGREEMENT
        _tell(former.receiver, hand_over, "proposed", kind, link=link)
        about = {"link": former.get_absolute_url(), "receiver": former.receiver}
        _tell(hand_over.giver, hand_over, "waiting", NoticeKind.ANSWER, **about)


def taken(hand_over: HandOver) -> None:
    """Tell who gave it away that it is no longer theirs."""
    link = reverse("exchange:hand_over")
    _tell(hand_over.giver, hand_over, "taken", NoticeKind.ANSWER, link=link)


def kept(hand_over: HandOver) -> None:
    """Tell who helps that the deal stays as it was."""
    link = hand_over.exchange.get_absolute_url() if hand_over.exchange else ""
    _tell(hand_over.giver, hand_over, "kept", NoticeKind.AGREEMENT, link=link)


def stays_yours(hand_over: HandOver) -> None:
    """Tell who is helped that there is nothing to decide: who helps keeps it after all."""
    if former := hand_over.exchange:
        link = former.get_absolute_url()
        _tell(former.receiver, hand_over, "taken_back", NoticeKind.AGREEMENT, link=link)


def stays(hand_over: HandOver) -> None:
    """Tell who would have taken it that no answer came, and it stays where it is."""
    _decide_no_more(hand_over)
    _tell(hand_over.taker, hand_over, "kept", NoticeKind.ANSWER)


def _decide_no_more(hand_over: HandOver) -> None:
    """Do not mail any more what still asks who is helped whether somebody else may."""
    if former := hand_over.exchange:
        mailbox.take_back(_key(hand_over, "proposed", former.receiver))


def others_path(hand_over: HandOver) -> str:
    """Give the address where one finds somebody else to ask."""
    kind = "exchange" if hand_over.exchange_id else "commitment"
    pk = hand_over.exchange_id or hand_over.commitment_id
    return reverse("exchange:hand_over_to", args=[kind, pk])
