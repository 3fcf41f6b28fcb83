"""Writes applications that are read and decided: reviewers, reviews, decisions and letters."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from django.db.models import Avg, Q

from capx.sample.accounts import USERNAMES
from capx.sample.material import dice, read
from capx.sample.rows import tours
from capx.sample.rows.known import Known
from capx.sample.rows.notices import post
from grandtour.actions import conflicts, redactions
from grandtour.actions.decisions import letter_of
from grandtour.assigning import Task, assign
from grandtour.models import (
    Application,
    ApplicationEvent,
    Assignment,
    Conflict,
    Criterion,
    Decision,
    DecisionLetter,
    Edition,
    Phase,
    Review,
    Reviewer,
    ReviewEvent,
    Score,
    Window,
)
from grandtour.notices import reviews as notices
from grandtour.reports.unread import waiting
from volunteers.models import Person

Row = dict[str, Any]
READER = "maarten"  # of the sample accounts
NOT_YET = 12  # applications of an edition that is read that nobody has looked at
TAKEN_BACK = 6
GOOD = 2.1  # of a scale of four: from here on reviewers praise
MUST_NOT = 5  # every so many applications somebody knows who it is
A_DAY = timedelta(days=1)


def write(there: Known, organiser: Person, at: datetime) -> None:
    """Write both editions with all that was said about their applications."""
    told = read("readings.toml")
    for number, said in enumerate(told["editions"]):
        luck = dice(number, "readings")
        made = tours.edition(said, there, at.date())
        for phase in said["phases"]:
            first, last = (at.date() + n * A_DAY for n in phase["days"])
            rest = {name: value for name, value in phase.items() if name != "days"}
            Phase.objects.create(edition=made, first_day=first, last_day=last, **rest)
        people = _people(said["applied"] + said["reviewers"], luck)
        readers = _reviewers(made, people[: said["reviewers"]], there, at)
        applied = _applications(made, people[said["reviewers"] :], told["words"], luck)
        since = 9 if made.state == Edition.State.REVIEWING else 60
        begun = [one.pk for one in applied[_skipped(made) :]]
        seen = waiting(made.applications.filter(pk__in=begun))
        redactions.look_through(seen, made, organiser, at=at - since * A_DAY)
        reading(applied, readers, luck, told["words"], at - since * A_DAY)
        _decide(made, organiser, at)


def _people(number: int, luck: Random) -> list[Person]:
    """Choose people who live somewhere and are not named elsewhere."""
    rows = Person.objects.here().filter(place__isnull=False, is_staff=False)
    rows = rows.exclude(username__in=USERNAMES)
    found = list(rows.select_related("place").prefetch_related("languages").order_by("pk"))
    return luck.sample(found, min(number, len(found)))


def _reviewers(
    edition: Edition, people: list[Person], there: Known, at: datetime
) -> list[Reviewer]:
    """Let somebody of the sample accounts read, and others."""
    first = at - 20 * A_DAY
    return [
        Reviewer.objects.create(
            edition=edition, person=person, state="reading", asked_at=first, answered_at=first
        )
        for person in [there.people[READER], *people[1:]]
    ]


def _applications(
    edition: Edition, people: list[Person], words: dict[str, list[str]], luck: Random
) -> list[Application]:
    """Write what these people sent, with the days on which they could be away."""
    sent = tours.edition_opened(edition) + 10 * A_DAY
    affiliates = {one.pk: _affiliate(one) for one in people}
    rows = [
        Application(
            edition=edition,
            person=person,
            state="in_review",
            country=person.place.country if person.place else "",
            place=person.place,
            affiliate=affiliates[person.pk] if number % 2 else None,
            purpose=luck.choice(edition.purposes),
            goals=_filled(luck.choice(words["goals"]), person, affiliates[person.pk]),
            brings=luck.choice(words["brings"]),
            spreads=luck.choice(words["spreads"]),
            languages=[one.language for one in person.languages.all()] or ["en"],
            travels_by=["rail", "coach"][: 1 + number % 2],
            first_time=luck.choice([True, True, False]),
            consented_at=sent,
            submitted_at=sent + timedelta(hours=luck.randrange(700)),
        )
        for number, person in enumerate(people)
    ]
    made = Application.objects.bulk_create(rows)
    _lists(made, edition, luck)
    Window.objects.bulk_create(
        Window(application=one, period=tours.period(edition, *pair))
        for number, one in enumerate(made)
        for pair in tours.AWAY[number % len(tours.AWAY)]
    )
    if edition.state == Edition.State.REVIEWING:
        _leave_some(made, words["unheard"])
    return made


def _affiliate(person: Person) -> Any:
    membership = person.memberships.confirmed().select_related("affiliate").first()
    return membership.affiliate if membership else None


def _filled(words: str, person: Person, affiliate: Any) -> str:
    """Put what is somebody's own into a text."""
    where = person.place.name if person.place else ""
    return words.format(
        city=where, affiliate=affiliate or "our group", name=person.get_full_name()
    )


