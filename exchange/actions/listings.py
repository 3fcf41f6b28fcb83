"""Everything that changes listings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.marks import may_write
from capx.states import IllegalMove
from exchange.actions import exchanges, seats
from exchange.models import BudgetLine, Listing, SearchDocument
from exchange.notices import listings as notices
from volunteers.actions import origins
from volunteers.models import Affiliate, Origin, Person, Skill
from volunteers.models.bandwidth import today

State = Listing.State
A_DAY = timedelta(days=1)
PUBLISHED_A_DAY = 30
DRAFTS = 100
WORDS = (
    *("kind", "of", "resource", "title", "body", "takeaway", "language", "countries", "place"),
    *("mode", "first_day", "last_day", "times", "hours", "preparation_hours"),
    *("wants_help_to_share", "seats", "amount", "currency", "covers", "decided_by"),
)
CANNOT_SPEAK = gettext_lazy("You cannot post for this affiliate. A steward of it can let you.")


class Changed(Exception):
    """Somebody saved this while it was being written; nothing was overwritten."""


class TooMany(Exception):
    """More listings than anybody can mean in a day."""


class TooManyDrafts(TooMany):
    """More drafts than anybody can finish."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: a listing not yet saved, its skills and sums, what it began from.

    None for skills or lines means: leave them as they are.
    """

    listing: Listing
    skills: list[Skill] | None
    lines: list[dict[str, Any]] | None
    based_on: str


@transaction.atomic
def keep(written: Written, *, at: datetime) -> Listing:
    """Keep a draft, or change a listing that others can see.

    Raises Changed, TooManyDrafts, and IntegrityError for what the database refuses.
    """
    listing = written.listing
    if listing.pk is None and not _begin(listing):
        listing.pk = Listing.objects.get(author=listing.author, revision=listing.revision).pk
    try:
        row = _hold(listing)
    except IllegalMove as gone:
        raise Changed from gone
    ours = may_write(row, listing.revision, written.based_on)
    if row.state == State.WITHDRAWN or not ours:
        raise Changed
    fields = [*WORDS, "revision", "changed_at", "confirmed_at", "run"]
    if row.affiliate_id != listing.affiliate_id:
        fields.append("affiliate")
    listing.confirmed_at = row.confirmed_at if row.state == State.DRAFT else at
    listing.run = row.run + _begins_again(row, listing, at)
    listing.save(update_fields=fields)
    if listing.run != row.run:
        seats.begin_again(listing, at=at)
    listing.state = row.state
    seats.note_freed(listing, at=at)
    _keep_parts(written)
    SearchDocument.objects.write(listing)
    return listing


def _begins_again(row: Listing, listing: Listing, at: datetime) -> bool:
    """Say whether what is over and still stands as live is given new days, as by renewing."""
    over = row.last_day is not None and row.last_day < today(row.author, at)
    return over and row.state in Listing.LIVE and listing.last_day != row.last_day


def _begin(listing: Listing) -> bool:
    """Make a new draft, unless another press of the same button has made it already."""
    drafts = Listing.objects.filter(author=listing.author, state=State.DRAFT)
    if drafts.count() >= DRAFTS:
        raise TooManyDrafts
    try:
        with transaction.atomic():
            listing.save(force_insert=True)
    except IntegrityError as refusal:
        if "listing_one_per_form" not in str(refusal):
            raise
        return False
    return True


def _keep_parts(written: Written) -> None:
    """Write the skills and the sums as they are now."""
    listing = written.listing
    if written.skills is not None:
        listing.skills.set(written.skills)
    if written.lines is not None:
        listing.budget.all().delete()
        BudgetLine.objects.bulk_create(
            BudgetLine(listing=listing, **line) for line in written.lines
        )


def _hold(listing: Listing, *states: str) -> Listing:
    """Lock the listing as it is now; raises IllegalMove when it is gone, or not in a state."""
    try:
        row = seats.hold(listing.pk)
    except Listing.DoesNotExist as gone:
        raise IllegalMove from gone
    if states and row.state not in states:
        raise IllegalMove
    return row


@transaction.atomic
def publish(listing: Listing, *, at: datetime) -> None:
    """Show a draft to others.

    Raises IllegalMove when it is no draft any more, TooMany, and ValidationError that says
    what is missing.
    """
    draft = _hold(listing, State.DRAFT)
    author = Person.objects.select_for_update(no_key=True).get(pk=draft.author_id)
    lately = author.listings.filter(published_at__gte=at - A_DAY)
    if lately.count() >= PUBLISHED_A_DAY:
        raise TooMany
    _check_complete(draft, at)
    try:
        with transaction.atomic():
            draft.move(State.OPEN, affiliate=draft.affiliate, published_at=at, confirmed_at=at)
    except IntegrityError as refusal:  # the affiliate is looked at whenever it is written
        if "listing_author_speaks_for_affiliate" not in str(refusal):
            raise
        raise ValidationError({"affiliate": [str(CANNOT_SPEAK)]}) from refusal
    origins.tell(Origin.Made.OFFER, draft.pk, at=at)
    _follow(listing, draft)


def _check_complete(draft: Listing, at: datetime) -> None:
    """Ask the model whether it could be open."""
    if draft.last_day and draft.last_day < today(draft.author, at):
        raise ValidationError({"last_day": [_("This day is over.")]})
    if draft.budget.filter(amount=0).exists():
        raise ValidationError(_("One of the sums still needs its amount."))
    draft.state = State.OPEN
    draft.published_at = draft.confirmed_at = at
    try:
        draft.validate_constraints()
    finally:
        draft.state = State.DRAFT


def _follow(listing: Listing, row: Listing) -> None:
    """Let the caller's listing, and the search, see what was written to the row."""
    for name in ("state", "published_at", "confirmed_at", "first_day", "last_day"):
        setattr(listing, name, getattr(row, name))
    SearchDocument.objects.write(row)


