"""Conflicts of interest: why somebody must not read, see or decide an application."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.applications import Application
from grandtour.models.editions import Edition
from grandtour.models.hosts import Host
from grandtour.models.organising import organisers_of
from grandtour.models.phases import Reviewer
from grandtour.models.seats import Seat
from volunteers.models import Ask, Membership, Person

# Takes a reviewer's row first, so that a conflict and what it forbids wait for each other.
ALONE = "PERFORM 1 FROM grandtour_reviewer WHERE id = NEW.reviewer_id FOR NO KEY UPDATE;"


def refuse(name: str) -> str:
    """Write what refuses a row by the name of what it would break."""
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation';"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Reads of conflicts."""

    def in_force(self) -> Self:
        """Keep those that nobody has lifted."""
        return self.filter(lifted_at=None)

    def not_by(self, person: Person) -> Self:
        """Keep what this person may lift: never what is in their own way."""
        return self.exclude(kind=Conflict.Kind.SELF).exclude(reviewer__person=person)


class Conflict(models.Model):
    """Why a reviewer must not read an application; each kind is found and lifted by itself."""

    class Kind(models.TextChoices):
        """How one knows."""

        DECLARED = "declared", _("Said so themselves")
        SELF = "self", _("Their own application")
        AFFILIATE = "affiliate", _("Same affiliate")
        EXCHANGE = "exchange", _("Had to do with each other here")
        JOURNEY = "journey", _("Travelled together")
        HOST = "host", _("Host and guest")
        PARTNER = "partner", _("Named as a partner")

    application = models.ForeignKey(Application, models.CASCADE, related_name="conflicts")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    found_at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(
                name="conflict_one_per_kind_reviewer_and_application",
                fields=["application", "reviewer", "kind"],
                condition=Q(lifted_at=None),
            ),
            models.CheckConstraint(
                name="conflict_of_oneself_stays",
                condition=~Q(kind="self") | Q(lifted_at=None),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="conflict_ends_reading",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__lifted_at=None),
                func=f"""
                    {ALONE}
                    IF EXISTS (
                        SELECT 1 FROM grandtour_review WHERE state <> 'void'
                        AND application_id = NEW.application_id
                        AND reviewer_id = NEW.reviewer_id
                    ) OR EXISTS (
                        SELECT 1 FROM grandtour_assignment WHERE ended_at IS NULL
                        AND application_id = NEW.application_id
                        AND reviewer_id = NEW.reviewer_id
                    ) THEN {refuse("conflict_ends_reading")} END IF;
                    RETURN NEW;
                """,  # noqa: S608 -- fixed text
            )
        ]

    def __str__(self) -> str:
        return f"conflict {self.pk}"

    def may_be_lifted_by(self, person: Person) -> bool:
        """Say whether it can be lifted, and by this person."""
        return self.kind != self.Kind.SELF and self.reviewer.person_id != person.pk


Kind = Conflict.Kind
# People who are to be on the way together, are, or were; before an offer nobody knows of it.
TRAVELLED = [
    *(Seat.State.OFFERED, Seat.State.ACCEPTED, Seat.State.AGREED, Seat.State.CONFIRMED),
    *(Seat.State.TRAVELLING, Seat.State.RETURNED),
    *(Seat.State.REPORTED, Seat.State.CLOSED),
]


@dataclass(frozen=True, slots=True)
class Pair:
    """An application and somebody who might read it, as a statement names them."""

    application: Any
    applicant: Any
    applied_with: Any
    reader: Any


def _with_applications(reader: Any) -> Pair:
    """Pair the application of the statement around it with somebody."""
    return Pair(OuterRef("pk"), OuterRef("person"), OuterRef("affiliate"), reader)


def _of_themselves(pair: Pair) -> Q:
    """Say whether it is their own application."""
    return Q(Exists(Person.objects.filter(pk=pair.applicant).filter(pk=pair.reader)))


def _of_a_rival(pair: Pair) -> Q:
    """Say whether who reads asks for a place in the same edition."""
    theirs = Application.objects.pursued().filter(person=pair.reader)
    return Q(Exists(theirs.filter(edition__applications=pair.application)))


def _of_one_affiliate(pair: Pair) -> Q:
    """Say whether they belong to an affiliate of the applicant, or the one they apply with."""
    ours = Membership.objects.confirmed().filter(person=pair.reader)
    theirs = ours.filter(
        affiliate__memberships__person=pair.applicant,
        affiliate__memberships__confirmed_at__isnull=False,
    )
    # Two questions, so that each finds its index: an affiliate may have thousands of members.
    return Q(Exists(ours.filter(affiliate=pair.applied_with))) | Q(Exists(theirs))