def _lists(made: list[Application], edition: Edition, luck: Random) -> None:
    """Say which skills they want and bring: those of the theme."""
    skills = list(edition.skills.order_by("pk").values_list("pk", flat=True))
    both: list[Any] = [Application.wants.through, Application.shares.through]
    for through in both:
        through.objects.bulk_create(
            through(application_id=one.pk, skill_id=skill)
            for one in made
            for skill in luck.sample(skills, 1 + one.pk % 2)
        )


def _leave_some(made: list[Application], unheard: list[str]) -> None:
    """Leave some as they came, and let some be taken back.

    Of the new ones some are in a script in which nobody can look for a name.
    """
    new = [one.pk for one in made[:NOT_YET]]
    for one, text in zip(made[2:NOT_YET], unheard, strict=False):
        one.goals = text
        one.save(update_fields=["goals"])
    Application.objects.filter(pk__in=new).update(state="submitted")
    Window.objects.filter(application__in=new[:2]).delete()
    for one in made[NOT_YET : NOT_YET + TAKEN_BACK]:
        one.move("withdrawn", ended_at=one.submitted_at)


def reading(
    made: list[Application],
    readers: list[Reviewer],
    luck: Random,
    words: dict[str, list[str]],
    begun: datetime,
) -> None:
    """Give applications out and let reviewers score them: in part, or all of them."""
    edition = readers[0].edition
    wanted = [one for one in made if one.state == "in_review"][_skipped(edition) :]
    pairs = _given_out(wanted, readers, begun, luck)
    share = 0.6 if edition.state == Edition.State.REVIEWING else 1.0
    strict = {one.pk: luck.uniform(-0.9, 0.9) for one in readers}
    worth = {one.pk: luck.uniform(1.0, 3.6) for one in wanted}
    chosen = [pair for pair in pairs if luck.random() < share]
    reviews = Review.objects.bulk_create(
        Review(
            application_id=application,
            reviewer_id=reviewer,
            words=luck.choice(words["reviews" if worth[application] > GOOD else "doubts"]),
            begun_at=begun,
            changed_at=begun,
        )
        for application, reviewer in chosen
    )
    criteria = list(Criterion.objects.filter(edition=edition).order_by("number"))
    scores = [
        Score(
            review=review,
            criterion=criterion,
            value=_value(worth[review.application_id] + strict[review.reviewer_id], luck),
        )
        for review in reviews
        for criterion in criteria
    ]
    Score.objects.bulk_create(scores)
    _give(reviews, scores, begun, luck)


def _skipped(edition: Edition) -> int:
    """Say how many of a list are not read: `made` still thinks that they are."""
    return NOT_YET if edition.state == Edition.State.REVIEWING else 0


