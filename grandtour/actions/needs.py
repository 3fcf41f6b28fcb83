"""What people need is private: who reads it they decide, and nothing of it stays in plans."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from grandtour.models import Application, Needs, NeedsCount, Plan, Seat
from grandtour.models.applications import NeedsQuerySet


def show(needs: Needs, *, at: datetime | None) -> None:
    """Let the hosts of the journey read access and food from this moment on; None: no more."""
    Needs.objects.filter(pk=needs.pk).update(shown_to_hosts_at=at)


def show_no_more(seat: Seat) -> None:
    """Let no hosts read it once they are none any more: of another journey one says anew."""
    Needs.objects.filter(application=seat.application_id).update(shown_to_hosts_at=None)


def count(gone: NeedsQuerySet) -> None:
    """Keep how many of those whose needs are deleted had some; call it in a transaction."""
    for edition, kinds in gone.counted().items():
        for kind, number in sorted(kinds.items()):
            row, made = NeedsCount.objects.get_or_create(
                edition_id=edition, kind=kind, defaults={"number": number}
            )
            if not made:
                NeedsCount.objects.filter(pk=row.pk).update(number=F("number") + number)


def leave_plans(applications: Iterable[int]) -> None:
    """Take out of plans' reasons which hosts some could not reach; call it in a transaction."""
    theirs = Application.objects.filter(pk__in=applications)
    keys = {f"a{pk}" for pk in theirs.values_list("pk", flat=True)}
    plans = Plan.objects.filter(edition__in=theirs.values("edition"), reasons__isnull=False)
    changed = [plan for plan in plans.only("pk", "reasons").order_by("pk") if _left(plan, keys)]
    Plan.objects.bulk_update(changed, ["reasons"])


def _left(plan: Plan, keys: set[str]) -> bool:
    """Take it out of one plan; say whether there was anything."""
    reasons = (plan.reasons or {}).get("travellers", [])
    told = [one["rules"].pop("access", 0) for one in reasons if one["key"] in keys]
    return any(told)
