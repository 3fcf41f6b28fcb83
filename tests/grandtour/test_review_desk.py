"""How organisers look, compare, decide and publish; who may see is not who decides."""

import re
from dataclasses import astuple
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.html import strip_tags

from grandtour.actions import assignments, decisions
from grandtour.models import (
    Application,
    ApplicationEvent,
    Conflict,
    Decision,
    DecisionLetter,
    Phase,
    Redaction,
    ReviewEvent,
)
from grandtour.reports.overview import given_in, listed, rows_of
from grandtour.reports.viewers import Viewer
from grandtour.scoring import numbers
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_constraints import at_once
from tests.grandtour.tours import (
    DAY,
    NOON,
    ApplicationFactory,
    AssignmentFactory,
    EditionFactory,
    JourneyFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def organiser(client):
    person = OrganiserFactory(username="ines")
    client.force_login(person)
    return person


def screen(name, edition, *keys):
    return reverse(f"admin:grandtour_edition_{name}", args=[edition.pk, *keys])


def read_by_two(edition=None, person=None):
    """Let two reviewers read one application, one of them strict."""
    edition = edition or ReviewingFactory()
    kind, strict = ReviewerFactory.create_batch(2, edition=edition)
    one = ReadFactory(edition=edition, **({"person": person} if person else {}))
    two = ReadFactory(edition=edition)
    scored(one, kind, 4, 4)
    scored(one, strict, 2, 2)
    scored(two, kind, 4, 4)
    return one, two


def sent(edition, **others):
    application = ApplicationFactory(edition=edition, **others)
    application.move("submitted", submitted_at=NOON, consented_at=NOON)
    return application


def marked(client, address):
    """Give the words that a page shows as hidden from reviewers, in their text."""
    page = client.get(address).content.decode()
    return re.findall(r"<mark\s*>([^<]+)</mark>", page)


def ruling(person):
    return decisions.Ruling(person, NOON, DAY)


def test_the_list_shows_mean_disagreement_and_the_fair_mean(client, organiser):
    one, two = read_by_two()

    page = client.get(screen("review", one.edition)).content.decode()
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    numbers = [re.findall(r">\s*(\d+)\s*<", row) for row in rows]

    # All: 250 / 3 = 83.3; the kind one 100, the strict one 50.
    assert str(two.person) in rows[1]
    assert numbers[0][:3] == ["83", "75", "25"]
    assert numbers[1][:2] == ["83", "100"]


def test_the_list_narrows_down_and_is_ordered_by_disagreement(client, organiser):
    one, two = read_by_two()
    decisions.decide([two.pk], one.edition, "waiting", ruling(organiser))

    def names(query):
        page = client.get(screen("review", one.edition) + query).content.decode()
        return [str(a.person) for a in (one, two) if str(a.person) in page]

    assert names("?stage=pending") == [str(two.person)]
    assert names("?stage=reading&sort=spread") == [str(one.person)]
    assert names("?stage=told") == []


def test_what_stands_in_the_way_is_said_before_anybody_reads(client, organiser):
    edition = ReviewingFactory()
    earlier = EditionFactory(
        travel_first_day="2025-05-01",
        travel_last_day="2025-06-30",
        applications_first_day="2025-01-01",
        applications_last_day="2025-01-31",
    )
    application = sent(edition, windows=[("2026-05-01", "2026-05-02")])
    stop = StopFactory(
        journey=JourneyFactory(edition=earlier, state="returned"),
        arrive=date(2025, 6, 20),
        leave=date(2025, 6, 24),
    )
    SeatFactory(
        journey=stop.journey,
        application__person=application.person,
        application__state="travelled",
        state="returned",
        accepted_at=NOON,
    )

    page = client.get(screen("review", edition) + "?stage=new").content.decode()

    assert "too few days in a row" in page
    assert "has not reported on an earlier journey" in page
    client.post(screen("review", edition), {"do": "begin", "of": [application.pk]})
    application.refresh_from_db()
    assert application.state == "in_review"
    assert ApplicationEvent.objects.get(state="in_review").person == organiser


def test_nobody_reads_before_the_edition_does(client, organiser):
    edition = EditionFactory()
    application = sent(edition)

    client.post(screen("review", edition), {"do": "begin", "of": [application.pk]})

    application.refresh_from_db()
    assert application.state == "submitted"


def test_organisers_ask_for_what_is_missing_and_the_applicant_sends_it_again(client, organiser):
    edition = ReviewingFactory()
    application = sent(edition)
    words = {"do": "more", "more-words": "Which school is it?"}

    client.post(screen("application", edition, application.pk), words)

    application.refresh_from_db()
    assert (application.state, application.missing) == ("incomplete", "Which school is it?")
    notice = Notice.objects.get(recipient=application.person)
    assert "Which school is it?" in notice.body
    client.force_login(application.person)
    assert "Which school is it?" in client.get(notice.link).content.decode()


def test_nobody_hears_of_a_decision_before_it_is_published(client, organiser):
    one, two = read_by_two()
    for application, outcome in ((one, "shortlisted"), (two, "declined")):
        client.post(screen("review", one.edition), {"do": outcome, "of": [application.pk]})
    client.post(screen("letters", one.edition), {"do": "write"})

    for application in (one, two):
        application.refresh_from_db()
        client.force_login(application.person)
        page = client.get(application.get_absolute_url()).content.decode()
        assert application.state == "in_review"
        assert "Being read" in page
        assert not re.search(r"short list|waiting list|Declined|no place", page)
    assert not Notice.objects.filter(key__startswith="decision").exists()


def test_letters_are_read_changed_discarded_and_sent_once_to_those_newly_decided(
    client, organiser
):
    one, two = read_by_two()
    edition = one.edition
    client.post(screen("review", edition), {"do": "shortlisted", "of": [one.pk, two.pk]})
    client.post(screen("letters", edition), {"do": "write"})
    first, second = DecisionLetter.objects.order_by("decision__application")
    page = client.get(screen("letters", edition)).content.decode()
    assert "You are on the short list" in page
    words = {"do": "save", "subject": "Come with us", "body": "We read it twice, gladly."}
    client.post(screen("letter", edition, first.pk), words)
    client.post(screen("letter", edition, second.pk), {"do": "discard"})

    client.post(screen("letters", edition), {"do": "publish"})

    notice = Notice.objects.get(key__startswith="decision")
    assert (notice.recipient, notice.subject) == (one.person, "Come with us")
    assert "We read it twice, gladly." in notice.body
    assert {a.state for a in Application.objects.all()} == {"shortlisted"}
    client.post(screen("letters", edition), {"do": "write"})
    client.post(screen("letters", edition), {"do": "publish"})
    assert Notice.objects.filter(key__startswith="decision").count() == 1
    client.force_login(two.person)
    assert "You are on the short list" in client.get(two.get_absolute_url()).content.decode()


def test_many_letters_stand_on_pages_and_publishing_says_how_many_go(client, organiser):
    edition = ReviewingFactory()
    ReadFactory.create_batch(53, edition=edition)
    decide_all(edition, organiser)
    one = edition.applications.earliest("pk")
    decisions.decide([one.pk], edition, "shortlisted", ruling(organiser))
    decisions.write_letters(edition, ruling(organiser))
    off = DecisionLetter.objects.latest("pk")
    decisions.discard_letter(off, ruling(organiser))
    address = screen("letters", edition)

    first, second = client.get(address), client.get(f"{address}?page=2")
    some = client.get(f"{address}?outcome=waiting&page=2")

    assert [len(page.context["page"].object_list) for page in (first, second)] == [50, 3]
    assert "52 letters go out now." in " ".join(second.content.decode().split())
    assert "?outcome=waiting&amp;page=1" in some.content.decode()
    assert len(some.context["page"].object_list) == 2
    assert {row.outcome for row in some.context["page"].object_list} == {"waiting"}
    for odd in ("?outcome=x", "?page=999", "?page=x", "?outcome=declined"):
        assert client.get(address + odd).status_code == 200


def test_who_has_taken_it_back_gets_no_letter(client, organiser):
    one, _two = read_by_two()
    decisions.decide([one.pk], one.edition, "shortlisted", ruling(organiser))
    decisions.write_letters(one.edition, ruling(organiser))
    one.move("withdrawn", ended_at=NOON)

    published = decisions.publish(one.edition, ruling(organiser))

    assert published.total() == 0
    assert not Notice.objects.filter(key__startswith="decision").exists()


def test_who_may_see_may_not_decide_unless_that_is_given_apart(client):
    one, _two = read_by_two()
    Phase.objects.update(names_shown=True)
    person = PersonFactory(is_staff=True)
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_application", "change_edition"])
    )
    client.force_login(person)
    page = client.get(screen("review", one.edition)).content.decode()
    assert str(one.person) in page
    assert 'value="shortlisted"' not in page

    refused = client.post(screen("review", one.edition), {"do": "declined", "of": [one.pk]})
    assert (refused.status_code, Decision.objects.count()) == (404, 0)
    for press in ({"do": "write"}, {"do": "publish"}):
        assert client.post(screen("letters", one.edition), press).status_code == 404
    with pytest.raises(decisions.NotYours):
        decisions.decide([one.pk], one.edition, "declined", ruling(person))

    ReviewerFactory(edition=one.edition, person=person, reviews=False, decides=True)
    client.post(screen("review", one.edition), {"do": "declined", "of": [one.pk]})
    assert Decision.objects.get().by == person


