"""Reading and scoring: who may, what is kept, what others see, and what ends access."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from capx.states import IllegalMove
from grandtour.actions import assignments, conflicts, reviewers, reviews
from grandtour.models import (
    Assignment,
    Conflict,
    Phase,
    Review,
    Reviewer,
    ReviewEvent,
    Seat,
)
from grandtour.tasks import find_conflicts
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory, SkillFactory
from tests.grandtour.test_constraints import at_once
from tests.grandtour.tours import (
    DAY,
    NOON,
    AssignmentFactory,
    JourneyFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    scored,
)
from volunteers import gate
from volunteers.models import Ask, Notice, PersonLanguage, Rest
from volunteers.models.bandwidth import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


def page_of(client, assignment):
    client.force_login(assignment.reviewer.person)
    return client.get(reverse("grandtour:read", args=[assignment.pk]))


def test_whoever_knows_whose_it_is_says_so_below_its_words(client):
    page = page_of(client, AssignmentFactory(application=ReadFactory())).content.decode()

    assert page.index('class="reading"') < page.index("I know who this is")
    assert page.index("I know who this is") < page.index('class="scoring')


def posted(assignment, *values, **others):
    criteria = assignment.application.edition.criteria.order_by("number")
    scores = {f"score-{one.pk}": value for one, value in zip(criteria, values, strict=False)}
    return scores | {"recommendation": "yes", "confidence": "2", "words": "Good"} | others


def test_who_is_asked_passes_the_gate_and_says_yes_or_no(client):
    edition, person, organiser = ReviewingFactory(), PersonFactory(), OrganiserFactory()
    asked = reviewers.ask(edition, person, reviewers.Rights(most=5), organiser, at=NOON)
    assert (asked.state, Ask.objects.get().person) == ("asked", person)
    notice = Notice.objects.get(recipient=person)
    assert "Would you read" in notice.subject
    assert "5 applications at most" in notice.body
    with pytest.raises(reviewers.AskedAlready):
        reviewers.ask(edition, person, reviewers.Rights(), organiser, at=NOON)

    client.force_login(person)
    page = client.get(notice.link).content.decode()
    assert "Yes, I read" in page
    client.post(reverse("grandtour:answer_review", args=[edition.slug]), {"answer": "yes"})

    assert Reviewer.objects.get().state == "reading"
    assert Ask.objects.get().answered_at == NOON


def test_who_rests_cannot_be_asked_to_read():
    edition, person = ReviewingFactory(), PersonFactory()
    Rest.objects.create(person=person, period=days(DAY, DAY + timedelta(days=90)))

    with pytest.raises(gate.NotTakingRequests):
        reviewers.ask(edition, person, reviewers.Rights(), OrganiserFactory(), at=NOON)

    assert not Reviewer.objects.exists()


def test_a_review_is_kept_while_somebody_thinks_and_given_at_the_end(client):
    assignment = AssignmentFactory()
    page = page_of(client, assignment).content.decode()
    assert "Your review" in page

    kept = client.post(
        reverse("grandtour:autosave_review", args=[assignment.pk]),
        posted(assignment, 3, recommendation="", confidence=""),
    )
    review = Review.objects.get()
    assert (kept.status_code, review.state, review.words) == (200, "draft", "Good")
    assert [one.value for one in review.scores.all()] == [3]

    address = reverse("grandtour:read", args=[assignment.pk])
    missing = client.post(address, posted(assignment, 3)).content.decode()
    assert "This field is required" in missing
    client.post(address, posted(assignment, 4, 2))

    review.refresh_from_db()
    assert (review.state, review.score) == ("given", 87.5)
    event = ReviewEvent.objects.get(verb="given")
    assert event.about["recommendation"] == "yes"
    assert sorted(event.about["scores"].values()) == [2, 4]


def test_giving_one_leads_to_the_next(client):
    first = AssignmentFactory()
    second = AssignmentFactory(
        reviewer=first.reviewer, application__edition=first.reviewer.edition
    )
    client.force_login(first.reviewer.person)
    address = reverse("grandtour:read", args=[first.pk])

    answer = client.post(address, posted(first, 4, 2, step="next"))

    assert answer.url == reverse("grandtour:read", args=[second.pk])


def test_a_given_review_is_taken_back_to_change_it_and_both_stay_in_the_history():
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 4, 4)
    with pytest.raises(IllegalMove):
        reviews.keep(assignment, reviews.Written(), at=NOON, day=DAY)

    reviews.reopen(assignment, at=NOON, day=DAY)
    scored(assignment.application, assignment.reviewer, 2, 2)

    given = ReviewEvent.objects.filter(verb="given").order_by("pk")
    assert [float(one.about["score"]) for one in given] == [100.0, 50.0]


@pytest.mark.parametrize(
    ("others", "before", "after"),
    [("never", False, False), ("own", False, True), ("always", True, True)],
)
def test_what_others_think_is_read_when_the_phase_says_so(client, others, before, after):
    assignment = AssignmentFactory()
    application = assignment.application
    Phase.objects.update(others=others)
    other = ReviewerFactory(edition=application.edition)
    scored(application, other, 1, 3, words="Half-baked, in my eyes")

    seen = ["Half-baked" in page_of(client, assignment).content.decode()]
    scored(application, assignment.reviewer, 4, 4)
    client.post(reverse("grandtour:read_others", args=[assignment.pk]))
    seen.append("Half-baked" in page_of(client, assignment).content.decode())

    assert seen == [before, after]


def test_ones_own_review_stands_once_others_are_read(client):
    assignment = AssignmentFactory()
    scored(assignment.application, ReviewerFactory(edition=assignment.reviewer.edition), 1, 1)
    scored(assignment.application, assignment.reviewer, 4, 4)
    page = page_of(client, assignment).content.decode()
    assert "Read what others think" in page
    assert "25" not in re.findall(r'class="numbers">(\d+)<', page)

    client.post(reverse("grandtour:read_others", args=[assignment.pk]))
    page = page_of(client, assignment).content.decode()
    assert "25" in re.findall(r'class="numbers">(\d+)<', page)
    assert "Change it" not in page
    client.post(reverse("grandtour:reopen_review", args=[assignment.pk]))

    mine = Review.objects.get(reviewer=assignment.reviewer)
    assert (mine.state, mine.score) == ("given", 100)
    assert ReviewEvent.objects.get(verb="others").reviewer == assignment.reviewer


@pytest.mark.django_db(transaction=True)
def test_who_reads_others_and_takes_theirs_back_at_once_does_one_of_the_two():
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 4, 4)
    acts = (reviews.read_others, reviews.reopen)

    def press(number):
        with suppress(IllegalMove):
            acts[number % 2](assignment, at=NOON, day=DAY)

    at_once(press)

    mine = Review.objects.get()
    assert (mine.state == "given") == (mine.others_seen_at is not None)


@pytest.mark.parametrize("first", ["abstain", "reopen_review"])
def test_who_can_still_score_reads_nothing_of_others(client, first):
    assignment = AssignmentFactory()
    other = ReviewerFactory(edition=assignment.reviewer.edition)
    scored(assignment.application, other, 1, 3, words="Half-baked, in my eyes")
    if first == "reopen_review":
        scored(assignment.application, assignment.reviewer, 4, 4)
    client.force_login(assignment.reviewer.person)
    client.post(reverse(f"grandtour:{first}", args=[assignment.pk]))

    client.post(reverse("grandtour:read_others", args=[assignment.pk]))

    assert "Half-baked" not in page_of(client, assignment).content.decode()
    assert not Review.objects.compared().exists()


def test_nothing_is_scored_outside_of_a_phase_that_lets_one(client):
    assignment = AssignmentFactory()
    Phase.objects.update(may_score=False)

    page = page_of(client, assignment).content.decode()
    address = reverse("grandtour:autosave_review", args=[assignment.pk])

    assert "No reviews are given at the moment" in page
    assert client.post(address, posted(assignment, 4, 4)).status_code == 409
    assert not Review.objects.exists()


def test_abstaining_leaves_it_to_others(client):
    assignment = AssignmentFactory()
    client.force_login(assignment.reviewer.person)

    client.post(reverse("grandtour:abstain", args=[assignment.pk]))

    assert Review.objects.get().state == "abstained"
    assert not Assignment.objects.unread().exists()


def test_who_says_that_they_know_somebody_reads_nothing_of_it_any_more(client):
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 4, 4)
    client.force_login(assignment.reviewer.person)

    client.post(reverse("grandtour:declare_conflict", args=[assignment.pk]))

    for name in ("read", "autosave_review", "abstain", "declare_conflict", "reopen_review"):
        address = reverse(f"grandtour:{name}", args=[assignment.pk])
        assert client.post(address).status_code == 404
    assert client.get(reverse("grandtour:read", args=[assignment.pk])).status_code == 404
    assert (Review.objects.get().state, Review.objects.get().score) == ("void", None)
    assert [one.verb for one in ReviewEvent.objects.order_by("pk")][-2:] == [
        "unassigned",
        "conflict",
    ]


def test_strangers_applicants_and_other_reviewers_read_nothing(client):
    assignment = AssignmentFactory()
    other = ReviewerFactory(edition=assignment.reviewer.edition)
    for person in (PersonFactory(), assignment.application.person, other.person):
        client.force_login(person)
        for name in ("read", "autosave_review", "abstain", "declare_conflict"):
            address = reverse(f"grandtour:{name}", args=[assignment.pk])
            assert client.post(address, posted(assignment, 4, 4)).status_code == 404
        assert client.get(reverse("grandtour:read", args=[assignment.pk])).status_code == 404
    assert not Review.objects.exists()


def test_conflicts_are_found_in_affiliates_exchanges_and_ones_own():
    edition = ReviewingFactory()
    mine, colleague, partner, stranger = ReadFactory.create_batch(4, edition=edition)
    reviewer = ReviewerFactory(edition=edition, person=mine.person)
    ours = MembershipFactory(person=reviewer.person).affiliate
    MembershipFactory(person=colleague.person, affiliate=ours)
    Ask.objects.create(
        person=partner.person, asker=reviewer.person, asked_at=NOON, answered_at=NOON
    )
    Ask.objects.create(person=stranger.person, asker=reviewer.person, asked_at=NOON)

    found = conflicts.find(edition, at=NOON)

    assert found == 3
    assert {(c.application, c.kind) for c in Conflict.objects.all()} == {
        (mine, "self"),
        (colleague, "affiliate"),
        (partner, "exchange"),
    }
    assert conflicts.find(edition, at=NOON) == 0


def test_a_conflict_found_later_ends_what_was_begun_and_a_lifted_one_stays_lifted():
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 4, 4)
    ours = MembershipFactory(person=assignment.reviewer.person).affiliate
    MembershipFactory(person=assignment.application.person, affiliate=ours)

    conflicts.find(assignment.reviewer.edition, at=NOON)
    assert not Assignment.objects.live().exists()
    assert not Review.objects.standing().exists()

    conflicts.lift(Conflict.objects.get(), OrganiserFactory(), at=NOON)
    assert conflicts.find(assignment.reviewer.edition, at=NOON) == 0
    assignments.give(assignment.application, assignment.reviewer, OrganiserFactory(), at=NOON)
    assert Assignment.objects.live().count() == 1


def test_who_has_travelled_with_somebody_does_not_read_their_next_application():
    reviewer = ReviewerFactory()
    later = ReadFactory(edition=reviewer.edition)
    journey = JourneyFactory()
    for number, (person, country) in enumerate(
        [(reviewer.person, "PL"), (later.person, "DE")], start=1
    ):
        SeatFactory(journey=journey, application__person=person, number=number, country=country)
    assert conflicts.find(reviewer.edition, at=NOON) == 0

    Seat.objects.update(state="closed", accepted_at=NOON)
    conflicts.find(reviewer.edition, at=NOON)

    assert [(c.application, c.kind) for c in Conflict.objects.all()] == [(later, "journey")]


def test_conflicts_that_come_up_while_people_read_end_it_within_minutes():
    assignment = AssignmentFactory()
    ours = MembershipFactory(person=assignment.reviewer.person).affiliate
    MembershipFactory(person=assignment.application.person, affiliate=ours)

    find_conflicts()

    assert Conflict.objects.get().kind == "affiliate"
    assert not Assignment.objects.live().exists()


def test_by_hand_nobody_gets_their_own_application_either():
    application = ReadFactory()
    reviewer = ReviewerFactory(edition=application.edition, person=application.person)

    with pytest.raises(IntegrityError), transaction.atomic():
        assignments.give(application, reviewer, OrganiserFactory(), at=NOON)

    assert not Assignment.objects.exists()


def test_applications_are_given_out_evenly_and_each_reviewer_hears_of_theirs_once():
    edition = ReviewingFactory()
    people = ReviewerFactory.create_batch(4, edition=edition)
    for one in people:
        PersonLanguage.objects.create(person=one.person, language="en", level="N")
    ReadFactory.create_batch(8, edition=edition)
    known = MembershipFactory(person=people[0].person)
    MembershipFactory(person=edition.applications.first().person, affiliate=known.affiliate)

    done = assignments.give_out(edition, 2, OrganiserFactory(), at=NOON)

    loads = [one.assignments.live().count() for one in people]
    assert (done.given, done.missing, loads) == (16, 0, [4, 4, 4, 4])
    assert Conflict.objects.count() == 1
    notices = Notice.objects.filter(key__startswith="reviews-assigned")
    assert [n.subject.split()[0] for n in notices] == ["4", "4", "4", "4"]
    assert "20 February 2026" in notices[0].body
    again = assignments.give_out(edition, 2, OrganiserFactory(), at=NOON)
    assert (again.given, again.missing) == (0, 0)


def test_who_stops_leaves_what_is_unread_to_others_and_what_is_given_stays(client):
    first = AssignmentFactory()
    AssignmentFactory(reviewer=first.reviewer, application__edition=first.reviewer.edition)
    scored(first.application, first.reviewer, 4, 4)
    client.force_login(first.reviewer.person)

    client.post(reverse("grandtour:stop_review", args=[first.reviewer.edition.slug]))

    assert list(Assignment.objects.live()) == [first]
    assert Review.objects.get().state == "given"
    assert page_of(client, first).status_code == 404


def test_the_queue_costs_the_same_for_one_and_for_three(client, django_assert_num_queries):
    first = AssignmentFactory()
    client.force_login(first.reviewer.person)
    address = reverse("grandtour:review", args=[first.reviewer.edition.slug])
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    for _n in range(2):
        AssignmentFactory(reviewer=first.reviewer, application__edition=first.reviewer.edition)

    with django_assert_num_queries(8):
        page = client.get(address).content.decode()

    assert page.count("queue__row ") + page.count('queue__row"') == 3


def test_reading_one_costs_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    first = AssignmentFactory()
    client.force_login(first.reviewer.person)
    address = reverse("grandtour:read", args=[first.pk])
    client.get(address)
    with django_assert_max_num_queries(17):
        client.get(address)
    first.application.wants.add(SkillFactory(), SkillFactory())
    first.application.shares.add(SkillFactory())

    with django_assert_max_num_queries(17):
        page = client.get(address).context

    assert [len(text["skills"]) for text in page["texts"]] == [2, 1, 0]


def test_ones_own_reviews_as_a_table_say_nothing_of_whose_they_are(client):
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 4, 2, words="=1+1")
    client.force_login(assignment.reviewer.person)

    answer = client.get(
        reverse("grandtour:export_review", args=[assignment.reviewer.edition.slug])
    )

    lines = answer.content.decode().splitlines()
    assert lines[0] == "application,state,Home,New,score,recommendation,words"
    assert lines[1] == f"{assignment.application.code},given,4,2,87.50,yes,'=1+1"
