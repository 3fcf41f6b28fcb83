"""What people share with the stewards of an affiliate, and what stewards do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from capx.states import IllegalMove
from volunteers import gate, notices
from volunteers.models import Affiliate, Look, Person, SharingInvitation, StewardAccess
from volunteers.models.care import Suggestion


class NotAMember(Exception):
    """Only with the stewards of an affiliate to which one belongs can one share."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What somebody shares, from a day on; without an end until they take it back."""

    period: DateRange
    weeks: bool = True
    check_ins: bool = False
    costs: bool = False


@transaction.atomic
def share(person: Person, affiliate: Affiliate, what: Shared, *, at: datetime) -> StewardAccess:
    """Let the stewards of an affiliate see something, in place of what they saw before.

    Raises NotAMember.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two tabs saved at once
    stop_sharing(person, affiliate, at=at)
    try:
        with transaction.atomic():
            return StewardAccess.objects.create(
                person=person,
                affiliate=affiliate,
                period=what.period,
                weeks=what.weeks,
                check_ins=what.check_ins,
                costs=what.costs,
                granted_at=at,
            )
    except IntegrityError as refused:
        raise NotAMember from refused


@transaction.atomic
def stop_sharing(person: Person, affiliate: Affiliate, *, at: datetime) -> None:
    """Take back what the stewards of an affiliate may see; nobody is told."""
    person.steward_access.to(affiliate).revoke(at)


@transaction.atomic
def share_again(taken_back: StewardAccess, day: date, *, at: datetime) -> None:
    """Share anew, from today on, what was just taken back; days gone by are not given again.

    Raises IllegalMove when its days are over or something else is shared meanwhile,
    NotAMember.
    """
    person, affiliate = taken_back.person, taken_back.affiliate
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    period = taken_back.period
    first = max(period.lower, day)
    over = period.upper is not None and period.upper <= first
    if over or person.steward_access.live().to(affiliate).exists():
        raise IllegalMove
    seen = taken_back.weeks, taken_back.check_ins, taken_back.costs
    what = Shared(DateRange(first, period.upper), *seen)
    share(person, affiliate, what, at=at)


@transaction.atomic
def invite_to_share(affiliate: Affiliate, person: Person, *, by: Person, at: datetime) -> None:
    """Ask a member, kindly, whether they would share; once in a while, and in silence else.

    The gate decides as about an answer that was invited: nobody is written to who rests or is
    to be left alone. Whoever asks learns neither whether it was sent nor what came of it.
    """
    answer = gate.check(person, asker=by, now=at, wish=gate.Wish(invited=True))
    closed = answer == gate.Answer.CLOSED
    shared = person.steward_access.live().not_over(at.date()).to(affiliate)
    if closed or shared.exists():
        return
    quiet = DateTimeTZRange(at, at + SharingInvitation.PAUSE)
    invitation = SharingInvitation(person=person, affiliate=affiliate, quiet=quiet)
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:  # somebody has asked them lately
        return
    notices.invited_to_share(invitation, by)


@transaction.atomic
def suggest(
    affiliate: Affiliate, person: Person, what: Suggestion, *, by: Person, at: datetime
) -> None:
    """Say kindly to somebody what might help; once a month, and in silence else."""
    notices.suggested(affiliate, person, what, by, at)


@transaction.atomic
def note_looks(
    people: Iterable[Person], affiliate: Affiliate, *, by: Person, day: date
) -> None:
    """Note for people that a steward sees today what they share; once a day each."""
    looks = [Look(person=one, steward=by, affiliate=affiliate, day=day) for one in people]
    Look.objects.bulk_create(
        [look for look in looks if look.person_id != by.pk], ignore_conflicts=True
    )