def test_nothing_is_decided_in_a_phase_that_is_for_reading(client, organiser):
    one, _two = read_by_two()
    Phase.objects.update(may_decide=False)

    client.post(screen("review", one.edition), {"do": "declined", "of": [one.pk]})

    assert not Decision.objects.exists()


def test_nobody_decides_about_themselves_or_with_a_conflict(organiser):
    one, two = read_by_two(person=organiser)
    reviewer = ReviewerFactory(edition=one.edition, person=organiser)
    Conflict.objects.create(application=two, reviewer=reviewer, kind="declared", found_at=NOON)

    with pytest.raises(decisions.NotYours):
        decisions.decide([one.pk, two.pk], one.edition, "declined", ruling(organiser))
    another = OrganiserFactory()
    reviewer = ReviewerFactory(edition=one.edition, person=another)
    Conflict.objects.create(application=two, reviewer=reviewer, kind="declared", found_at=NOON)

    assert decisions.decide([two.pk], one.edition, "declined", ruling(another)) == 0


@pytest.mark.parametrize(
    "name", ["review", "recap", "compare", "export", "readers", "letters", "application"]
)
def test_applicants_reviewers_and_strangers_open_no_screen_of_the_desk(client, name):
    assignment = AssignmentFactory()
    application = assignment.application
    keys = [application.pk] if name == "application" else []
    people = (application.person, assignment.reviewer.person, PersonFactory())

    for person in people:
        client.force_login(person)
        assert client.get(screen(name, application.edition, *keys)).status_code == 302
    staff = PersonFactory(is_staff=True)
    client.force_login(staff)
    assert client.get(screen(name, application.edition, *keys)).status_code == 404


