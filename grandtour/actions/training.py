"""Writing trainings in versions, and doing them lesson by lesson."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from grandtour.models import (
    Completion,
    Exercise,
    ExerciseAnswer,
    Lesson,
    LessonDone,
    Training,
    TrainingVersion,
)
from volunteers.models import Person


class NotADraft(Exception):
    """It is published, and stays as it is."""


class Empty(Exception):
    """There is nothing to be learnt in it yet."""


@transaction.atomic
def draft(training: Training) -> TrainingVersion:
    """Give the draft of a training: the one there is, or a copy of the newest version."""
    held = Training.objects.select_for_update(no_key=True).get(pk=training.pk)
    newest = held.versions.newest_first().first()
    if newest is None:
        return TrainingVersion.objects.create(training=held, number=1)
    if newest.published_at is None:
        return newest
    made = TrainingVersion.objects.create(
        training=held,
        number=newest.number + 1,
        about=newest.about,
        audience=newest.audience,
        months=newest.months,
    )
    lessons = list(newest.lessons.prefetch_related("exercises").order_by("number"))
    copies = Lesson.objects.bulk_create(
        Lesson(
            version=made,
            number=one.number,
            title=one.title,
            words=one.words,
            minutes=one.minutes,
        )
        for one in lessons
    )
    Exercise.objects.bulk_create(
        Exercise(
            lesson=copy,
            number=one.number,
            question=one.question,
            choices=one.choices,
            right=one.right,
            explanation=one.explanation,
        )
        for lesson, copy in zip(lessons, copies, strict=True)
        for one in lesson.exercises.all()
    )
    return made


@transaction.atomic
def publish(version: TrainingVersion, *, at: datetime) -> None:
    """Publish a draft: from now on it stays as it is; raises NotADraft, Empty."""
    held = TrainingVersion.objects.select_for_update().get(pk=version.pk)
    if held.published_at:
        raise NotADraft
    if not (held.about and held.lessons.exists()):
        raise Empty
    held.published_at = at
    held.save(update_fields=["published_at"])


@transaction.atomic
def finish(lesson: Lesson, person: Person, said: Mapping[int, str], *, at: datetime) -> bool:
    """Note that somebody is through with a lesson, and what they wrote to its questions.

    `said` has the words by exercise. Say whether the whole training is passed with it; twice
    is the same as once.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    for exercise, words in said.items():
        ExerciseAnswer.objects.update_or_create(
            person=person, exercise_id=exercise, defaults={"words": words}
        )
    LessonDone.objects.update_or_create(person=person, lesson=lesson, defaults={"done_at": at})
    done = LessonDone.objects.filter(person=person, lesson__version=lesson.version_id)
    if done.count() < Lesson.objects.filter(version=lesson.version_id).count():
        return False
    day = timezone.localdate(at)
    about = {"person": person, "version_id": lesson.version_id, "day": day}
    Completion.objects.bulk_create([Completion(**about)], ignore_conflicts=True)
    # Whoever does it again later begins with the first lesson.
    done.delete()
    return True