def _given_out(
    wanted: list[Application], readers: list[Reviewer], begun: datetime, luck: Random
) -> list[tuple[int, int]]:
    """Give out three reviewers for each; some reviewers know somebody."""
    keys = [one.pk for one in readers]
    known = {(one.pk, luck.choice(keys)) for one in wanted[::MUST_NOT]}
    Conflict.objects.bulk_create(
        Conflict(application_id=a, reviewer_id=r, kind="declared", found_at=begun)
        for a, r in sorted(known)
    )
    conflicts.find(readers[0].edition, at=begun)
    barred = frozenset(
        Conflict.objects.filter(reviewer__in=keys).values_list("application", "reviewer")
    )
    applications = tuple(one.pk for one in wanted)
    pairs = sorted(assign(Task(applications, tuple(keys), 3, barred=barred)))
    Assignment.objects.bulk_create(
        Assignment(application_id=a, reviewer_id=r, assigned_at=begun) for a, r in pairs
    )
    events = [
        ApplicationEvent(application=one, person=None, state="in_review", at=begun)
        for one in wanted
    ]
    ApplicationEvent.objects.bulk_create(events)
    theirs = sum(reviewer == keys[0] for _application, reviewer in pairs)
    told = partial(notices.assigned, readers[0].edition, {readers[0]: theirs}, at=begun)
    post(begun, told, begun + A_DAY)
    return pairs


def _value(about: float, luck: Random) -> int:
    """Score somewhere near what it is worth."""
    return min(4, max(0, round(about + luck.gauss(0, 0.7))))


def _give(
    reviews: Iterable[Review], scores: list[Score], begun: datetime, luck: Random
) -> None:
    """Give these reviews, with what reviewers recommend."""
    sums: dict[int, list[int]] = {}
    for score in scores:
        sums.setdefault(score.review_id, []).append(score.value)
    events = []
    for review in reviews:
        mean = sum(sums[review.pk]) / len(sums[review.pk])
        says = ["no", "rather_not", "rather", "yes"][min(3, int(mean))]
        given = begun + timedelta(hours=luck.randrange(20, 190))
        Review.objects.filter(pk=review.pk).update(
            state="given",
            given_at=given,
            changed_at=given,
            recommendation=says,
            confidence=1 + int(luck.random() * 3),
        )
        events.append(
            ReviewEvent(
                application_id=review.application_id,
                reviewer_id=review.reviewer_id,
                verb="given",
                at=given,
            )
        )
    ReviewEvent.objects.bulk_create(events)


def _decide(edition: Edition, organiser: Person, at: datetime) -> None:
    """Decide about the best and the last: pending while it is read, published afterwards."""
    given = Avg("reviews__score", filter=Q(reviews__state="given"))
    scored = edition.applications.filter(state="in_review").alias(mean=given)
    scored = scored.filter(mean__isnull=False)
    rows = list(scored.order_by("-mean", "pk").select_related("person", "edition"))
    reading = edition.state == Edition.State.REVIEWING
    third = len(rows) // 3
    chosen = {
        "shortlisted": rows[:14] if reading else rows[:third],
        "waiting": rows[14:18] if reading else rows[third : third + 24],
        "declined": rows[-5:] if reading else rows[third + 24 :],
    }
    decided = at - A_DAY if reading else at - 25 * A_DAY
    decisions = Decision.objects.bulk_create(
        Decision(application=one, outcome=outcome, by=organiser, decided_at=decided)
        for outcome, those in chosen.items()
        for one in those
    )
    written = decisions[::2] if reading else decisions
    letters = DecisionLetter.objects.bulk_create(letter_of(one, decided) for one in written)
    if reading:
        return
    keys = [one.pk for one in letters]
    told = decided + A_DAY
    DecisionLetter.objects.filter(pk__in=keys).update(state="sent", sent_at=told)
    Decision.objects.filter(pk__in=[one.pk for one in decisions]).update(published_at=told)
    for outcome, those in chosen.items():
        ended = {"ended_at": told} if outcome == "declined" else {}
        Application.objects.filter(pk__in=[one.pk for one in those]).update(
            state=outcome, **ended
        )
    ApplicationEvent.objects.bulk_create(
        ApplicationEvent(application=one, person=None, state=outcome, at=told)
        for outcome, those in chosen.items()
        for one in those
    )