@transaction.atomic
def pause(listing: Listing) -> None:
    """Take a listing out of sight for a while; raises IllegalMove when it is not open."""
    row = _hold(listing, State.OPEN)
    row.move(State.PAUSED)
    _follow(listing, row)


@transaction.atomic
def resume(listing: Listing, *, at: datetime) -> None:
    """Open what was paused, or is taken although a place is free.

    Raises IllegalMove when it has ended, or never began, and NoSeat when all places are taken.
    """
    row = _hold(listing, State.PAUSED, State.TAKEN)
    if not seats.has_room(row):
        raise seats.NoSeat
    row.move(State.OPEN, confirmed_at=at)
    _follow(listing, row)


@transaction.atomic
def confirm(listing: Listing, *, at: datetime) -> None:
    """Note that it is still true; what was paused opens again.

    Raises IllegalMove when it has ended.
    """
    row = _hold(listing)
    if row.state == State.PAUSED:
        row.move(State.OPEN, confirmed_at=at)
        seats.note_taken(row)
    elif not Listing.objects.filter(pk=row.pk, state=State.OPEN).update(confirmed_at=at):
        raise IllegalMove
    row.confirmed_at = at
    _follow(listing, row)


@transaction.atomic
def answer_mail(listing: Listing, mark: str, *, at: datetime) -> None:
    """Say by the button of a mail that it is still true; what silence had paused opens again.

    Raises IllegalMove when the mail does not ask any more.
    """
    row = _hold(listing)
    if not notices.still_asks(row, mark):
        raise IllegalMove
    confirm(listing, at=at)


@transaction.atomic
def withdraw(listing: Listing, *, at: datetime) -> None:
    """Take a listing away; who asked hears of it, and what was agreed goes on.

    Raises IllegalMove when it has been withdrawn already, or was never published.
    """
    row = _hold(listing)
    row.move(State.WITHDRAWN, withdrawn_from=row.state)
    exchanges.let_go_of(row, at=at)
    _follow(listing, row)


@transaction.atomic
def put_back(listing: Listing, *, at: datetime) -> None:
    """Put back what was withdrawn, as it was; what was open and is over by now has expired.

    Raises IllegalMove when it is not withdrawn.
    """
    row = _hold(listing, State.WITHDRAWN)
    to = State(row.withdrawn_from or State.PAUSED)
    if row.last_day and row.last_day < today(row.author, at):
        to = State.EXPIRED
    elif to == State.TAKEN and seats.has_room(row):
        to = State.OPEN
    row.move(to, withdrawn_from="", confirmed_at=at)
    seats.note_taken(row)
    _follow(listing, row)


@transaction.atomic
def discard(listing: Listing) -> None:
    """Throw a draft away; raises IllegalMove when it is none any more."""
    row = _hold(listing, State.DRAFT)
    origins.let_go(Origin.Made.OFFER, row.pk)
    row.delete()


@transaction.atomic
def expire(listing: Listing, *, day: date) -> None:
    """End a listing whose last day lies behind, and tell its author; once."""
    row = _hold(listing, *Listing.LIVE)
    if row.last_day is None or row.last_day >= day:
        raise IllegalMove
    row.move(State.EXPIRED)
    notices.expired(row)
    _follow(listing, row)


@transaction.atomic
def fall_silent(listing: Listing, *, since: datetime) -> None:
    """Pause what nobody has said to be true; raises IllegalMove when somebody just has."""
    row = _hold(listing, State.OPEN)
    if row.confirmed_at is None or row.confirmed_at > since:
        raise IllegalMove
    row.move(State.PAUSED)
    notices.paused(row)
    _follow(listing, row)


@transaction.atomic
def renew(
    listing: Listing, *, first_day: date | None, last_day: date | None, at: datetime
) -> None:
    """Open what has expired, with new days, and with the places free of those of last time.

    Raises IllegalMove when it is not expired.
    """
    row = _hold(listing, State.EXPIRED)
    row.move(
        State.OPEN,
        first_day=first_day,
        last_day=last_day,
        confirmed_at=at,
        run=row.run + 1,
        # A form that was filled in from the old days must not write them back.
        revision=get_random_string(22),
        changed_at=at,
    )
    seats.begin_again(row, at=at)
    seats.note_taken(row)
    _follow(listing, row)


@transaction.atomic
def copy(listing: Listing, *, by: Person, at: datetime) -> Listing:
    """Make a new draft with the words, skills and sums of a listing.

    It has no days where those are over, or all places on them are taken.
    """
    words = {name: getattr(listing, name) for name in WORDS}
    over = listing.last_day is not None and listing.last_day < today(by, at)
    if over or listing.state == State.TAKEN:
        words |= {"first_day": None, "last_day": None}
    if listing.affiliate in Affiliate.objects.spoken_for_by(by):
        words["affiliate"] = listing.affiliate
    draft = Listing(author=by, revision=get_random_string(22), **words)
    if not _begin(draft):
        raise Changed
    draft.skills.set(listing.skills.all())
    sums = ("side", "amount", "currency", "what_for", "payer")
    BudgetLine.objects.bulk_create(
        BudgetLine(listing=draft, **line)
        for line in listing.budget.order_by("pk").values(*sums)
    )
    return draft
