"""Writes listings, with their skills and sums."""

from capx.sample import records
from capx.sample.rows.known import Known
from exchange.models import BudgetLine, Listing


def write_listings(listings: tuple[records.Listing, ...], known: Known) -> None:
    """Write the listings."""
    rows = Listing.objects.bulk_create(listing_row(one, known) for one in listings)
    known.listings = {one.number: row for one, row in zip(listings, rows, strict=True)}
    known.main_skills = {
        one.number: min((known.skills[slug] for slug in one.skills), key=lambda skill: skill.pk)
        for one in listings
        if one.skills
    }
    by_skill = Listing.skills.through
    by_skill.objects.bulk_create(
        by_skill(listing_id=known.listings[one.number].pk, skill_id=known.skills[slug].pk)
        for one in listings
        for slug in one.skills
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(listing=known.listings[one.number], **sums(line))
        for one in listings
        for line in one.budget
    )
    write_moments(listings, known)


def listing_row(listing: records.Listing, known: Known) -> Listing:
    """Make the row of one listing."""
    as_they_are = (
        *("kind", "of", "resource", "title", "body", "takeaway", "language", "mode", "state"),
        *("first_day", "last_day", "times", "seats", "amount"),
        *("wants_help_to_share", "currency", "covers", "decided_by"),
        *("published_at", "confirmed_at"),
    )
    return Listing(
        author=known.people[listing.author],
        affiliate=known.affiliates[listing.affiliate] if listing.affiliate else None,
        countries=list(listing.countries),
        place=known.places[listing.city],
        hours=listing.hours or None,
        preparation_hours=listing.preparation_hours or None,
        **{name: getattr(listing, name) for name in as_they_are},
    )


def sums(line: records.Line) -> dict[str, object]:
    """Give the columns of a sum."""
    return {
        "side": line.side,
        "amount": line.amount,
        "currency": line.currency,
        "what_for": line.what_for,
        "payer": line.payer,
    }


def write_moments(listings: tuple[records.Listing, ...], known: Known) -> None:
    """Let listings have begun when their authors wrote them, not now."""
    rows = []
    for one in listings:
        row = known.listings[one.number]
        if one.written_at:
            row.created_at = one.written_at
            row.changed_at = one.written_at
            rows.append(row)
    Listing.objects.bulk_update(rows, ["created_at", "changed_at"], batch_size=500)
