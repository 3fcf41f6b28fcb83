"""How far somebody is with trainings, as their pages and that of a journey show it."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grandtour.models import (
    Completion,
    Lesson,
    LessonDone,
    Seat,
    Side,
    Training,
    TrainingVersion,
    organises,
)
from grandtour.reports import training as reports
from volunteers.models import Person

PASSED = (_("Passed"), "good")
OVER = (_("No longer valid"), "waits")
BEGUN = (_("Begun"), "live")
OPEN = (_("Open"), "")
WAITS = (_("Waits for you"), "waits")
# So long before the journey one should be through.
AHEAD = timedelta(days=30)
AWAITED = {"offered", "accepted", "agreed", "confirmed", "travelling"}


def listed(person: Person) -> dict[str, Any]:
    """Gather all trainings: those somebody needs first, then the others."""
    day = timezone.localdate()
    needed = reports.needed_by(person, day)
    held = _held(person)
    begun = _begun(person)
    newest = TrainingVersion.objects.published().newest_first()
    rows: dict[int, dict[str, Any]] = {}
    for version in newest.select_related("training").annotate(
        lasts=Sum("lessons__minutes"), parts=Count("lessons")
    ):
        one = version.training
        if one.pk not in rows:
            until = needed.get(one.pk)
            word, tone = _standing(held.get(one.pk), until or day, one.pk in begun)
            rows[one.pk] = {
                "training": one,
                "version": version,
                "until": held.get(one.pk),
                "needed": until,
                "word": word,
                "tone": tone or ("waits" if until else ""),
            }
    ordered = sorted(rows.values(), key=lambda row: str(row["training"]))
    return {
        "needed": [row for row in ordered if row["needed"]],
        "others": [row for row in ordered if not row["needed"]],
    }


def page(training: Training, version: TrainingVersion, person: Person) -> dict[str, Any]:
    """Gather what the page of one training shows."""
    day = timezone.localdate()
    done = set(
        LessonDone.objects.filter(person=person, lesson__version=version).values_list(
            "lesson", flat=True
        )
    )
    lessons = list(version.lessons.order_by("number"))
    passed = Completion.objects.filter(person=person, version__training=training)
    last = passed.select_related("version").order_by("last_day", "pk").last()
    until = reports.needed_by(person, day).get(training.pk)
    word, tone = _standing(last.last_day if last else None, until or day, bool(done))
    return {
        "training": training,
        "version": version,
        "lessons": [{"lesson": one, "done": one.pk in done} for one in lessons],
        "minutes": sum(one.minutes for one in lessons),
        "next": next((one for one in lessons if one.pk not in done), None),
        "begun": bool(done),
        "last": last,
        "holds": bool(last and last.last_day >= (until or day)),
        "until": until,
        "newest": training.versions.published().newest_first().first(),
        "word": word,
        "tone": tone,
    }


def on_the_way(context: dict[str, Any], person: Person) -> dict[str, Any]:
    """Tell the page of a journey which trainings its reader has to do, and who else.

    Organisers read who still has which to do; travellers only that somebody has. `context` is
    what the page has already: mine, ours, companions, journey.
    """
    seats = [one["seat"] for one in context["companions"] if one["seat"].state in AWAITED]
    asked = reports.asked_of([context["journey"].edition_id])
    still = reports.open_for(seats, asked)
    others = [seat for seat in seats if seat.pk in still and seat != context["mine"]]
    hosts = reports.open_with_hosts(_along(context), asked)
    organiser = organises(person, context["journey"].edition_id)
    return {
        "trainings": _mine(context["mine"], asked, still) if context["mine"] in seats else [],
        "untrained": [(seat.person, still[seat.pk]) for seat in others] if organiser else [],
        "others_train": bool(others and context["mine"] and not organiser),
        "hosts_train": [
            (stop, hosts[stop.pk])
            for stop in (_stops(context) if organiser else context["ours"])
            if stop.pk in hosts
        ],
    }


def _stops(context: dict[str, Any]) -> list[Any]:
    """Give the stops of the page."""
    return [row["stop"] for row in context["stops"]]


def _along(context: dict[str, Any]) -> list[Any]:
    """Give the stops, each with the journey it belongs to, without asking for it again."""
    stops = _stops(context)
    for stop in stops:
        stop.journey = context["journey"]
    return stops


def _mine(
    mine: Seat, asked: reports.Asked, still: dict[int, list[Training]]
) -> list[dict[str, Any]]:
    """Give one's own trainings for a journey, with the day by which each should be done."""
    missing = still.get(mine.pk, [])
    due = mine.period.lower - AHEAD if mine.period else None
    return [
        {
            "training": one,
            "due": due,
            "word": WAITS[0] if one in missing else PASSED[0],
            "tone": WAITS[1] if one in missing else PASSED[1],
        }
        for one in asked.get((mine.edition_id, Side.TRAVELLER), [])
    ]


def _standing(held: date | None, until: date, begun: object) -> tuple[str | Promise, str]:
    """Say in a word how somebody stands who has to hold it until a day."""
    if held and held >= until:
        return PASSED
    if begun:
        return BEGUN
    return OVER if held else OPEN


def _held(person: Person) -> dict[int, date]:
    """Give until when somebody holds each training they passed."""
    return {
        training: last for (_who, training), last in reports.held_until([person.pk]).items()
    }


def _begun(person: Person) -> set[int]:
    """Give the trainings in which somebody is in the middle."""
    done = LessonDone.objects.filter(person=person)
    rows = Lesson.objects.filter(pk__in=done.values("lesson"))
    return set(rows.values_list("version__training", flat=True))