def _of_an_exchange(pair: Pair) -> Q:
    """Say whether one asked the other for something and heard a yes; not for reading."""
    yes = Ask.objects.filter(answered_at__isnull=False, declined=False, reading=None)
    return Q(
        Exists(
            yes.filter(
                Q(person=pair.reader, asker=pair.applicant)
                | Q(person=pair.applicant, asker=pair.reader)
            )
        )
    )


def _of_a_journey(pair: Pair) -> Q:
    """Say whether they have travelled in one group, or are to."""
    ours = Seat.objects.filter(person=pair.reader, state__in=TRAVELLED)
    return Q(
        Exists(
            ours.filter(
                journey__seats__person=pair.applicant, journey__seats__state__in=TRAVELLED
            )
        )
    )


def _of_a_stay(pair: Pair) -> Q:
    """Say whether who reads belongs to a host that has, had or awaits the applicant."""
    hosts = Host.objects.filter(
        affiliate__memberships__person=pair.reader,
        affiliate__memberships__confirmed_at__isnull=False,
    )
    return Q(
        Exists(
            hosts.filter(
                stops__journey__seats__person=pair.applicant,
                stops__journey__seats__state__in=TRAVELLED,
            )
        )
    )


def _of_a_partner(pair: Pair) -> Q:
    """Say whether who reads belongs to the host that the applicant says to have agreed with."""
    naming = Application.objects.filter(
        pk=pair.application,
        partner__affiliate__memberships__person=pair.reader,
        partner__affiliate__memberships__confirmed_at__isnull=False,
    )
    return Q(Exists(naming))


# Every way in which a conflict can be found. A block is none: whoever reads blind could block
# one person after the other, and see whose application goes.
FOUND: dict[str, Callable[[Pair], Q]] = {
    Kind.SELF: _of_themselves,
    Kind.AFFILIATE: _of_one_affiliate,
    Kind.EXCHANGE: _of_an_exchange,
    Kind.JOURNEY: _of_a_journey,
    Kind.HOST: _of_a_stay,
    Kind.PARTNER: _of_a_partner,
}


def barred(pair: Pair) -> Q:
    """Say whether something stands between the two now, noted or not, and nobody lifted it.

    Whoever asks for a place reads and decides about nobody else of that edition; this holds
    for as long as they do, so it is neither noted nor lifted.
    """
    noted = Conflict.objects.filter(application=pair.application, reviewer__person=pair.reader)
    either = Q(Exists(noted.in_force())) | _of_a_rival(pair)
    for kind, found in FOUND.items():
        lifted = noted.filter(kind=kind, lifted_at__isnull=False)
        either |= found(pair) & ~Q(Exists(lifted))
    return either


def barred_to(person: Person, edition: Edition) -> frozenset[int]:
    """Give the keys of all applications of an edition that this person leaves to others."""
    return barred_among(person, Application.objects.filter(edition=edition))


def barred_among(person: Person, rows: models.QuerySet[Application]) -> frozenset[int]:
    """Give the keys of those of some applications that this person leaves to others."""
    left = rows.filter(barred(_with_applications(person.pk)))
    return frozenset(left.values_list("pk", flat=True))


def free_of(people: models.QuerySet[Person], keys: Collection[int]) -> models.QuerySet[Person]:
    """Keep those of some people who leave none of these applications to others."""
    about = Application.objects.filter(pk__in=keys)
    known = about.filter(barred(_with_applications(OuterRef(OuterRef("pk")))))
    return people.exclude(Exists(known))


def organisers_free_of(
    edition: Edition | int, keys: Collection[int], hosts: Collection[int] = ()
) -> models.QuerySet[Person]:
    """Keep the organisers who leave none of these applications and hosts to others."""
    people = free_of(organisers_of(edition), keys) if keys else organisers_of(edition)
    homes = Membership.objects.confirmed().filter(affiliate__hosted__in=hosts)
    return people.exclude(pk__in=homes.values("person")) if hosts else people


def unnoted(kind: str, edition: Edition) -> models.QuerySet[Application, tuple[int, int]]:
    """Give application and reviewer where a conflict of this kind is not noted yet."""
    rows = Application.objects.sent().filter(edition=edition)
    named = rows.annotate(reader=F("edition__reviewers__person"), by=F("edition__reviewers"))
    known = Conflict.objects.filter(
        application=OuterRef("pk"), reviewer=OuterRef("by"), kind=kind
    )
    if kind != Kind.SELF:  # of oneself nothing more has to be known
        named = named.exclude(reader=F("person"))
    seen = named.filter(FOUND[kind](_with_applications(OuterRef("reader"))))
    return seen.exclude(Exists(known)).values_list("pk", "by")
