"""What the page of a journey shows of lists, notes and reports, for who reads it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grandtour.actions.afterwards import HOME
from grandtour.models import ChecklistItem, Seat

What = ChecklistItem.What
ALONG = {"confirmed", "travelling", "returned", "reported", "closed"}
REPORTING = {*HOME, Seat.State.CLOSED}


def companion(context: dict[str, Any]) -> dict[str, Any]:
    """Gather the list of who travels, notes that can be written or read, and reports.

    `context` is what the page has already: mine, ours, stops, companions.
    """
    mine, today = context["mine"], timezone.localdate()
    items = mine.checklist.order_by("due", "pk") if mine and mine.state in ALONG else []
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
    """Say how one thing stands, and where it is done."""
    word, tone = _("Open"), ""
    if item.done_at:
        word, tone = _("Done"), "good"
    elif item.due < timezone.localdate():
        word, tone = _("Waits for you"), "waits"
    reports = {What.REPORT, What.SHARING}
    there = item.what in reports and seat.state in REPORTING
    href = reverse("grandtour:report", args=[seat.pk]) if there else ""
    return {"item": item, "word": word, "tone": tone, "href": href}
