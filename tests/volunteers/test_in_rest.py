"""While somebody is left alone: what is not written, what waits, what comes; and it is said."""

import ast
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.urls import reverse

from exchange.actions import calls, exchanges, invitations
from exchange.reminders.calls import remind as call_on
from grandtour.reminders import reviews
from tests.factories import ListingFactory, PersonFactory, PersonSkillFactory
from tests.grandtour.tours import ReviewerFactory
from volunteers import gate, mailbox
from volunteers.actions import bandwidth, commitments, rest
from volunteers.actions import check_ins as rhythms
from volunteers.models import Ask, Notice
from volunteers.models.notices import InRest, NoticeKind, in_rest, kinds_in_rest
from volunteers.reminders import check_ins, weeks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
TODAY = NOON.date()
DAY = timedelta(days=1)
# The functions that write what nobody is written who rests.
WRITTEN_BY = {
    NoticeKind.ASK: {
        *("exchange/notices/exchanges.py asked", "exchange/notices/hand_overs.py offered"),
        *("grandtour/notices/reviews.py asked", "grandtour/notices/reviews.py waits"),
        "exchange/notices/invitations.py invited",
    },
    NoticeKind.CALL: {"exchange/notices/calls.py called"},
    NoticeKind.BANDWIDTH: {"volunteers/notices.py weeks_too_full"},
    NoticeKind.CHECK_IN: {
        *("volunteers/notices.py ask_how_they_are", "volunteers/notices.py ask_no_more"),
    },
}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def person():
    return PersonFactory()


def send(now):
    while mailbox.send_some(now):
        pass
    return [letter.subject for letter in mail.outbox]


def write(person, kind):
    mailbox.post(
        person, key=kind, kind=kind, template="volunteers/mail/check_in_ended.txt", link="/x/"
    )


@pytest.mark.parametrize("kind", NoticeKind)
def test_mail_that_comes_comes_and_all_other_waits_until_they_are_back(person, kind):
    rest.leave_alone(person, TODAY)
    write(person, kind)

    assert bool(send(NOON + 20 * DAY)) == (in_rest(kind) == InRest.COMES)
    rest.come_back(person, TODAY + 21 * DAY)
    assert len(send(NOON + 21 * DAY)) == 1


def asks(person):
    """Let somebody ask for what they offer, another invite them, and an earlier ask wait."""
    listing = ListingFactory(author=person)
    earlier = Ask.objects.create(person=person, asker=PersonFactory(), asked_at=NOON - 5 * DAY)
    ReviewerFactory(
        person=person,
        state="asked",
        ask=earlier,
        asked_at=earlier.asked_at,
        answered_at=None,
        edition__phases=False,
    )
    words = exchanges.Words(message="Hello", why="You know it best.")
    skill = PersonSkillFactory(person=person, how="wants").skill
    lesson = ListingFactory(
        of="training",
        seats=5,
        skills=[skill],
        first_day=TODAY + 7 * DAY,
        last_day=TODAY + 7 * DAY,
    )
    for ask in (
        lambda: exchanges.ask(listing, PersonFactory(), words, at=NOON),
        lambda: invitations.invite(lesson, person, "You asked about it.", at=NOON),
    ):
        if person.rests.exists():
            with pytest.raises(gate.NotTakingRequests):
                ask()
        else:
            ask()
    reviews.remind(NOON)


def calls_on(person):
    """Let somebody put a request to all who can do it."""
    skill = PersonSkillFactory(person=person).skill
    calls.begin(ListingFactory(kind="request", skills=[skill]), TODAY + 7 * DAY, at=NOON)
    call_on(NOON)


def overloads(person):
    """Let somebody have taken on far more than they can give."""
    bandwidth.declare(person, Decimal(2), TODAY - 200 * DAY, None)
    much = commitments.Words("The board", Decimal(9), TODAY, TODAY + 27 * DAY)
    commitments.take_on(person, much)
    weeks.remind(NOON)


def checks_in(person):
    """Let the day come on which somebody wished to be asked."""
    rhythms.choose(person, "month", at=NOON - 90 * DAY)
    check_ins.ask(NOON)


WAYS = {
    NoticeKind.ASK: asks,
    NoticeKind.CALL: calls_on,
    NoticeKind.BANDWIDTH: overloads,
    NoticeKind.CHECK_IN: checks_in,
}


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("kind", kinds_in_rest()[InRest.UNWRITTEN])
def test_what_is_said_not_to_be_written_is_written_only_to_who_is_there(person, kind, alone):
    if alone:
        rest.leave_alone(person, TODAY)

    WAYS[kind](person)

    written = set(Notice.objects.filter(recipient=person).values_list("kind", flat=True))
    assert written == (set() if alone else {kind})


def writers():
    """Give what each function of a module of notices writes: (kind, where it stands)."""
    for path in settings.BASE_DIR.glob("*/notices*/**/*.py"):
        yield from _writers(path)
    for path in settings.BASE_DIR.glob("*/notices.py"):
        yield from _writers(path)


def _writers(path):
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "NoticeKind":
                where = f"{path.relative_to(settings.BASE_DIR)} {getattr(function, 'name', '')}"
                yield NoticeKind[node.attr], where


def test_nothing_else_writes_what_is_said_not_to_be_written():
    found = {kind: set() for kind in WRITTEN_BY}
    for kind, where in writers():
        if kind in found:
            found[kind].add(where)

    assert found == WRITTEN_BY
    assert set(WRITTEN_BY) == set(WAYS) == set(kinds_in_rest()[InRest.UNWRITTEN])


def said(client):
    """Give what the page says of each kind, by its words."""
    content = client.get(reverse("volunteers:bandwidth")).content.decode()
    part = content[content.index("What this covers") :]
    return re.findall(r"<li>\s*([^<]*?):\s*<ul[^>]*>(.*?)</ul>", part, flags=re.DOTALL)


def test_what_was_asked_before_stays_and_waits_and_the_page_says_so(client, person):
    write(person, NoticeKind.ASK)
    rest.leave_alone(person, TODAY)
    client.force_login(person)

    page = client.get(reverse("volunteers:bandwidth")).content.decode()

    assert "What you were asked before your rest began stays here" in page
    assert list(Notice.objects.inbox(person)) == [Notice.objects.get()]
    assert send(NOON + 20 * DAY) == []


@pytest.mark.parametrize("alone", [False, True])
def test_the_page_says_what_the_letter_box_goes_by(client, person, alone):
    client.force_login(person)
    if alone:
        rest.leave_alone(person, TODAY)

    shown = {
        words: [item.replace("&#x27;", "'") for item in re.findall(r"<li>(.*?)</li>", items)]
        for words, items in said(client)
    }

    assert shown == {
        str(fate.label): [kind.label for kind in kinds]
        for fate, kinds in kinds_in_rest().items()
    }
    assert sum(map(len, shown.values())) == len(NoticeKind)
    content = client.get(reverse("volunteers:bandwidth")).content.decode()
    assert ("<summary>What this covers" in content) is not alone
