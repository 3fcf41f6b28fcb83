"""What was given for an affiliate and what it cost: stewards see it while they may."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from grandtour.actions import money
from grandtour.models import Application
from tests.capx.test_care import LONG_AGO, NOW, TODAY
from tests.exchange.agreeing import agreed
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
)
from tests.grandtour.tours import (
    NOON,
    ApplicationFactory,
    ClaimFactory,
    LineFactory,
    SeatFactory,
)
from volunteers.actions import care
from volunteers.models import Commitment, StewardAccess
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DESK, SHARE = reverse("care", args=["wmpl"]), reverse("share", args=["wmpl"])
TITLE = "What they gave for this affiliate in the last twelve months"


def belonging(affiliate, **about):
    person = PersonFactory(**about)
    join(person, affiliate)
    return person


def join(person, affiliate):
    MembershipFactory(person=person, affiliate=affiliate, role="editor", confirmed_at=LONG_AGO)


def sharing(affiliate, person, **what):
    shown = {"weeks": False, "check_ins": False, "costs": True} | what
    care.share(person, affiliate, care.Shared(DateRange(TODAY, None), **shown), at=NOW)


def gave(person, affiliate, what, *, ago=30, **about):
    last = TODAY - ago * DAY
    return Commitment.objects.create(
        **{"source": "import", "state": "done"} | about,
        person=person,
        affiliate=affiliate,
        what=what,
        key=what,
        period=days(last - 6 * DAY, last),
        weekly_hours=3,
    )


def exchanged(person, affiliate, what_for, *, ago=30):
    """Let somebody have helped in the name of an affiliate, with a sum that was agreed."""
    listing = ListingFactory(author=person, affiliate=affiliate)
    line = {"side": "provider", "amount": 4500, "currency": "EUR", "what_for": what_for}
    exchange = ExchangeFactory(listing=listing, asked_at=NOW - (ago + 60) * DAY)
    first = TODAY - (ago + 6) * DAY
    return agreed(exchange=exchange, at=exchange.asked_at, first=first, days=7, lines=[line])


def travelled(person, affiliate, what):
    """Let somebody have travelled for an affiliate, and claimed a hundred euros."""
    application = ApplicationFactory(
        person=person,
        state=Application.State.SHORTLISTED,
        submitted_at=NOON,
        consented_at=NOON,
        affiliate=affiliate,
    )
    seat = SeatFactory(
        application=application, journey__edition=application.edition, state="confirmed"
    )
    return ClaimFactory(seat=seat, what=what, day=TODAY - 20 * DAY)


def seen(client, steward, path=DESK):
    client.force_login(steward)
    text = " ".join(client.get(path).content.decode().split())
    return text[text.index("<main") : text.index("</main")]


def test_a_steward_sees_what_was_given_for_this_affiliate_and_what_it_cost(
    client, affiliate, steward
):
    person, other = belonging(affiliate, name="Ola"), AffiliateFactory()
    join(person, other)
    gave(person, affiliate, "Help desk")
    gave(person, other, "Elsewhere")
    gave(person, None, "At home", source="by_hand")
    gave(person, affiliate, "Long ago", ago=400)
    exchange = exchanged(person, affiliate, "Train to Gdańsk")
    exchanged(person, other, "Train to Lund")
    exchanged(person, affiliate, "Train of yore", ago=400)
    claim = travelled(person, affiliate, "Ferry to Karlskrona")
    organiser, line = OrganiserFactory(), LineFactory(fund__edition=claim.edition)
    money.approve(claim, money.Grant(line, 8_000), organiser, at=NOW)
    travelled(person, other, "Ferry to Åbo")
    sharing(affiliate, person)

    shown = seen(client, steward)

    assert TITLE in shown
    assert "· 6\u201312 Apr 2026 · 3 h" in " ".join(re.sub(r"<[^>]+>", "", shown).split())
    told = ("Help desk", "Train to Gdańsk", "€45", "Ferry to Karlskrona", "€100", "€80")
    assert [words for words in told if words not in shown] == []
    kept = ("Elsewhere", "At home", "Long ago", "Lund", "yore", "Åbo")
    assert [words for words in kept if words in shown] == []
    assert [
        address
        for address in (exchange.get_absolute_url(), claim.get_absolute_url())
        if address in shown
    ] == []


@pytest.mark.parametrize("what", ["weeks", "check_ins"])
def test_who_shares_something_else_shows_nothing_of_it(client, affiliate, steward, what):
    person = belonging(affiliate, name="Ola")
    gave(person, affiliate, "Help desk")
    exchanged(person, affiliate, "Train to Gdańsk")
    sharing(affiliate, person, costs=False, **{what: True})

    shown = seen(client, steward)

    assert "Ola" in shown
    assert [w for w in (TITLE, "Help desk", "Gdańsk", "€") if w in shown] == []


def test_who_shares_it_alone_shows_neither_weeks_nor_check_ins(client, affiliate, steward):
    person = belonging(affiliate, name="Ola")
    sharing(affiliate, person)

    shown = seen(client, steward)

    assert "Shares what they gave and what it cost" in shown
    assert "Nothing yet that is noted here." in shown
    assert [w for w in ("chart", "The same in numbers", "check-in") if w in shown] == []


def test_what_is_taken_back_is_gone_at_the_next_look_and_for_all_others_it_never_was(
    client, affiliate, steward
):
    person = belonging(affiliate, name="Ola")
    gave(person, affiliate, "Help desk")
    sharing(affiliate, person)
    assert "Help desk" in seen(client, steward)
    for somebody in (MembershipFactory(role="steward").person, belonging(affiliate), person):
        client.force_login(somebody)
        assert client.get(DESK).status_code == 404

    care.stop_sharing(person, affiliate, at=NOW)

    assert "Help desk" not in seen(client, steward)


def test_one_sees_first_what_they_would_see_and_shares_it_and_again(client, affiliate, steward):
    person = belonging(affiliate, name="Ola")
    gave(person, affiliate, "Help desk")
    client.force_login(person)
    chosen = {"costs": "on", "first": TODAY.isoformat(), "last": ""}

    preview = client.post(SHARE, {**chosen, "preview": ""}).content.decode()
    assert "Help desk" in preview
    assert not StewardAccess.objects.exists()
    client.post(SHARE, chosen)
    assert "What you gave and what it cost" in client.get("/me/sharing/").content.decode()
    assert "Help desk" in seen(client, steward)

    access = StewardAccess.objects.get()
    client.force_login(person)
    client.post(reverse("volunteers:stop_sharing", args=["wmpl"]))
    client.post(reverse("volunteers:share_again", args=[access.pk]))

    live = StewardAccess.objects.live().values_list("weeks", "check_ins", "costs")
    assert list(live) == [(False, False, True)]


def test_what_is_shown_never_changes_in_a_row(affiliate):
    sharing(affiliate, belonging(affiliate), costs=False, weeks=True)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        StewardAccess.objects.update(costs=True)


def test_sharing_nothing_is_no_sharing(affiliate):
    with pytest.raises((IntegrityError, care.NotAMember)), transaction.atomic():
        sharing(affiliate, belonging(affiliate), costs=False)


def test_a_desk_of_thirty_who_show_it_asks_as_much_as_a_desk_of_one(
    client, affiliate, steward, django_assert_num_queries
):
    def one():
        person = belonging(affiliate)
        gave(person, affiliate, "Help desk")
        exchanged(person, affiliate, "Train")
        sharing(affiliate, person, weeks=True, check_ins=True)

    one()
    seen(client, steward)
    with django_assert_num_queries(QUERIES):
        client.get(DESK)
    for _more in range(29):
        one()
    with django_assert_num_queries(QUERIES):
        client.get(DESK)


# Fourteen, and the two with which a test wraps the transaction of the looks.
QUERIES = 16


def test_one_leads_from_what_one_gave_to_who_may_see_it(client):
    client.force_login(PersonFactory())

    assert reverse("volunteers:sharing") in client.get(reverse("past")).content.decode()
