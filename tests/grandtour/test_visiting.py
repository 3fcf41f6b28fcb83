"""A visiting Wikimedian, from the announcement to the way home: one guest, one host, weeks."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from grandtour.actions import (
    decisions,
    editions,
    eligibility,
    hosts,
    journeys,
    moving,
    templates,
    under_way,
)
from grandtour.actions import expectations as agreeing
from grandtour.models import Application, Edition, Expectation, Side
from grandtour.planning import problem as asked
from grandtour.planning.verify import broken
from grandtour.planning.written import read
from grandtour.plans import accepting
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import city, planned
from tests.grandtour.tours import EditionFactory, HostFactory

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 5)
WORDS = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}


def noon(day):
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


def announced(organiser):
    """Let an edition of this kind be begun from its template, opened, and offered a host."""
    template = templates.TEMPLATES[Edition.Kind.VISITING]
    days = template.days(FIRST)
    edition = templates.begin(template, "visiting", "A guest", "a-guest", days)
    Edition.objects.filter(pk=edition.pk).update(night_cost=6_000, least_first_time=0)
    edition.refresh_from_db()
    editions.go_on(edition, "open", organiser)
    host = HostFactory(
        edition=edition, state="draft", place=city("DE"), languages=["en"], stays=[]
    )
    first = edition.travel_first_day
    offered = hosts.Offered([], [], [(first, first + timedelta(days=100))])
    host.revision = "form"
    hosts.keep(host, offered, offer_at=noon(FIRST))
    hosts.decide(host, "accepted", organiser, at=noon(FIRST))
    return edition, MembershipFactory(affiliate=host.affiliate, role="editor").person


def begins(client, edition):
    """Let somebody begin to apply; give what they begin, and the page for it."""
    person = PersonFactory()
    client.force_login(person)
    client.post(reverse("grandtour:apply", args=[edition.slug]))
    begun = Application.objects.get(person=person)
    return begun, reverse("grandtour:edit_application", args=[begun.pk])


def filled(edition, country, nights):
    """Fill in all that is asked: for so many nights, on all days of travel."""
    place = city(country)
    return {
        "way": "letter",
        "goals": "To scan with you.",
        "place": place.name,
        "place_id": str(place.pk),
        "revision": "first",
        "purpose": "I write or edit",
        "languages": "English",
        "travels_by": ["rail", "coach"],
        "first_time": "True",
        "consent": "on",
        "nights": str(nights),
        "day-TOTAL_FORMS": "1",
        "day-INITIAL_FORMS": "0",
        "day-0-first": edition.travel_first_day.isoformat(),
        "day-0-last": edition.travel_last_day.isoformat(),
        "step": "send",
    }


def applies(client, edition, country, nights):
    """Let somebody apply on the page, for so many nights."""
    begun, page = begins(client, edition)
    assert client.get(page).context["form"]["nights"].field.max_value == edition.most_nights
    said = filled(edition, country, nights)
    assert client.post(page, said | {"nights": "7"}).status_code == 200
    assert client.post(page, said).status_code == 302
    begun.refresh_from_db()
    assert (begun.state, begun.nights) == ("submitted", nights)
    assert f"<dd>{nights}</dd>" in client.get(begun.get_absolute_url()).text
    return begun


def shortlisted(edition, organiser, day):
    """Let all be put on the short list and told."""
    editions.go_on(edition, "reviewing", organiser)
    sent = list(edition.applications.values_list("pk", flat=True))
    eligibility.begin_reading(sent, edition, organiser, at=noon(day))
    ruling = decisions.Ruling(organiser, noon(day), day)
    decisions.decide(sent, edition, "shortlisted", ruling)
    decisions.write_letters(edition, ruling)
    decisions.publish(edition, ruling)
    editions.go_on(edition, "matching", organiser)


def test_a_guest_stays_as_long_as_wished_from_the_announcement_to_the_way_home(client):
    organiser = OrganiserFactory()
    with time_machine.travel(noon(FIRST), tick=False) as clock:
        edition, speaker = announced(organiser)
        guest = applies(client, edition, "PL", 70)
        other = applies(client, edition, "SK", 95)
        day = edition.phases.get(may_decide=True).first_day
        clock.move_to(noon(day))
        shortlisted(edition, organiser, day)

        plan = planned(edition)
        problem, result = read(asked.Problem, plan.problem), read(asked.Plan, plan.result)
        assert broken(problem, result) == []
        journey, stop = result.journeys[0], result.journeys[0].stops[0]
        chosen = {f"a{guest.pk}": guest, f"a{other.pk}": other}[journey.travellers[0]]
        assert (stop.leave - stop.arrive).days == chosen.nights
        assert result.terms.nights == 0
        accepting.accept(plan, organiser, at=noon(day))

        made = edition.journeys.get()
        journeys.offer(made, organiser, reply_by=noon(day) + timedelta(days=9), at=noon(day))
        seat, there = made.seats.get(), made.stops.get()
        journeys.accept(seat, at=noon(day))
        journeys.welcome(there, speaker, at=noon(day))
        sooner = there.leave - timedelta(days=10)
        words = Expectation(seat=seat, stop=there, arrive=there.arrive, leave=sooner, **WORDS)
        put = agreeing.propose(
            words, agreeing.Speaker(seat.person, Side.TRAVELLER), read=0, at=noon(day)
        )
        agreeing.confirm(put, agreeing.Speaker(speaker, Side.HOST), at=noon(day))
        wish = moving.Wish((there.arrive, there.leave), (there.arrive, sooner))
        moving.move(made, {there.pk: wish}, organiser, at=noon(day))
        journeys.confirm(made, organiser, at=noon(day))

        for moment in (there.arrive, sooner + timedelta(days=1)):
            clock.move_to(noon(moment))
            assert under_way.move_with_the_days(moment, at=noon(moment)) == 1
        seat.refresh_from_db()
        assert (seat.state, seat.last_day) == ("returned", sooner)
        assert list(made.events.order_by("pk").values_list("what", flat=True)) == [
            *("proposed", "offered", "accepted", "host_accepted", "agreed"),
            *("moved", "confirmed", "left", "returned"),
        ]


def test_nobody_wishes_for_more_nights_than_the_days_they_name(client):
    with time_machine.travel(noon(FIRST), tick=False):
        edition, _speaker = announced(OrganiserFactory())
        begun, page = begins(client, edition)
        first = edition.travel_first_day
        ends = [(first + timedelta(days=number)).isoformat() for number in (30, 31, 69, 70)]
        said = filled(edition, "PL", 70) | {"day-TOTAL_FORMS": "2", "day-0-last": ends[0]}
        said |= {"day-1-first": ends[1], "day-1-last": ends[2]}

        answer = client.post(page, said)

        begun.refresh_from_db()
        form = answer.context["form"]
        assert set(form.errors) == {"nights"}
        assert "The longest of your periods has fewer nights: 69." in form.errors["nights"][0]
        assert form["nights"].value() == "70"
        assert (begun.state, begun.nights, begun.windows.count()) == ("draft", 70, 2)
        assert client.post(page, said | {"day-1-last": ends[3]}).status_code == 302


def test_how_long_somebody_wishes_to_stay_is_asked_where_one_can_choose(client):
    person = PersonFactory()
    client.force_login(person)
    for kind, rules, asks in (
        ("grand_tour", {}, False),
        ("peer_exchange", {"fewest_stops": 1, "most_stops": 1}, True),
        (
            "peer_exchange",
            {"fewest_stops": 1, "most_stops": 1, "fewest_nights": 3, "most_nights": 3},
            False,
        ),
    ):
        begun = Application.objects.create(
            edition=EditionFactory(kind=kind, **rules), person=person
        )
        page = client.get(reverse("grandtour:edit_application", args=[begun.pk]))
        assert ("nights" in page.context["form"].fields) is asks
        told = client.get(begun.edition.get_absolute_url()).text
        assert ("how many nights they would like" in told) is asks