def test_an_applicant_finds_nothing_of_reviews_by_any_address(client):
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 1, 3, words="Half-baked, I think")
    client.force_login(assignment.application.person)
    about = [assignment.pk, assignment.application_id, 1, 2, 3]

    for key in about:
        for name in ("application", "edit_application", "read"):
            page = client.get(reverse(f"grandtour:{name}", args=[key]), follow=True)
            assert "Half-baked" not in page.content.decode()
    slug = assignment.application.edition.slug
    for name in ("review", "export_review"):
        assert client.get(reverse(f"grandtour:{name}", args=[slug])).status_code == 404


def test_side_by_side_shows_up_to_four_with_all_their_reviews(client, organiser):
    one, two = read_by_two()

    went = client.post(screen("review", one.edition), {"do": "compare", "of": [one.pk, two.pk]})
    page = client.get(went.url).content.decode()

    assert str(one.person) in page
    assert str(two.person) in page
    assert page.count("review-opinion__head") == 3


def test_the_recap_counts_by_country_first_journey_and_language(client, organiser):
    one, two = read_by_two()
    Application.objects.filter(pk=two.pk).update(country="IS", first_time=False)
    decisions.decide([two.pk], one.edition, "waiting", ruling(organiser))

    page = client.get(screen("recap", one.edition)).content.decode()

    for words in ("Poland", "Iceland", "By first journey", "By language", "English"):
        assert words in page


