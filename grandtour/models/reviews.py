"""Reviews: who reads what, how they score it, and why somebody must not."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models.applications import Application
from grandtour.models.conflicts import ALONE, Pair, barred, refuse
from grandtour.models.editions import Criterion
from grandtour.models.phases import Reviewer
from volunteers.models import Person

IN_CONFLICT = """
    EXISTS (
        SELECT 1 FROM grandtour_conflict WHERE application_id = NEW.application_id
        AND reviewer_id = NEW.reviewer_id AND lifted_at IS NULL
    )
"""
ONE_EDITION = """
    (SELECT edition_id FROM grandtour_application WHERE id = NEW.application_id)
    IS DISTINCT FROM (SELECT edition_id FROM grandtour_reviewer WHERE id = NEW.reviewer_id)
"""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Reads of who reads what."""

    def live(self) -> Self:
        """Keep those that hold."""
        return self.filter(ended_at=None)

    def readable_by(self, person: Person) -> Self:
        """Keep what this person may read now: theirs, without a conflict, and being read."""
        return self.readable().filter(reviewer__person=person)

    def readable(self) -> Self:
        """Keep what somebody may read now; conflicts are looked for at this moment."""
        return self.live().filter(
            ~barred(OF_AN_ASSIGNMENT),
            reviewer__in=Reviewer.objects.reading(),
            application__state__in=READABLE,
        )

    def with_review(self) -> Self:
        """Read along whether a review stands."""
        mine = Review.objects.standing().filter(
            application=models.OuterRef("application"), reviewer=models.OuterRef("reviewer")
        )
        return self.annotate(
            review_state=models.Subquery(mine.values("state")[:1]),
            review_score=models.Subquery(mine.values("score")[:1]),
        )

    def unread(self) -> Self:
        """Keep those whose reviewer has neither scored nor abstained."""
        done = Review.objects.standing().exclude(state=Review.State.DRAFT)
        return self.live().exclude(
            models.Exists(
                done.filter(
                    application=models.OuterRef("application"),
                    reviewer=models.OuterRef("reviewer"),
                )
            )
        )


OF_AN_ASSIGNMENT = Pair(
    application=models.OuterRef("application"),
    applicant=models.OuterRef("application__person"),
    applied_with=models.OuterRef("application__affiliate"),
    reader=models.OuterRef("reviewer__person"),
)
# Reviewers read an application from the day on which it is taken up until it is published.
READABLE = [Application.State.IN_REVIEW]


