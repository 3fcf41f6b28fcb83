"""What people need is private: who reads it they decide, and nothing of it stays in plans."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from grandtour.models import Application, Edition, Needs, NeedsCount, Plan, Seat
from grandtour.models.needs import NeedsQuerySet


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


def let_go(gone: NeedsQuerySet) -> int:
    """Delete what some people need, and keep how many did; say of how many.

    Call it in a transaction, with the editions held.
    """
    kept = gone.filter(pk__in=list(gone.values_list("pk", flat=True)))
    count(kept.filter(application__in=Application.objects.sent()))
    leave_plans(list(kept.values_list("pk", flat=True)))
    return kept.delete()[0]


def hold_editions(applications: QuerySet[Any], more: QuerySet[Any] | None = None) -> None:
    """Lock the editions of some applications, and `more`: they come before all in them."""
    keys = Application.objects.filter(pk__in=applications).values_list("edition")
    rows = Edition.objects.filter(Q(pk__in=keys) | Q(pk__in=more or []))
    held = rows.select_for_update(no_key=True).order_by("pk")
    list(held.values_list("pk", flat=True))


def leave_plans(applications: Iterable[int]) -> None:
    """Take out of plans' reasons which hosts some could not reach; call it in a transaction.

    Plans are locked, also those that are being made: what they say is looked at when they end.
    """
    theirs = Application.objects.filter(pk__in=applications)
    keys = {f"a{pk}" for pk in theirs.values_list("pk", flat=True)}
    plans = Plan.objects.filter(edition__in=theirs.values("edition")).order_by("pk")
    list(plans.select_for_update(no_key=True).values_list("pk", flat=True))
    said = plans.filter(reasons__isnull=False).only("pk", "reasons")
    changed = [plan for plan in said if taken_out(plan.reasons, keys)]
    Plan.objects.bulk_update(changed, ["reasons"])


def taken_out(reasons: dict[str, Any] | None, keys: Container[str]) -> bool:
    """Take it out of the reasons of one plan; say whether there was anything."""
    travellers = (reasons or {}).get("travellers", [])
    told = [one["rules"].pop("access", 0) for one in travellers if one["key"] in keys]
    return any(told)


def forget_in(plan: Plan, reasons: dict[str, Any]) -> None:
    """Take out of the reasons of a plan that ends what people need no more.

    Call it in a transaction, with the plan locked.
    """
    needed = Needs.objects.filter(application__edition=plan.edition_id, step_free=True)
    there = {f"a{pk}" for pk in needed.values_list("pk", flat=True)}
    told = {one["key"] for one in reasons.get("travellers", [])}
    taken_out(reasons, told - there)