def test_how_sure_reviewers_are_stands_wherever_applications_are_judged(client, organiser):
    edition = ReviewingFactory()
    readers = ReviewerFactory.create_batch(3, edition=edition)
    known, unknown = ReadFactory.create_batch(2, edition=edition)
    for reader, confidence in zip(readers, (1, 2, 3), strict=True):
        scored(known, reader, 3, 3, confidence=confidence)
    scored(unknown, readers[0], 4, 4, confidence=1)

    def said(name, *keys, query=""):
        page = client.get(screen(name, edition, *keys) + query).content.decode()
        return re.sub(r"\s+", " ", strip_tags(page))

    beside = said("compare", query=f"?of={known.pk}&of={unknown.pk}")
    for words in (said("review"), beside):
        assert "2 / 3" in words
        assert "0 / 1" in words
    assert "Sure of it 2 / 3" in said("application", known.pk)
    assert "Poland 2 2 1 " in said("recap")
    assert ",2," in client.get(screen("export", edition)).content.decode()


def test_the_table_to_take_away_runs_no_formula(client, organiser):
    one, _two = read_by_two()
    one.person.name = "=HYPERLINK(1)"
    one.person.save()

    lines = client.get(screen("export", one.edition)).content.decode().splitlines()

    assert len(lines) == 3
    assert "'=HYPERLINK(1)" in "".join(lines)
    assert any(",75.00,25.00,83.33," in line for line in lines)


def test_what_is_hidden_can_be_left_in_hidden_by_hand_and_hidden_again(client, organiser):
    application = ReadFactory(
        person__name="Zofia Ziemia",
        place__name="Gdynia",
        goals="Ziemia means earth in Gdynia.",
    )
    address = screen("application", application.edition, application.pk)
    assert marked(client, address) == ["Ziemia", "Gdynia"]

    client.post(address, {"do": "leave", "phrase": "ziemia"})
    assert marked(client, address) == ["Gdynia"]
    assert Redaction.objects.get().left_in

    client.post(address, {"do": "forget", "phrase": "ziemia"})
    client.post(address, {"do": "hide", "hide-phrase": "earth"})
    assert marked(client, address) == ["Ziemia", "earth", "Gdynia"]
    assert ReviewEvent.objects.filter(verb="redacted").count() == 3


def test_people_are_asked_and_applications_given_out_at_the_desk(client, organiser):
    edition, person = ReviewingFactory(), PersonFactory(username="rita")
    address = screen("readers", edition)
    client.post(address, {"do": "ask", "ask-username": "Rita", "ask-reads": "on"})
    assert edition.reviewers.get().state == "asked"
    unknown = client.post(address, {"do": "ask", "ask-username": "nobody", "ask-reads": "on"})
    assert "Nobody here is called so." in unknown.content.decode()

    client.force_login(person)
    client.post(reverse("grandtour:answer_review", args=[edition.slug]), {"answer": "yes"})
    ReadFactory.create_batch(2, edition=edition)
    client.force_login(organiser)
    page = client.post(address, {"do": "give", "give-wanted": "2"}, follow=True)

    assert "2 readings given out" in page.content.decode()
    assert "2 readers are missing" in page.content.decode()
    again = client.post(address, {"do": "give", "give-wanted": "1"}, follow=True)
    assert "Everything is given out already." in again.content.decode()
    assert "Reviews they gave still count." in again.content.decode()


