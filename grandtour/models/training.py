"""Trainings: lessons and exercises in versions that stay, who has done what, and until when."""

from datetime import date, datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grandtour.models.editions import Edition
from grandtour.models.expectations import Side
from volunteers.models import Person

# So long somebody goes on with the version they began, though there is a newer one.
PATIENCE = timedelta(days=30)
CHANGE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


class TrainingQuerySet(models.QuerySet["Training"]):
    """Reads of trainings."""

    def published(self) -> Self:
        """Keep those that can be done."""
        return self.filter(versions__published_at__isnull=False).distinct()


class Training(models.Model):
    """Something to be learnt before a journey; what it says stands in its versions."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("part of its address"), max_length=60, unique=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("grandtour:training", args=[self.slug])


class TrainingVersionQuerySet(models.QuerySet["TrainingVersion"]):
    """Reads of versions."""

    def published(self) -> Self:
        """Keep those that can be done, and never change any more."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        """Keep what organisers still write."""
        return self.filter(published_at=None)

    def newest_first(self) -> Self:
        """Put the latest first."""
        return self.order_by("-number", "-pk")


class TrainingVersion(models.Model):
    """A training as it was published: its words, lessons and exercises stay as they are."""

    class Audience(models.TextChoices):
        """For whom it was written."""

        TRAVELLERS = "travellers", _("Travellers")
        HOSTS = "hosts", _("Hosts")
        BOTH = "both", _("Travellers and hosts")

    training = models.ForeignKey(Training, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    about = models.TextField(_("what it is about"), max_length=4000, blank=True)
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience, default=Audience.BOTH
    )
    months = models.PositiveSmallIntegerField(_("valid for how many months"), default=24)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = TrainingVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a training")
        verbose_name_plural = _("versions of trainings")
        constraints = [
            models.UniqueConstraint(
                name="training_version_numbered", fields=["training", "number"]
            ),
            models.UniqueConstraint(
                name="training_one_draft_at_a_time",
                fields=["training"],
                condition=Q(published_at=None),
            ),
            models.CheckConstraint(
                name="training_version_valid_1_to_60_months",
                condition=Q(months__range=(1, 60)),
                violation_error_message=_("A training is valid for 1 to 60 months."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="training_version_stays_once_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="training_version_published_with_a_lesson",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("published_at"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__published_at__isnull=False),
                func="""
                    IF NEW.about = '' OR NOT EXISTS (
                        SELECT 1 FROM grandtour_lesson WHERE version_id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'training_version_published_with_a_lesson'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(training)s, version %(number)d")) % {
            "training": self.training,
            "number": self.number,
        }


def _only_in_a_draft(name: str, version: str) -> pgtrigger.Trigger:
    """Refuse any change below a version that is published; `version` finds it of a row."""
    return pgtrigger.Trigger(
        name=name,
        operation=CHANGE,
        when=pgtrigger.Before,
        declare=[("changed", "record")],
        func=f"""
            changed := COALESCE(NEW, OLD);
            PERFORM 1 FROM grandtour_trainingversion
            WHERE id = ({version}) AND published_at IS NOT NULL FOR SHARE;
            IF FOUND THEN
                RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN changed;
        """,
    )


