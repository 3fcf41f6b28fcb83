"""Writes trainings, which editions ask for them, and who has passed them."""

from datetime import datetime, timedelta
from typing import Any

from capx.sample.material import read
from grandtour.actions import training as actions
from grandtour.models import (
    Edition,
    Exercise,
    Journey,
    Lesson,
    RequiredTraining,
    Training,
    TrainingVersion,
)
from volunteers.models import Membership

Row = dict[str, Any]
PUBLISHED = timedelta(days=400)  # ago
RIGHT = "* "


def write(at: datetime) -> None:
    """Write and publish the trainings, and begin the next version of the first."""
    told = read("trainings.toml")["trainings"]
    made = [written(said, at - PUBLISHED) for said in told]
    actions.draft(made[0])


def written(said: Row, at: datetime) -> Training:
    """Write one training, and publish it."""
    training = Training.objects.create(name=said["name"], slug=said["slug"])
    version = TrainingVersion.objects.create(
        training=training,
        number=1,
        about=said["about"].strip(),
        audience=said["audience"],
        months=said["months"],
    )
    for number, row in enumerate(said["lessons"], start=1):
        lesson = Lesson.objects.create(
            version=version,
            number=number,
            title=row["title"],
            words=row["words"].strip(),
            minutes=row["minutes"],
        )
        Exercise.objects.bulk_create(
            exercise(lesson, nth, one) for nth, one in enumerate(row["exercises"], start=1)
        )
    actions.publish(version, at=at)
    return training


def exercise(lesson: Lesson, number: int, said: Row) -> Exercise:
    """Make one exercise; a star says what is right."""
    choices = said.get("choices", [])
    return Exercise(
        lesson=lesson,
        number=number,
        question=said["question"],
        choices=[one.removeprefix(RIGHT) for one in choices],
        right=[one.removeprefix(RIGHT) for one in choices if one.startswith(RIGHT)],
        explanation=said["explanation"],
    )


def ask(edition: Edition) -> None:
    """Let an edition ask for all trainings."""
    asked = {row["slug"]: row["asked_of"] for row in read("trainings.toml")["trainings"]}
    RequiredTraining.objects.bulk_create(
        RequiredTraining(edition=edition, training=one, side=asked[one.slug])
        for one in Training.objects.order_by("pk")
    )


def begin(journey: Journey, at: datetime) -> None:
    """Let the first of a group have passed one training, and begun another."""
    seat = journey.seats.live().select_related("person").order_by("number").first()
    versions = TrainingVersion.objects.published().order_by("pk")
    if seat:
        first, *_others, last = versions
        for lesson in first.lessons.order_by("number"):
            actions.finish(lesson, seat.person, {}, at=at - timedelta(days=3))
        actions.finish(last.lessons.get(number=1), seat.person, {}, at=at - timedelta(days=2))


def passed(journey: Journey, at: datetime) -> None:
    """Let all of a group, and one person of each host, pass what is asked of them."""
    people = [seat.person for seat in journey.seats.live().select_related("person")]
    hosts = journey.stops.order_by("number").values_list("host__affiliate", flat=True)
    for host in hosts:
        rows = Membership.objects.speaking().filter(affiliate=host).select_related("person")
        people += [row.person for row in rows.order_by("pk")[:1]]
    for version in TrainingVersion.objects.published().order_by("pk"):
        for lesson in version.lessons.order_by("number"):
            for person in people:
                actions.finish(lesson, person, {}, at=at)
