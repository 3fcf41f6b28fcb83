"""Whoever asks for a place in an edition organises, reads and decides nothing in it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from grandtour.actions import (
    applications,
    assignments,
    conflicts,
    decisions,
    editions,
    eligibility,
    hosts,
    journeys,
    money,
    reviewers,
)
from grandtour.actions.apart import Travels
from grandtour.models import (
    Application,
    Assignment,
    Cost,
    Decision,
    Edition,
    Journey,
    Review,
    ReviewEvent,
    barred_to,
    organisers_of,
    organises,
)
from grandtour.models.organising import unorganised
from tests.addresses import planned
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import (
    DAY,
    MAY,
    NOON,
    ApplicationFactory,
    AssignmentFactory,
    ClaimFactory,
    EditionFactory,
    HostFactory,
    LineFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from volunteers.models import Notice, Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
STATES = Application.State


def ruling(person):
    return decisions.Ruling(person, NOON, DAY)


def applied(edition, state="in_review", person=None, **who):
    """Give an organiser who has applied to an edition."""
    person = person or OrganiserFactory(**who)
    ReadFactory(edition=edition, person=person)
    ended = {"ended_at": NOON} if state in {"declined", "withdrawn"} else {}
    Application.objects.filter(person=person).update(state=state, **ended)
    return person


@pytest.mark.parametrize("state", STATES.values)
def test_who_has_applied_is_no_organiser_of_that_edition_alone(state):
    edition, other = ReviewingFactory(), EditionFactory()
    person = applied(edition, "in_review" if state == "completed" else state)
    if state == "completed":
        Application.objects.update(state=state, ended_at=NOON)

    # A draft that nobody can send any more is no wish to travel.
    free = state in {"draft", "withdrawn", "declined"}

    assert organises(person, edition) is free
    assert (person in organisers_of(edition)) is free
    assert decisions.may_decide(person, edition) is free
    assert organises(person, other)
    assert person in organisers_of(other)


def test_the_wish_to_travel_begins_with_a_draft_and_ends_with_it(client):
    edition, person = EditionFactory(), OrganiserFactory()
    rival = ReadFactory(edition=edition)
    client.force_login(person)
    pages = [
        reverse("admin:grandtour_edition_review", args=[edition.pk]),
        reverse("admin:grandtour_edition_application", args=[edition.pk, rival.pk]),
        reverse("admin:grandtour_cost_of", args=[edition.pk]),
    ]
    assert {client.get(page).status_code for page in pages} == {200}

    draft = applications.begin(edition, person, day=DAY)

    assert not organises(person, edition)
    assert person not in organisers_of(edition)
    assert barred_to(person, edition) >= {rival.pk}
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 403
        assert str(rival.person) not in answer.content.decode()

    applications.discard(draft)

    assert {client.get(page).status_code for page in pages} == {200}


def test_who_only_writes_a_draft_reads_nothing_and_what_they_gave_stands():
    edition = ReviewingFactory(applications_last_day=date(2026, 2, 28))
    reviewer = ReviewerFactory(edition=edition)
    rival, unread = (ReadFactory(edition=edition) for _more in range(2))
    scored(rival, reviewer, 4, 1)
    AssignmentFactory(application=unread, reviewer=reviewer)
    Edition.objects.update(state="open")

    draft = applications.begin(edition, reviewer.person, day=DAY)
    conflicts.find(edition, at=NOON)

    assert not Assignment.objects.readable().exists()
    assert Review.objects.get().state == "given"
    applications.discard(draft)
    assert Assignment.objects.readable().count() == 2


def test_nobody_learns_of_a_draft_by_asking_its_author_to_read():
    draft = ApplicationFactory()

    reviewer = reviewers.ask(
        draft.edition, draft.person, reviewers.Rights(), OrganiserFactory(), at=NOON
    )

    assert reviewer.state == "asked"
    with pytest.raises(reviewers.Applies):
        reviewers.answer(reviewer, yes=True, at=NOON)


def desk(claim, host):
    """List pages of the desk about the money, hosts and state of an edition."""
    edition, line = claim.edition, LineFactory(fund__edition=claim.edition)
    return [
        *(
            reverse(f"admin:grandtour_cost_{name}", args=[edition.pk])
            for name in ("of", "add_fund", "stipends", "paid", "share", "draft", "records")
        ),
        *(
            reverse(f"admin:grandtour_cost_{name}", args=[edition.pk])
            for name in ("costs_csv", "books_xlsx", "mobilities_csv")
        ),
        *(
            reverse(f"admin:grandtour_cost_{name}", args=[line.fund_id])
            for name in ("fund", "add_line", "drop_fund")
        ),
        *(
            reverse(f"admin:grandtour_cost_{name}", args=[line.pk])
            for name in ("line", "drop_line")
        ),
        *(
            reverse(f"admin:grandtour_cost_{name}", args=[claim.pk])
            for name in ("approve", "refuse", "pay")
        ),
        reverse("admin:grandtour_host_answer", args=[host.pk]),
        *(
            reverse(f"admin:grandtour_edition_{name}", args=[edition.pk])
            for name in ("change", "history", "go_on")
        ),
    ]


def test_money_hosts_and_the_edition_are_closed_to_who_applied_and_say_whom_to_ask(client):
    claim = ClaimFactory()
    pages = desk(claim, HostFactory(edition=claim.edition))
    free = OrganiserFactory(name="Fiona Free")
    client.force_login(applied(claim.edition))

    for page in pages:
        for answer in (client.get(page), client.post(page, {"answer": "accepted"})):
            assert answer.status_code == 403, page
            assert "Fiona Free" in answer.content.decode()
    listed = client.get(reverse("admin:grandtour_cost_changelist")).content.decode()
    assert str(claim.seat.person) not in listed
    client.force_login(free)
    assert {client.get(page).status_code for page in pages} == {200}


def test_lists_of_plans_and_journeys_leave_out_editions_one_applied_to(client):
    seat, elsewhere = SeatFactory(), SeatFactory()
    plan = planned(seat, OrganiserFactory())
    person, free = applied(seat.edition), OrganiserFactory(name="Fiona Free")

    def listed(who, name):
        client.force_login(who)
        page = client.get(reverse(f"admin:grandtour_{name}_changelist"))
        return set(page.context["cl"].result_list)

    assert listed(free, "plan") == {plan}
    assert listed(free, "journey") == {seat.journey, elsewhere.journey}
    assert listed(person, "plan") == set()
    assert listed(person, "journey") == {elsewhere.journey}
    for name, row in (("plan", plan), ("journey", seat.journey)):
        answer = client.get(reverse(f"admin:grandtour_{name}_show", args=[row.pk]))
        assert answer.status_code == 403
        assert "Fiona Free" in answer.content.decode()


def test_what_waits_at_the_desk_says_nothing_of_an_edition_to_who_applied_to_it(client):
    edition = ReviewingFactory(name="Zyx Round")
    new = ReadFactory(edition=edition)
    Application.objects.filter(pk=new.pk).update(state="submitted")
    ClaimFactory(seat__journey__edition=edition)
    SeatFactory(journey__edition=edition)
    person, free = applied(edition), OrganiserFactory()

    def waits(who):
        client.force_login(who)
        return [one["words"] for one in client.get("/admin/").context["waiting"]]

    assert waits(free) == [
        "Zyx Round: 1 application to look at",
        "Costs wait to be decided: Zyx Round",
        "Places wait to be offered: Zyx Round",
    ]
    assert waits(person) == []


def test_the_only_organiser_who_applies_reads_how_it_goes_on(client):
    edition = ReviewingFactory()
    organiser = applied(edition)
    client.force_login(organiser)

    answer = client.get(reverse("admin:grandtour_edition_review", args=[edition.pk]))

    assert answer.status_code == 403
    assert "Ask whoever runs this site" in answer.content.decode()
    assert "take your application back" in answer.content.decode()


def test_an_edition_whose_only_organiser_travelled_is_ended_by_somebody_who_is_made_one(client):
    claim, keeper = ClaimFactory(), PersonFactory(name="Kim Keeper")
    edition = claim.edition
    Edition.objects.update(state="evaluating")
    sole = applied(edition)
    Application.objects.filter(person=sole).update(state="completed", ended_at=NOON)
    Person.objects.filter(pk=keeper.pk).update(is_superuser=True, is_staff=True)
    applied(edition, person=keeper)
    pages = [
        reverse("admin:grandtour_cost_of", args=[edition.pk]),
        reverse("admin:grandtour_edition_go_on", args=[edition.pk]),
    ]
    client.force_login(sole)

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 403
        assert "Ask Kim Keeper to make somebody an organiser" in answer.content.decode()
        assert "take your application back" not in answer.content.decode()

    client.force_login(keeper)
    waits = client.get(reverse("admin:index")).content.decode()
    assert f"Nobody organises it who does not travel: {edition}" in waits
    ends = PersonFactory()
    why = {"why": "Somebody has to close the books."}
    client.post(reverse("admin:volunteers_person_act", args=[ends.pk, "appoint"]), why)
    ends.refresh_from_db()
    of = LineFactory(fund__edition=edition)
    money.approve(claim, money.Grant(of, 100), ends, at=NOON)
    money.pay(claim, ends, at=NOON)
    edition.refresh_from_db()
    editions.go_on(edition, "closed", ends)

    assert Cost.objects.get().state == "paid"
    assert Edition.objects.get().state == "closed"
    assert not unorganised().exists()


ACTS = {
    "approve": lambda c, by: money.approve(c, money.Grant(line(c), 100), by, at=NOON),
    "refuse": lambda c, by: money.refuse(c, "No.", by, at=NOON),
    "share": lambda c, by: money.share(money.Grant(line(c), 100), "Bus", DAY, by, at=NOON),
    "keep": lambda c, by: money.keep(line(c), by),
    "remove": lambda c, by: money.remove(line(c), by),
    "stipends": lambda c, by: money.give_stipends(
        money.Stipend(c.seat.journey, "Bed"), money.Grant(line(c), 100), by, at=NOON
    ),
    "none": lambda c, by: money.give_none(
        money.Stipend(c.seat.journey, "Bed"), money.Grant(line(c), 100, "No."), by, at=NOON
    ),
    "host": lambda c, by: hosts.decide(HostFactory(edition=c.edition), "accepted", by, at=NOON),
    "go on": lambda c, by: editions.go_on(c.edition, "reviewing", by),
    "ask": lambda c, by: reviewers.ask(
        c.edition, PersonFactory(), reviewers.Rights(), by, at=NOON
    ),
    "give out": lambda c, by: assignments.give_out(c.edition, 1, by, at=NOON),
}


def line(claim):
    return LineFactory(fund__edition=claim.edition)


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_done_by_who_applied(act):
    claim = ClaimFactory()
    organiser, free = applied(claim.edition), OrganiserFactory()

    with pytest.raises(Travels) as told:
        ACTS[act](claim, organiser)

    assert told.value.others == (free,)
    claim.refresh_from_db()
    assert claim.state == "claimed"
    assert Cost.objects.count() == 1
    ACTS[act](claim, free)


def test_who_applied_decides_about_no_rival_and_publishes_nothing():
    mine = ReadFactory(person=OrganiserFactory())
    rival, free = ReadFactory(edition=mine.edition), OrganiserFactory()
    edition, by = mine.edition, ruling(mine.person)

    for act in (
        lambda: decisions.decide([rival.pk], edition, "declined", by),
        lambda: decisions.clear([rival.pk], edition, by),
        lambda: decisions.write_letters(edition, by),
        lambda: decisions.publish(edition, by),
        lambda: eligibility.ask_for_more(rival, "Why?", mine.person, at=NOON),
    ):
        with pytest.raises(decisions.NotYours):
            act()

    assert not Decision.objects.exists()
    assert decisions.decide([rival.pk], edition, "declined", ruling(free)) == 1


def test_who_applied_takes_up_no_application():
    edition = ReviewingFactory()
    organiser = applied(edition)
    rival = ApplicationFactory(edition=edition)
    rival.move("submitted", submitted_at=NOON, consented_at=NOON)

    assert eligibility.begin_reading([rival.pk], edition, organiser, at=NOON) == 0


def test_an_organiser_who_applied_sees_journeys_of_that_edition_as_a_traveller_does(client):
    stop = StopFactory(journey__state="offered")
    SeatFactory(journey=stop.journey, state="accepted", accepted_at=NOON)
    elsewhere = StopFactory(journey__state="offered").journey
    organiser = applied(stop.journey.edition, "shortlisted")
    client.force_login(organiser)

    assert client.get(stop.journey.get_absolute_url()).status_code == 404
    assert client.get(elsewhere.get_absolute_url()).status_code == 200
    assert set(Journey.objects.seen_by(organiser)) == {elsewhere}
    client.force_login(OrganiserFactory())
    assert client.get(stop.journey.get_absolute_url()).status_code == 200


def test_receipts_of_others_are_not_seen_by_who_applied():
    claim, elsewhere = ClaimFactory(), ClaimFactory()
    organiser = applied(claim.edition)

    assert set(Cost.objects.seen_by(organiser)) == {elsewhere}
    assert set(Cost.objects.seen_by(OrganiserFactory())) == {claim, elsewhere}


def test_letters_to_organisers_do_not_go_to_who_applied():
    seat = SeatFactory(state="accepted", accepted_at=NOON, journey__state="offered")
    StopFactory(journey=seat.journey)
    rival, free = applied(seat.journey.edition), OrganiserFactory()

    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)

    told = Notice.objects.filter(key__startswith="place-freed")
    assert [notice.recipient for notice in told] == [free]
    assert rival not in {notice.recipient for notice in Notice.objects.all()}


def test_an_applicant_is_not_asked_to_read(client):
    application = ReadFactory()
    edition, organiser = application.edition, OrganiserFactory()
    said = {"ask-username": application.person.username, "ask-reads": "on", "do": "ask"}
    client.force_login(organiser)

    with pytest.raises(reviewers.Applies):
        reviewers.ask(edition, application.person, reviewers.Rights(), organiser, at=NOON)
    page = client.post(reverse("admin:grandtour_edition_readers", args=[edition.pk]), said)

    assert "let others read" in page.content.decode()
    assert not edition.reviewers.exists()


def test_who_has_applied_since_they_were_asked_cannot_say_yes(client):
    reviewer = ReviewerFactory(state="asked", answered_at=None)
    ReadFactory(edition=reviewer.edition, person=reviewer.person)
    client.force_login(reviewer.person)
    address = reverse("grandtour:answer_review", args=[reviewer.edition.slug])

    page = client.post(address, {"answer": "yes"}, follow=True)

    assert "others read for it" in page.content.decode()
    reviewer.refresh_from_db()
    assert reviewer.state == "asked"


def draft_of(person, edition):
    """Let somebody have written an application."""
    draft = ApplicationFactory(edition=edition, person=person)
    draft.revision = "one"
    return applications.Written(draft, [], []), [MAY], applications.Private()


def test_whoever_applies_later_reads_no_more_and_what_they_thought_is_void():
    edition = ReviewingFactory(applications_last_day=date(2026, 2, 28))
    reviewer, other = (ReviewerFactory(edition=edition) for _who in range(2))
    rival, unread = (ReadFactory(edition=edition) for _more in range(2))
    for one in (reviewer, other):
        scored(rival, one, 4, 1)
    AssignmentFactory(application=unread, reviewer=reviewer)
    edition.state = "open"
    edition.save()

    applications.send(*draft_of(reviewer.person, edition), at=NOON)

    reviewer.refresh_from_db()
    assert reviewer.state == "stopped"
    assert not Assignment.objects.live().filter(reviewer=reviewer).exists()
    assert Review.objects.get(reviewer=reviewer).state == "void"
    assert Review.objects.get(reviewer=other).state == "given"
    noted = ReviewEvent.objects.filter(verb="conflict", reviewer=reviewer)
    assert {event.application_id for event in noted} == {rival.pk, unread.pk}


def test_who_applied_reads_nothing_at_once_and_is_stopped_by_the_next_look():
    assignment = AssignmentFactory()
    ReadFactory(edition=assignment.application.edition, person=assignment.reviewer.person)

    assert not Assignment.objects.readable().exists()
    conflicts.find(assignment.application.edition, at=NOON + timedelta(hours=1))

    assignment.reviewer.refresh_from_db()
    assert assignment.reviewer.state == "stopped"
    assert not Assignment.objects.live().exists()


def test_who_takes_their_application_back_organises_again(client):
    edition = ReviewingFactory()
    organiser = applied(edition)
    client.force_login(organiser)
    address = reverse("admin:grandtour_edition_review", args=[edition.pk])
    assert client.get(address).status_code == 403

    applications.withdraw(organiser.applications.get(), at=NOON)

    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("others", "words"),
    [((), "Nobody but you organises"), (("Fiona Free",), "Fiona Free")],
)
def test_before_they_apply_organisers_and_readers_read_what_it_ends(client, others, words):
    edition, organiser = EditionFactory(), OrganiserFactory()
    for name in others:
        OrganiserFactory(name=name)
    draft = ApplicationFactory(edition=edition, person=organiser)
    reader = ReviewerFactory(edition=edition).person
    begin = reverse("grandtour:apply", args=[edition.slug])
    client.force_login(organiser)

    for page in (begin, reverse("grandtour:edit_application", args=[draft.pk])):
        assert words in client.get(page).content.decode()
    client.force_login(reader)
    assert "you read no more" in client.get(begin).content.decode()
    client.force_login(PersonFactory())
    assert client.get(begin).context["ends"] == []