class Assignment(models.Model):
    """That somebody is to read an application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField(_("assigned"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assignment_one_live_per_reviewer_and_application",
                fields=["application", "reviewer"],
                condition=Q(ended_at=None),
            )
        ]
        indexes = [models.Index(name="assignment_by_reviewer", fields=["reviewer", "ended_at"])]
        triggers = [
            pgtrigger.Trigger(
                name="assignment_without_conflict",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("application_id", "reviewer_id", "ended_at"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__ended_at=None),
                func=f"""
                    {ALONE}
                    IF {IN_CONFLICT} THEN {refuse("assignment_without_conflict")} END IF;
                    IF {ONE_EDITION} THEN {refuse("assignment_within_one_edition")} END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reads of reviews."""

    def standing(self) -> Self:
        """Keep those that no conflict has made void."""
        return self.exclude(state=Review.State.VOID)

    def given(self) -> Self:
        """Keep those that count."""
        return self.filter(state=Review.State.GIVEN)

    def compared(self) -> Self:
        """Keep those whose reviewer has read what others think: they stand for good."""
        return self.given().filter(others_seen_at__isnull=False)

    def in_full(self) -> Self:
        """Read scores and names along, in one order."""
        scores = Score.objects.select_related("criterion").order_by("criterion__number")
        return (
            self.select_related("reviewer__person")
            .prefetch_related(models.Prefetch("scores", scores, to_attr="in_order"))
            .order_by("given_at", "pk")
        )


class Review(Stateful):
    """What one reviewer thinks of one application."""

    class State(models.TextChoices):
        """The life of a review."""

        DRAFT = "draft", _("Begun")
        GIVEN = "given", _("Given")
        ABSTAINED = "abstained", _("Abstained")
        VOID = "void", _("Void, because of a conflict")

    class Recommendation(models.TextChoices):
        """What they would decide."""

        YES = "yes", _("Yes, gladly")
        RATHER = "rather", _("Rather yes")
        RATHER_NOT = "rather_not", _("Rather not")
        NO = "no", _("No")

    class Confidence(models.IntegerChoices):
        """How sure they are."""

        LOW = 1, _("Not my subject")
        FAIR = 2, _("Fairly sure")
        HIGH = 3, _("Very sure")

    MOVES: ClassVar = {
        State.DRAFT: {State.GIVEN, State.ABSTAINED, State.VOID},
        State.GIVEN: {State.DRAFT, State.VOID},
        State.ABSTAINED: {State.DRAFT, State.VOID},
        State.VOID: set(),
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="written")
    recommendation = models.CharField(
        _("recommendation"), max_length=10, choices=Recommendation, blank=True
    )
    confidence = models.PositiveSmallIntegerField(
        _("how sure"), choices=Confidence, null=True, blank=True
    )
    words = models.TextField(_("words for the organisers"), max_length=4000, blank=True)
    begun_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("changed"))
    given_at = models.DateTimeField(_("given"), null=True, editable=False)
    # From then on this one stands as it is: what others think has been read.
    others_seen_at = models.DateTimeField(_("others read"), null=True, editable=False)
    # Percent of all that could be scored, by weight; PostgreSQL works it out when it is given.
    score = models.DecimalField(
        _("score"), max_digits=5, decimal_places=2, null=True, editable=False
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [("assign_review", "Can say who reads what")]
        constraints = [
            models.UniqueConstraint(
                name="review_one_per_reviewer_and_application",
                fields=["application", "reviewer"],
                condition=~Q(state="void"),
            ),
            models.CheckConstraint(
                name="review_given_with_a_recommendation",
                condition=Q(state="given", given_at__isnull=False, score__isnull=False)
                & ~Q(recommendation="")
                & Q(confidence__isnull=False)
                | (~Q(state="given") & Q(given_at=None, score=None)),
                violation_error_message=_("Say what you recommend, and how sure you are."),
            ),
            models.CheckConstraint(
                name="review_stands_once_others_are_read",
                condition=Q(others_seen_at=None) | Q(state__in=["given", "void"]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="review_without_conflict",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=~pgtrigger.Q(new__state="void"),
                func=f"""
                    {ALONE}
                    IF {IN_CONFLICT} THEN {refuse("review_without_conflict")} END IF;
                    IF {ONE_EDITION} THEN {refuse("review_within_one_edition")} END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="review_given_with_every_score",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state="given"),
                declare=[("asked", "integer"), ("scored", "integer")],
                func=f"""
                    SELECT count(*), count(s.id), round(100.0
                        * sum(c.weight * (s.value - c.lowest)::numeric / (c.highest - c.lowest))
                        / sum(c.weight), 2)
                    INTO asked, scored, NEW.score
                    FROM grandtour_application a
                    JOIN grandtour_criterion c ON c.edition_id = a.edition_id
                    LEFT JOIN grandtour_score s
                        ON s.criterion_id = c.id AND s.review_id = NEW.id
                    WHERE a.id = NEW.application_id;
                    IF asked = 0 OR scored < asked THEN
                        {refuse("review_given_with_every_score")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 -- fixed text
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Score(models.Model):
    """What a reviewer gives for one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.SmallIntegerField(_("score"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="score_one_per_criterion", fields=["review", "criterion"]
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="score_within_its_scale",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("scale", "record"), ("read", "record")],
                func=f"""
                    SELECT lowest, highest, edition_id INTO scale FROM grandtour_criterion
                    WHERE id = NEW.criterion_id FOR SHARE;
                    IF NEW.value NOT BETWEEN scale.lowest AND scale.highest THEN
                        {refuse("score_within_its_scale")}
                    END IF;
                    SELECT a.edition_id INTO read FROM grandtour_review r
                    JOIN grandtour_application a ON a.id = r.application_id
                    WHERE r.id = NEW.review_id;
                    IF read.edition_id <> scale.edition_id THEN
                        {refuse("score_within_one_edition")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 -- fixed text
            ),
            pgtrigger.Trigger(
                name="score_stays_once_given",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("standing", "text")],
                func=f"""
                    SELECT state INTO standing FROM grandtour_review
                    WHERE id = COALESCE(NEW.review_id, OLD.review_id) FOR SHARE;
                    IF standing = 'given' THEN {refuse("score_stays_once_given")} END IF;
                    RETURN COALESCE(NEW, OLD);
                """,  # noqa: S608 -- fixed text
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} for {self.criterion_id}"
