"""What was done about the carbon of journeys that could not be avoided."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.editions import Edition
from grandtour.models.journeys import Journey


class Compensation(models.Model):
    """One thing that was done, or that nothing was, about a journey or a whole edition.

    It stands beside the kilograms and takes nothing off them: what was emitted was emitted.
    """

    class Kind(models.TextChoices):
        """What was done."""

        TREES = "trees", _("Trees planted")
        OFFSET = "offset", _("Offset bought")
        OTHER = "other", _("Something else")
        NONE = "none", _("Nothing")

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="compensations", verbose_name=_("edition")
    )
    journey = models.ForeignKey(
        Journey,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="compensations",
        verbose_name=_("journey"),
        help_text=_("Empty: for the edition as a whole."),
    )
    kind = models.CharField(_("what was done"), max_length=6, choices=Kind)
    kilograms = models.PositiveIntegerField(
        _("kilograms of CO₂e it is meant for"), null=True, blank=True
    )
    amount = models.CharField(
        _("how much"), max_length=100, blank=True, help_text=_("For example: 40 trees, 25 €.")
    )
    done_by = models.CharField(
        _("done by"),
        max_length=120,
        blank=True,
        help_text=_("An affiliate or another organisation, not a person."),
    )
    link = models.URLField(_("link to a proof"), max_length=500, blank=True)
    day = models.DateField(_("day"))
    words = models.CharField(_("in a few words"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        constraints = [
            models.CheckConstraint(
                name="compensation_says_how_much_and_by_whom",
                condition=Q(kind="none") | (~Q(amount="") & ~Q(done_by="")),
                violation_error_message=_("Say how much was done, and who did it."),
            ),
            models.CheckConstraint(
                name="compensation_of_nothing_has_no_amount",
                condition=~Q(kind="none") | Q(amount="", kilograms=None, link=""),
                violation_error_message=_("Where nothing was done there is no amount."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="compensation_of_a_journey_of_its_edition",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("edition_id", "journey_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__journey_id__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM grandtour_journey
                        WHERE id = NEW.journey_id AND edition_id = NEW.edition_id
                    ) THEN
                        RAISE EXCEPTION 'compensation_of_a_journey_of_its_edition'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}".strip()
