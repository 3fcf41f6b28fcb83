"""Where an application stands: the steps, what comes next, and what happened."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grandtour.actions.applications import may_change_needs
from grandtour.models import Application, ApplicationEvent
from grandtour.plans import told
from grandtour.reports.unblinded import may_be_told
from grandtour.views.chips import chips
from volunteers.models import Origin, Skill

State = Application.State
TONES = {
    State.SUBMITTED: "live",
    State.INCOMPLETE: "waits",
    State.IN_REVIEW: "live",
    State.SHORTLISTED: "live",
    State.WAITING: "waits",
    State.PLACED: "good",
    State.CONFIRMED: "good",
    State.TRAVELLED: "good",
    State.COMPLETED: "ended",
    State.DECLINED: "ended",
    State.WITHDRAWN: "ended",
}
# What organisers choose is told when it is published; until then everybody reads one word.
CHOSEN: set[str] = {State.SHORTLISTED, State.WAITING}
STEPS: list[tuple[Promise, set[str]]] = [
    (gettext_lazy("Draft"), {State.DRAFT}),
    (gettext_lazy("Sent"), {State.SUBMITTED, State.INCOMPLETE}),
    (gettext_lazy("Being read"), {State.IN_REVIEW}),
    (gettext_lazy("Decided"), CHOSEN),
    (gettext_lazy("Journey"), {State.PLACED, State.CONFIRMED}),
    (gettext_lazy("Travelled"), {State.TRAVELLED, State.COMPLETED}),
]
NEXT = {
    State.DRAFT: gettext_lazy("Only you see it. Send it by the last day."),
    State.SUBMITTED: gettext_lazy(
        "Organisers look whether anything is missing. Then people read it who do not know "
        "whose it is."
    ),
    State.INCOMPLETE: gettext_lazy("Something is missing: add it and send it again."),
    State.IN_REVIEW: gettext_lazy("People are reading it. You hear from us, whatever comes."),
    State.SHORTLISTED: gettext_lazy(
        "You are on the short list. Journeys are planned now: book nothing before you hear."
    ),
    State.WAITING: gettext_lazy(
        "You are on the waiting list. If somebody cannot go, whoever fits best is asked."
    ),
    State.PLACED: gettext_lazy("There is a journey for you: look at it and answer."),
    State.CONFIRMED: gettext_lazy("You travel. All you need stands on the journey's page."),
    State.TRAVELLED: gettext_lazy("Welcome home. A few things are left to pass on."),
    State.COMPLETED: gettext_lazy("Everything is done. Thank you."),
    State.DECLINED: gettext_lazy("There was no place for you this time."),
    State.WITHDRAWN: gettext_lazy("You have taken it back."),
}
TURNS = {State.DECLINED: "stop", State.WITHDRAWN: "stop"}


def standing(found: Application, day: date) -> dict[str, Any]:
    """Gather what the page of an application tells its applicant."""
    published = found.decisions.filter(published_at__isnull=False).exists()
    shown = told_state(found, published=published)
    labelled = Skill.objects.labelled()
    return {
        "application": found,
        "seat": found.seats.live().exclude(state="proposed").select_related("journey").first(),
        "edition": found.edition,
        "word": shown.label,
        "tone": TONES.get(shown, ""),
        "next": NEXT[shown],
        "why": told.to_applicant(found, published=published),
        "steps": _steps(shown),
        "events": _events(found, published=published),
        "writable": found.state in {State.DRAFT, State.INCOMPLETE},
        "needs_open": may_change_needs(found),
        "withdrawable": State.WITHDRAWN in Application.MOVES[State(found.state)],
        "discardable": found.state == State.DRAFT and not found.submitted_at,
        "again": found.state == State.WITHDRAWN and found.edition.takes_applications(day),
        "wants": chips(labelled.filter(pk__in=found.wants.values("pk"))),
        "shares": chips(labelled.filter(pk__in=found.shares.values("pk"))),
        "windows": found.windows.order_by("period"),
        "answers": list(found.answers.in_order()),
        "tellable": may_be_told(found),
        "asked": asked(Origin.Made.APPLICATION, found.pk),
    }


def told_state(found: Application, *, published: bool) -> Application.State:
    """Give the state that its applicant may know of."""
    return State.IN_REVIEW if found.state in CHOSEN and not published else State(found.state)


def asked(made: str, key: int) -> str:
    """Give the address of the request that something began from; nothing without one."""
    rows = Origin.objects.made_as(made, [key]).filter(source=Origin.Source.REQUEST)
    found = rows.values_list("source_key", flat=True).first()
    return reverse("exchange:listing", args=[found]) if found else ""


def _steps(state: str) -> list[dict[str, Any]]:
    """Give the steps of an application; one that has ended stands at none of them."""
    at = next((n for n, (_word, states) in enumerate(STEPS) if state in states), None)
    if at is None:
        return []
    return [
        {"label": word, "done": n < at, "current": n == at}
        for n, (word, _states) in enumerate(STEPS)
    ]


def _events(found: Application, *, published: bool) -> list[dict[str, Any]]:
    """Give what happened, without what only organisers know."""
    rows = found.events.exclude(state__in=() if published else CHOSEN).order_by("at", "pk")
    return [_event(event) for event in rows]


def _event(event: ApplicationEvent) -> dict[str, Any]:
    """Say in a sentence what happened."""
    said = {
        State.DRAFT: _("You took it up again."),
        State.SUBMITTED: _("You sent it."),
        State.INCOMPLETE: _("Organisers asked for something more."),
        State.IN_REVIEW: _("Reviewers began to read it."),
        State.SHORTLISTED: _("You came onto the short list."),
        State.WAITING: _("You came onto the waiting list."),
        State.WITHDRAWN: _("You took it back."),
        State.PLACED: _("A place in a journey was offered to you."),
        State.CONFIRMED: _("Your journey was confirmed."),
        State.TRAVELLED: _("You came home."),
    }
    state = State(event.state)
    words = said.get(state, state.label)
    return {"words": words, "at": event.at, "tone": TURNS.get(state, "turn"), "note": ""}
