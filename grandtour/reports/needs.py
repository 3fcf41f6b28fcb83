"""What people need on a journey: the words, for who looks after it, and how many need what."""

from django.utils.translation import gettext as _

from grandtour.models import Edition, Needs, NeedsCount, Seat

Kind = NeedsCount.Kind
FEWEST = 5  # people behind a number


def needed(seat: Seat) -> list[tuple[str, str]]:
    """Give what a traveller needs: kinds, and their words."""
    said = getattr(seat.application, "needs", None)
    if said is None:
        return []
    words = {kind: getattr(said, kind.value) for kind in Kind}
    words[Kind.STEP_FREE] = _("Yes") if said.step_free else ""
    return [(str(kind.label), one) for kind, one in words.items() if one]


def counted(edition: Edition) -> list[tuple[str, int | None]]:
    """Count how many whose applications stand need what, also when what they said is gone.

    None: fewer than five; so nobody can be found by a number.
    """
    sent = Needs.objects.filter(application__in=edition.applications.sent())
    now = sent.counted().get(edition.pk, {})
    kept = dict(edition.needs_counts.values_list("kind", "number"))
    sums = {kind: now.get(kind, 0) + kept.get(kind, 0) for kind in Kind}
    return [
        (str(kind.label), number if number >= FEWEST else None)
        for kind, number in sums.items()
        if number
    ]
