"""A few questions that an applicant may answer instead of writing a letter."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.applications import Application
from grandtour.models.editions import Edition

MOST_QUESTIONS = 6


class Question(models.Model):
    """One question of an edition, short enough to be answered on a phone."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(_("number"))
    words = models.CharField(_("question"), max_length=200)

    class Meta:
        verbose_name = _("question instead of a letter")
        verbose_name_plural = _("questions instead of a letter")
        constraints = [
            models.UniqueConstraint(
                name="question_one_per_number", fields=["edition", "number"]
            ),
            models.CheckConstraint(
                name="question_one_of_a_few",
                condition=Q(number__range=(1, MOST_QUESTIONS)),
                violation_error_message=_("Six questions are enough: 1 to 6."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="question_stays_once_answered",
                operation=pgtrigger.UpdateOf("words", "edition_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange("words", "edition"),
                func="""
                    IF EXISTS (SELECT 1 FROM grandtour_answer WHERE question_id = NEW.id) THEN
                        RAISE EXCEPTION 'question_stays_once_answered'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.words


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Reads of answers."""

    def in_order(self) -> Self:
        """Put them in the order of their questions, read along with them."""
        return self.select_related("question").order_by("question__number", "pk")


class Answer(models.Model):
    """What an applicant answers to one question of their edition."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    words = models.TextField(_("answer"), max_length=2000)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of an applicant")
        verbose_name_plural = _("answers of applicants")
        constraints = [
            models.UniqueConstraint(
                name="answer_one_per_question", fields=["application", "question"]
            ),
            models.CheckConstraint(
                name="answer_says_something", condition=Q(words__regex=r"\S")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answer_of_its_own_edition",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("application_id", "question_id"),
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM grandtour_application a
                        JOIN grandtour_question q ON q.edition_id = a.edition_id
                        WHERE a.id = NEW.application_id AND q.id = NEW.question_id
                    ) THEN
                        RAISE EXCEPTION 'answer_of_its_own_edition'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"answer of {self.application_id}"
