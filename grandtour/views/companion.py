"""What the page of a journey shows of lists, notes and reports, for who reads it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grandtour.actions.afterwards import HOME
from grandtour.models import ChecklistItem, Seat
from grandtour.models.checklists import AFTER, MADE

What = ChecklistItem.What
ALONG = {"confirmed", "travelling", "returned", "reported", "closed"}
REPORTING = {*HOME, Seat.State.CLOSED}


def companion(context: dict[str, Any]) -> dict[str, Any]:
    """Gather the list of who travels, notes that can be written or read, and reports.

    `context` is what the page has already: mine, ours, stops, companions.
    """
    mine, today = context["mine"], timezone.localdate()
    there = mine and mine.state in ALONG
    items = mine.checklist.as_they_stand().order_by("due", "pk") if mine and there else []
    stops = [row["stop"] for row in context["stops"]]
    along = stops if mine and mine.state in ALONG else context["ours"]
    return {
        "checklist": [_row(item, mine) for item in items],
        "noted": [stop for stop in along if stop.leave <= today],
        "reports": [
            one["seat"]
            for one in context["companions"]
            if one["seat"].state in {"reported", "closed"} and one["seat"] != mine
        ],
        "my_report": reverse("grandtour:report", args=[mine.pk])
        if mine and mine.state in REPORTING
        else "",
    }


def _row(item: ChecklistItem, seat: Seat) -> dict[str, Any]:
    """Say how one thing stands, where it is done, and what one may press."""
    word, tone = _("Open"), ""
    if item.settled_at:
        word, tone = _("Done"), "good"
    elif item.due < timezone.localdate():
        word, tone = _("Waits for you"), "waits"
    by_itself = not item.ticked_by_hand or (item.settled_at and not item.done_at)
    early = item.what in AFTER and seat.state not in REPORTING
    return {
        "item": item,
        "word": word,
        "tone": tone,
        "href": _where(item, seat),
        "button": "" if by_itself or early else "untick" if item.done_at else "tick",
    }


def _where(item: ChecklistItem, seat: Seat) -> str:
    """Give the page on which something is done, once it can be."""
    report = reverse("grandtour:report", args=[seat.pk]) if seat.state in REPORTING else ""
    if item.what == What.RECEIPTS:
        return reverse("grandtour:costs", args=[seat.journey_id])
    if item.what in MADE:
        return report and f"{report}#offer"
    return report if item.what in {What.REPORT, What.SHARING} else ""
