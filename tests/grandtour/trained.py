"""Trainings for tests: published, and passed."""

from grandtour.actions import training as actions
from grandtour.models import Exercise, Lesson, Training, TrainingVersion
from tests.grandtour.tours import NOON

CHOICES = ["I pay for everybody", "I ask who needs what", "I ask nobody"]


def written(name="Travelling well together", *, lessons=2, months=24):
    """Write a training whose first lesson has an exercise of each kind; a draft."""
    slug = name.lower().replace(" ", "-")
    training = Training.objects.create(name=name, slug=slug)
    version = TrainingVersion.objects.create(
        training=training, number=1, about="A friendly space.", months=months
    )
    for number in range(1, lessons + 1):
        Lesson.objects.create(
            version=version, number=number, title=f"Part {number}", words="Be kind.", minutes=5
        )
    first = version.lessons.get(number=1)
    Exercise.objects.create(
        lesson=first,
        number=1,
        question="What do you do first?",
        choices=CHOICES,
        right=CHOICES[1:2],
        explanation="Needs differ.",
    )
    Exercise.objects.create(
        lesson=first, number=2, question="And you?", explanation="There is no wrong answer."
    )
    return version


def published(*args, at=NOON, **kwargs):
    """Write a training and publish it."""
    version = written(*args, **kwargs)
    actions.publish(version, at=at)
    version.refresh_from_db()
    return version


def passed(version, person, *, at=NOON):
    """Let somebody pass a training."""
    for lesson in version.lessons.order_by("number"):
        actions.finish(lesson, person, {}, at=at)
