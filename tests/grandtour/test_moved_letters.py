"""The whole way of a moved day, letter by letter, in each language of the pages."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext, override

from grandtour.models import Stop
from grandtour.reminders import journeys as reminders
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.test_moving import agree, visit
from tests.grandtour.tours import NOON
from volunteers import mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
A_DAY = timedelta(days=1)
LANGUAGES = ["en", "ar", "de", "es"]


def came():
    """Empty the letter box; list what came: to whom, its subject, and its words."""
    while mailbox.send_next(NOON):
        pass
    mails, mail.outbox[:] = list(mail.outbox), []
    return [(one.to[0], one.subject, one.body) for one in mails]


def move(client, stop, organiser, *days):
    """Let an organiser read what other days change, then move the stay."""
    client.force_login(organiser)
    page = reverse("admin:grandtour_journey_move", args=[stop.journey_id])
    form = client.get(page).context["form"]
    said = {"seen": form["seen"].value()}
    said |= {f"arrive_{stop.pk}": f"{days[0]}", f"leave_{stop.pk}": f"{days[1]}"}
    asked = client.post(page, said)
    assert came() == []
    client.post(page, said | {"sure": asked.context["form"].data["sure"]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_whom_other_days_concern_hear_of_them_once_in_their_language(client, language):
    stop = visit(application__person__language=language)
    guest = stop.journey.seats.get().person
    host = MembershipFactory(
        affiliate=stop.host.affiliate, role="editor", person__language=language
    ).person
    organiser = OrganiserFactory(language=language)
    edition, at = stop.journey.edition, stop.host.affiliate
    came()

    agree(stop, 4, 30)
    with override(language):
        wish = gettext("%(traveller)s and %(host)s would rather have other days")
    wished = wish % {"traveller": guest, "host": at}
    letters = came()
    assert {to for to, *_words in letters} == {guest.email, host.email, organiser.email}
    assert [to for to, subject, _body in letters if subject == wished] == [organiser.email]

    move(client, stop, organiser, date(2026, 5, 4), date(2026, 5, 30))
    assert Stop.objects.get().arrive == date(2026, 5, 4)
    with override(language):
        to_guest = gettext("Your journey has other days: %(edition)s") % {"edition": edition}
        to_host = gettext("Other days for the travellers at %(host)s") % {"host": at}
    letters = came()
    told = sorted((to, subject) for to, subject, _body in letters)
    assert told == sorted([(guest.email, to_guest), (host.email, to_host)])
    with override(language):
        ends = formats.date_format(date(2026, 5, 30), "DATE_FORMAT")
    for *_about, body in letters:
        assert ends in body
        assert stop.journey.get_absolute_url() in body

    reminders.remind(NOON)
    assert came() == []