class Lesson(models.Model):
    """One sitting of a training: a text with links, and so many minutes."""

    version = models.ForeignKey(TrainingVersion, models.CASCADE, related_name="lessons")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(
        _("text"),
        max_length=8000,
        help_text=_("Addresses become links; lines that begin with a star become a list."),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            models.UniqueConstraint(name="lesson_numbered", fields=["version", "number"]),
            models.CheckConstraint(
                name="lesson_takes_1_to_120_minutes",
                condition=Q(number__gte=1, minutes__range=(1, 120)),
                violation_error_message=_("A lesson takes 1 to 120 minutes."),
            ),
        ]
        triggers = [_only_in_a_draft("lesson_changes_in_a_draft", "changed.version_id")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Exercise(models.Model):
    """A question of a lesson: with choices, or to think about in one's own words."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="exercises")
    number = models.PositiveSmallIntegerField(_("number"))
    question = models.CharField(_("question"), max_length=500)
    choices = ArrayField(
        models.CharField(max_length=300), verbose_name=_("choices"), default=list, blank=True
    )
    right = ArrayField(
        models.CharField(max_length=300), verbose_name=_("what is right"), default=list
    )
    explanation = models.TextField(_("what is right, and why"), max_length=2000)

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        constraints = [
            models.UniqueConstraint(name="exercise_numbered", fields=["lesson", "number"]),
            models.CheckConstraint(
                name="exercise_has_a_right_choice_or_none",
                condition=Q(choices__len=0, right__len=0)
                | Q(choices__len__gte=2, right__len__gte=1, right__contained_by=F("choices")),
                violation_error_message=_("Two choices or more, at least one of them right."),
            ),
        ]
        triggers = [
            _only_in_a_draft(
                "exercise_changes_in_a_draft",
                "SELECT version_id FROM grandtour_lesson WHERE id = changed.lesson_id",
            )
        ]

    def __str__(self) -> str:
        return self.question


class LessonDone(models.Model):
    """That somebody is through with a lesson; gone when the whole training is passed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="lessons_done")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(_("done"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lesson_done_once", fields=["person", "lesson"])
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} by {self.person_id}"


class ExerciseAnswer(models.Model):
    """What somebody wrote to a question in their own words; nobody else reads it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="exercise_answers")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    words = models.TextField(max_length=4000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exercise_answer_one_each", fields=["person", "exercise"]
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class CompletionQuerySet(models.QuerySet["Completion"]):
    """Reads of what was passed."""

    def valid_on(self, day: date) -> Self:
        """Keep what holds on this day."""
        return self.filter(last_day__gte=day)


class Completion(models.Model):
    """That somebody passed a version on a day; `last_day` is the last on which it holds.

    PostgreSQL refuses one before every lesson is done, and counts the months itself.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="completions")
    version = models.ForeignKey(TrainingVersion, models.PROTECT, related_name="completions")
    day = models.DateField(_("passed"))
    last_day = models.DateField(_("valid until"), editable=False)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("training passed")
        verbose_name_plural = _("trainings passed")
        constraints = [
            models.UniqueConstraint(
                name="completion_once_a_day", fields=["person", "version", "day"]
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="completion_after_every_lesson",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("version", "record")],
                func="""
                    SELECT months, published_at INTO version FROM grandtour_trainingversion
                    WHERE id = NEW.version_id;
                    IF version.published_at IS NULL OR EXISTS (
                        SELECT 1 FROM grandtour_lesson AS lesson
                        WHERE lesson.version_id = NEW.version_id AND NOT EXISTS (
                            SELECT 1 FROM grandtour_lessondone AS done
                            WHERE done.lesson_id = lesson.id AND done.person_id = NEW.person_id
                        )
                    ) THEN
                        RAISE EXCEPTION 'completion_after_every_lesson'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    NEW.last_day := NEW.day + make_interval(months => version.months);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="completion_stays_as_it_was", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} passed by {self.person_id}"


class RequiredTraining(models.Model):
    """A training that an edition asks of its travellers, or of its hosts."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="required_trainings")
    training = models.ForeignKey(Training, models.PROTECT, related_name="required")
    side = models.CharField(_("asked of"), max_length=9, choices=Side, default=Side.TRAVELLER)

    class Meta:
        verbose_name = _("required training")
        verbose_name_plural = _("required trainings")
        constraints = [
            models.UniqueConstraint(
                name="required_training_once_of_a_side",
                fields=["edition", "training", "side"],
                violation_error_message=_("This training is asked of them already."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="required_training_can_be_done",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM grandtour_trainingversion
                        WHERE training_id = NEW.training_id AND published_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'required_training_can_be_done'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.training} ({self.get_side_display()})"


def version_for(training: Training, person: Person, now: datetime) -> TrainingVersion | None:
    """Give the version somebody does: the one they lately began, else the newest."""
    began = LessonDone.objects.filter(person=person, done_at__gt=now - PATIENCE)
    mine = Exists(began.filter(lesson__version=OuterRef("pk")))
    rows = training.versions.published().newest_first()
    return rows.annotate(mine=mine).order_by("-mine", *rows.query.order_by).first()
