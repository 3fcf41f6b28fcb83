"""The page that shows every component, with invented values."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from capx import bars, charts
from volunteers.forms.fields import Chosen, PlaceInput, SkillsInput

NOON = dt.datetime(2026, 5, 12, 12, tzinfo=dt.UTC)
SKILLS = [
    {"label": "Video editing", "href": "/catalogue/?skill=video-editing"},
    {"label": "Oral history", "href": "/catalogue/?skill=oral-history"},
]
PICKED = [
    {"slug": "video-editing", "label": "Video editing"},
    {"slug": "oral-history", "label": "Oral history"},
]


class FieldsForm(forms.Form):
    """One field of each kind."""

    kind = forms.ChoiceField(
        label="What would you like to do?",
        choices=[("offer", "Offer something"), ("request", "Ask for something")],
        widget=forms.RadioSelect(attrs={"group": "choices--cards"}),
        initial="offer",
    )
    title = forms.CharField(
        label="Title",
        help_text="Say what it is, as you would say it to somebody in a corridor.",
        max_length=120,
        initial="Editing short videos, from the first cut to Commons",
    )
    body = forms.CharField(
        label="Describe it",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "{left} letters left"}),
        max_length=2000,
        required=False,
    )
    skills = forms.CharField(
        label="Skills",
        help_text="In any language.",
        widget=SkillsInput(),
        initial=Chosen("Video editing, Oral history", PICKED),
        required=False,
    )
    place = forms.CharField(
        label="Where",
        widget=PlaceInput(),
        initial=Chosen("Ghent, Belgium", [{"id": 1, "label": "Ghent, Belgium"}]),
        required=False,
    )
    mode = forms.ChoiceField(
        label="How",
        choices=[("remote", "Online"), ("on_site", "On site"), ("both", "Online or on site")],
    )
    first_day = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    hours = forms.DecimalField(label="Hours it takes", help_text="A guess is enough.")
    ways = forms.MultipleChoiceField(
        label="I like to contribute",
        choices=[("alone", "On my own"), ("together", "With others"), ("teaching", "Teaching")],
        widget=forms.CheckboxSelectMultiple(attrs={"group": "choices--columns"}),
        initial=["together"],
        required=False,
    )
    picture = forms.FileField(label="A file to take away", required=False)
    may_be_asked = forms.BooleanField(
        label="People may ask me",
        help_text="You can change this at any time.",
        initial=True,
        required=False,
    )


def _card(kind: str, **values: Any) -> dict[str, Any]:
    """Give what a card shows."""
    words = {"offer": "Offer", "request": "Request"}
    return {"kind": kind, "kind_word": words[kind], "href": "#cards", **values}


# Several languages, much and little on them.
CARDS = [
    _card(
        "offer",
        of_word="Training",
        title="Kurze Videos schneiden: vom Rohmaterial bis Commons",
        language="de",
        text="Zwei Abende, an denen wir ein Video schneiden, mit freier Software.",
        who="Ilse Vermeulen",
        affiliate="Wikimedia Belgium",
        skills=SKILLS,
        where="Ghent, Belgium",
        when="12 May 2026",
        room="open",
    ),
    _card(
        "request",
        of_word="Skill",
        title="نبحث عن من يساعدنا في تيسير اجتماع صعب",
        language="ar",
        text="مجموعتنا صغيرة، ونريد شخصًا محايدًا يدير الحوار بيننا لمدة ساعتين.",
        who="ليلى منصور",
        skills=[{"label": "Facilitation", "href": "#"}],
        where="Online",
        budget="€120 for the helper",
    ),
    _card("request", of_word="Resource", title="A scanner for A3", where="Riga, Latvia"),
]


DAY = dt.timedelta(days=1)
# An exchange: its steps, its history, its conversation, its money.
STORY: dict[str, Any] = {
    "steps": [
        {"label": "Asked", "done": True, "day": NOON.date()},
        {"label": "Agreed", "done": True, "day": NOON.date() + 2 * DAY},
        {"label": "Done", "current": True},
        {"label": "Thanks"},
    ],
    "events": [
        {"words": "Marta Nowak asked about this.", "at": NOON, "tone": "turn"},
        {
            "words": "Ilse Vermeulen changed the dates.",
            "at": NOON + DAY,
            "note": "A week on?",
        },
        {"words": "Both agreed.", "at": NOON + 2 * DAY, "tone": "turn"},
    ],
    "turns": [
        {"who": "Marta", "text": "Could you show us how you cut interviews?", "at": NOON},
        {
            "mine": True,
            "text": "Gladly. https://wikimedia.org",
            "at": NOON + DAY,
        },
        {"event": "Ilse Vermeulen wrote an agreement", "at": NOON + DAY},
    ],
    "lines": [
        {
            "side_word": "For the helper",
            "what": "Train to Brussels",
            "payer": "Wikimedia Belgium",
            "amount": 2450,
            "currency": "EUR",
        },
        {
            "side_word": "For others",
            "what": "Room",
            "amount": 12000,
            "currency": "EUR",
        },
    ],
}


# Hours by week, as `capx.charts` draws them, and a year beside what it was meant to reach.
WEEKS = (
    charts.Column((("load", Decimal(4)),), Decimal(6), word="May"),
    charts.Column((("load", Decimal(6)), ("over", Decimal(2))), Decimal(6)),
    charts.Column((), Decimal(0), shaded=True),
    charts.Column((("load", Decimal(3)), ("tentative", Decimal(2))), Decimal(6), word="June"),
)
YEAR = (
    bars.Bar("sharing", "Sharing: 12 hours", Decimal(12), Decimal(20)),
    bars.Bar("building", "Building: 8 hours", Decimal(8), Decimal(6)),
)

# What surrounds a list: facets, tabs, a trail.
LISTS: dict[str, Any] = {
    "kinds": [
        {"value": "offer", "label": "Offers", "count": 812, "chosen": True},
        {"value": "request", "label": "Requests", "count": 344},
    ],
    "languages": [
        {"value": "de", "label": "Deutsch", "count": 210, "language": "de"},
        {"value": "uk", "label": "Українська", "count": 98, "language": "uk"},
    ],
    "tabs": [
        {"label": "Waiting for me", "href": "?tab=waiting", "current": True},
        {"label": "Under way", "href": "?tab=live"},
        {"label": "Ended", "href": "?tab=ended"},
    ],
    "trail": [{"label": "Catalogue", "href": "/catalogue/"}],
    "chosen": [{"label": "Offers", "href": "?"}, {"label": "Belgium", "href": "?"}],
}


@require_safe
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, in every state that it has."""
    wrong = FieldsForm({"title": "x" * 200, "skills": "knitting"})
    context = {
        "form": FieldsForm(),
        "wrong": wrong,
        "wrong_fields": [wrong[name] for name in ("title", "hours", "kind")],
        "cards": CARDS,
        "skills": SKILLS,
        "page": Paginator(range(400), 20).get_page(request.GET.get("page", 7)),
        "now": NOON,
        "weeks": charts.chart(WEEKS, mirrored=get_language_bidi()),
        "year": bars.draw(YEAR, mirrored=get_language_bidi()),
        **STORY,
        **LISTS,
    }
    return render(request, "styleguide.html", context)
