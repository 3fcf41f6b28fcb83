"""What two sides agree on, word by word, and what they say of it afterwards."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from capx.terms import CHANGE, Term, Worded
from exchange.models.exchanges import Exchange
from exchange.models.money import Line, Side
from volunteers.models import Person
from volunteers.models.money import currency

LABELS = {
    "what": _("What"),
    "when": _("When"),
    "hours": _("Hours of whoever helps"),
    "where": _("Where"),
    "outcome": _("What should come of it"),
    "costs": _("Costs"),
}


class Agreement(Worded):
    """One version of what two sides agree on; its words never change."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="agreements")
    what = models.TextField(_("what happens, and who does what"), max_length=4000)
    hours = models.DecimalField(
        _("hours it takes whoever helps"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    where = models.CharField(_("where"), max_length=200, blank=True)
    outcome = models.TextField(_("what should have come of it"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agreement_numbered", fields=["exchange", "version"]),
            models.CheckConstraint(
                name="agreement_days_in_order",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message=_("The first day must not be after the last."),
            ),
            models.CheckConstraint(
                name="agreement_hours_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message=_("Hours cannot be less than 0."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="agreement_words_stay", operation=CHANGE)]

    def __str__(self) -> str:
        return f"agreement {self.version} of {self.exchange_id}"

    def terms(self) -> list[Term]:
        """List all terms, also those that are left open; reads the sums."""
        sums = [
            (line.what_for, line.amount, line.currency, Side(line.side).label, line.payer)
            for line in sorted(self.lines.all(), key=lambda line: line.pk)
        ]
        terms = {
            "what": self.what,
            "when": (self.first_day, self.last_day),
            "hours": self.hours,
            "where": self.where,
            "outcome": self.outcome,
            "costs": sums,
        }
        return [Term(name, LABELS[name], now) for name, now in terms.items()]


class AgreementLine(Line):
    """A sum that was agreed; it never changes."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="lines")

    class Meta:
        triggers = [pgtrigger.Protect(name="agreement_sums_stay", operation=CHANGE)]


class FollowUp(models.Model):
    """What one side says afterwards: whether it happened, what worked, what was paid."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="follow_ups")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened = models.BooleanField(_("did it happen?"))
    worked = models.TextField(_("what worked"), max_length=2000, blank=True)
    did_not = models.TextField(_("what did not"), max_length=2000, blank=True)
    paid = models.PositiveIntegerField(_("what was paid"), null=True, blank=True)
    currency = currency(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="follow_up_once", fields=["exchange", "person"]),
            models.CheckConstraint(
                name="follow_up_paid_in_a_currency",
                condition=Q(paid=None) | ~Q(currency=""),
                violation_error_message=_("Say in which currency."),
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"