def test_the_desk_says_what_waits(client, organiser):
    edition = ReviewingFactory()
    sent(edition)

    page = client.get(reverse("admin:index")).content.decode()

    assert f"{edition}: 1 application to look at" in page


def decide_all(edition, organiser):
    """Decide about every application, with a letter each."""
    keys = edition.applications.values_list("pk", flat=True)
    decisions.decide(keys, edition, "waiting", ruling(organiser))
    decisions.write_letters(edition, ruling(organiser))


def test_what_sql_works_out_is_what_scoring_says():
    edition = ReviewingFactory()
    readers = ReviewerFactory.create_batch(4, edition=edition)
    for number, application in enumerate(ReadFactory.create_batch(7, edition=edition)):
        for reviewer in readers[: number % 5]:
            scored(application, reviewer, number % 5, (number + reviewer.pk) % 5)

    shown = {row.pk: row.numbers for row in rows_of(listed(edition, Viewer()))}

    promised = numbers(given_in(edition))
    assert {pk for pk, one in shown.items() if one} == set(promised)
    for pk, one in promised.items():
        assert astuple(shown[pk]) == pytest.approx(astuple(one))


@pytest.mark.parametrize(
    ("name", "most"),
    [
        *(("review", 25), ("recap", 25), ("compare", 25), ("export", 25), ("letters", 25)),
        *(("readers", 25), ("application", 30)),
    ],
)
def test_screens_cost_the_same_for_few_and_for_many_applications(
    client, organiser, name, most, django_assert_max_num_queries
):
    edition = ReviewingFactory()
    made = [read_by_two(edition) for _n in range(2)]
    keys = [made[0][0].pk] if name == "application" else []
    query = "?of=" + "&of=".join(str(a.pk) for pair in made for a in pair)
    decide_all(edition, organiser)
    client.get(screen(name, edition, *keys) + query)

    with django_assert_max_num_queries(most) as few:
        client.get(screen(name, edition, *keys) + query)
    for _n in range(20):
        read_by_two(edition)
    decide_all(edition, organiser)
    with django_assert_max_num_queries(most) as many:
        client.get(screen(name, edition, *keys) + query)

    assert len(few) == len(many)


def test_an_organiser_who_reads_comes_from_the_desk_to_what_they_read(client, organiser):
    one, _two = read_by_two()
    address = screen("application", one.edition, one.pk)
    reviewer = ReviewerFactory(edition=one.edition, person=organiser)
    assignments.give(one, reviewer, OrganiserFactory(), at=NOON)
    Phase.objects.update(names_shown=True)

    page = client.get(address).text
    assert reverse("grandtour:review", args=[one.edition.slug]) in page
    assert reverse("grandtour:read", args=[reviewer.assignments.get().pk]) in page


def test_an_organiser_who_reads_nothing_is_led_nowhere_else(client, organiser):
    one, _two = read_by_two()

    page = client.get(screen("application", one.edition, one.pk)).text
    assert reverse("grandtour:review", args=[one.edition.slug]) not in page


@pytest.mark.django_db(transaction=True)
def test_twenty_who_publish_at_once_send_each_letter_once():
    one, two = read_by_two()
    organiser = OrganiserFactory()
    decisions.decide([one.pk, two.pk], one.edition, "declined", ruling(organiser))
    decisions.write_letters(one.edition, ruling(organiser))

    at_once(lambda _n: decisions.publish(one.edition, ruling(organiser)))

    assert Notice.objects.filter(key__startswith="decision").count() == 2
    assert ApplicationEvent.objects.filter(state="declined").count() == 2
    assert ReviewEvent.objects.filter(verb="published").count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_who_decide_at_once_leave_one_decision():
    one, _two = read_by_two()
    organiser = OrganiserFactory()
    outcomes = ("declined", "waiting", "shortlisted")

    at_once(
        lambda n: decisions.decide([one.pk], one.edition, outcomes[n % 3], ruling(organiser))
    )

    assert Decision.objects.count() == 1
