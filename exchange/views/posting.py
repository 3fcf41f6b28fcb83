"""Writing a listing: choose what it is, write, keep, look at it, publish."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.htmx import render_part
from capx.states import IllegalMove
from exchange import reports
from exchange.actions import listings as actions
from exchange.actions import seats
from exchange.forms.fields import LONGEST, countries_like
from exchange.forms.listings import ChoiceForm, ListingForm, budget_of, typed_budget
from exchange.forms.money import Lines, is_about_lines
from exchange.forms.needs import What
from exchange.models import Listing
from exchange.views.listings import shown
from volunteers.http import Request
from volunteers.models import Affiliate, Person
from volunteers.models.bandwidth import today

State = Listing.State
GIVEN = ("title", "body", "skills", "affiliate")
# What the address says to come once it is published.
THEN = {"then": "invite"}


@dataclass(slots=True)
class Desk:
    """What lies before somebody who writes: the choice, the words, and the sums."""

    choice: ChoiceForm
    form: ListingForm
    lines: Lines | None

    @classmethod
    def fresh(cls, listing: Listing, person: Person, given: dict[str, Any]) -> "Desk":
        """Lay out a listing as it is, with what an address gave for its fields."""
        form = ListingForm(instance=listing, person=person, given=given)
        return cls(ChoiceForm.of_listing(listing), form, budget_of(listing, None, person))

    @classmethod
    def sent(
        cls, listing: Listing, person: Person, data: QueryDict, *, complete: bool
    ) -> "Desk":
        """Lay out what was sent, to be checked and kept."""
        form = ListingForm(data, instance=listing, person=person, complete=complete)
        lines = budget_of(listing, data, person) if "line-TOTAL_FORMS" in data else None
        return cls(ChoiceForm.of_listing(listing), form, lines)

    @classmethod
    def typed(cls, listing: Listing, person: Person, data: QueryDict) -> "Desk":
        """Lay out what was typed so far, without a word about what is missing."""
        form = ListingForm(instance=listing, person=person)
        for name, field in form.fields.items():
            if name in data or f"{name}_id" in data:
                form.initial[name] = field.widget.value_from_datadict(data, {}, name)
        lines = typed_budget(listing, data, person)
        return cls(ChoiceForm.of_listing(listing), form, lines)

    @property
    def listing(self) -> Listing:
        """Give the listing that is written."""
        return self.form.instance

    def is_valid(self) -> bool:
        """Say whether all of it is right."""
        return self.form.is_valid() and (self.lines is None or self.lines.is_valid())

    def keep(self, at: datetime) -> bool:
        """Keep what is right; say whether that was all of it.

        What others can see already is only changed as a whole. Raises Changed, TooMany.
        """
        self.form.full_clean()
        self.form.look_ahead(today(self.form.person, at))
        whole = self.is_valid()
        if not whole and self.listing.state != State.DRAFT:
            return False
        try:
            actions.keep(self.form.written(self.lines), at=at)
        except IntegrityError as refusal:
            self.form.refuse(refusal)
            return self.listing.state == State.DRAFT and self.keep_rest(at)
        return whole

    def keep_rest(self, at: datetime) -> bool:
        """Keep what is left after the database refused something; that is never all."""
        actions.keep(self.form.written(self.lines), at=at)
        return False


@require_http_methods(["GET", "HEAD", "POST"])
def post(request: Request) -> HttpResponse:
    """Write a new offer or request: first what it is, then only what that needs."""
    choice = ChoiceForm(request.POST or request.GET)
    if not choice.is_valid():
        return _start(request)
    listing = _sent_before(request) or Listing(author=request.user)
    choice.choose(listing)
    return _write(request, listing)


def _start(request: Request) -> HttpResponse:
    """Ask what it shall be, one click for each answer."""
    query = {name: request.GET[name] for name in GIVEN if request.GET.get(name)}
    context = {
        "suggestions": reports.first_listings(request.user),
        "sides": [(kind, _tiles(kind, query)) for kind in Listing.Kind],
        "title": query.get("title", ""),
    }
    return render(request, "exchange/start.html", context)


def _tiles(kind: Listing.Kind, query: dict[str, str]) -> list[dict[str, Any]]:
    """Give the choices of one side, each with the address that leads to its form."""
    return [
        {"what": what, "href": f"?{urlencode({'kind': kind, 'of': what.value} | query)}"}
        for what in What
    ]


def _sent_before(request: Request) -> Listing | None:
    """Find the draft that this very form has made already."""
    revision = request.POST.get("revision", "").replace("\0", "")
    if not revision:
        return None
    return Listing.objects.filter(author=request.user, revision=revision).first()


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what one has written; what others see stays as it is until it is saved."""
    listing = _mine(request, pk)
    if listing.state == State.WITHDRAWN:
        messages.info(request, _("It has been withdrawn. You can copy it into a new one."))
        return redirect(listing)
    _choose(request, listing)
    return _write(request, listing)


def _mine(request: Request, pk: int) -> Listing:
    return get_object_or_404(
        Listing.objects.editable_by(request.user).select_related("author"), pk=pk
    )


def _choose(request: Request, listing: Listing) -> None:
    """Let the form change what a draft is; what others have seen stays what it is."""
    choice = ChoiceForm(request.POST)
    if listing.state == State.DRAFT and choice.is_valid():
        choice.choose(listing)


def _write(request: Request, listing: Listing) -> HttpResponse:
    """Show the form, or take what was written into it."""
    if request.method != "POST":
        return _page(request, Desk.fresh(listing, request.user, given(request)))
    step = request.POST.get("step", "publish")
    if step == "choose" or is_about_lines(step):
        return _page(request, Desk.typed(listing, request.user, request.POST))
    desk = Desk.sent(listing, request.user, request.POST, complete=step != "keep")
    try:
        whole = desk.keep(timezone.now())
    except (actions.Changed, actions.TooMany) as refusal:
        desk.form.add_error(None, _refused(refusal))
    else:
        if whole:
            return _onwards(request, listing, step)
    return _page(request, desk)


def _refused(refusal: Exception) -> str:
    """Say in a sentence why nothing was kept."""
    if isinstance(refusal, actions.TooMany):
        return _("You have a hundred drafts. Finish or discard some first.")
    return _(
        "Somebody else has changed this in the meantime, so nothing was overwritten. What you "
        "typed still stands here: copy it, then open the page again to see both."
    )


def _onwards(request: Request, listing: Listing, step: str) -> HttpResponse:
    """Go where the button that was pressed leads."""
    if listing.state != State.DRAFT:
        messages.success(request, _("Saved."))
        return redirect(listing)
    if step == "keep":
        messages.success(request, _("Kept as a draft. Only you see it."))
        return redirect("exchange:mine")
    if step == "preview":
        return _then(request, "exchange:preview", listing)
    return _publish(request, listing)


def given(request: Request) -> dict[str, Any]:
    """Take from the address what it gives for the fields."""
    words: dict[str, Any] = {
        name: request.GET[name].replace("\0", "")[:LONGEST]
        for name in GIVEN
        if request.GET.get(name)
    }
    if "affiliate" in words:
        mine = Affiliate.objects.spoken_for_by(request.user)
        words["affiliate"] = mine.filter(slug=words["affiliate"]).first()
    return words


def _page(request: Request, desk: Desk) -> HttpResponse:
    """Show the form, or only its fields where htmx asks for them."""
    listing = desk.listing
    context = {
        "desk": desk,
        "form": desk.form,
        "lines": desk.lines,
        "listing": listing,
        "parts": desk.form.parts(),
        "draft": listing.state == State.DRAFT,
        "kept_words": _kept_words(desk),
    }
    return render_part(request, "exchange/post.html", "fields", context)


def _kept_words(desk: Desk) -> str:
    """Say what became of what was right, where something was not."""
    kept = desk.form.is_bound and desk.listing.pk and desk.listing.state == State.DRAFT
    return _("All the rest is kept as a draft.") if kept else ""


@require_POST
def autosave(request: Request, pk: int | None = None) -> JsonResponse:
    """Keep a draft while it is written; answers with the address for the next time."""
    choice = ChoiceForm(request.POST)
    listing = _sent_before(request) if pk is None else _mine(request, pk)
    listing = listing or Listing(author=request.user)
    if not choice.is_valid() or listing.state != State.DRAFT:
        return JsonResponse({}, status=409)
    choice.choose(listing)
    desk = Desk.sent(listing, request.user, request.POST, complete=False)
    try:
        desk.keep(timezone.now())
    except actions.Changed:
        return JsonResponse({}, status=409)
    except actions.TooMany:
        return JsonResponse({}, status=429)
    return JsonResponse({"url": reverse("exchange:autosave", args=[listing.pk])})


@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    """Show a draft as others will see it."""
    rows = Listing.objects.editable_by(request.user).as_page()
    listing = get_object_or_404(rows, pk=pk)
    if listing.state != State.DRAFT:
        return redirect(listing)
    context = shown(listing) | {"then": urlencode(_after(request))}
    return render(request, "exchange/preview.html", context)


@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Show a draft to others."""
    return _publish(request, _mine(request, pk))


def _publish(request: Request, listing: Listing) -> HttpResponse:
    """Publish, or say what is missing."""
    try:
        actions.publish(listing, at=timezone.now())
    except ValidationError as missing:
        for sentence in missing.messages:
            messages.error(request, sentence)
        return _then(request, "exchange:edit", listing)
    except actions.TooMany:
        words = _(
            "You have posted very much today. It is kept as a draft; publish it tomorrow."
        )
        messages.error(request, words)
        return redirect("exchange:mine")
    except IllegalMove:
        return redirect(listing)  # the second press of one button
    messages.success(request, _published(listing))
    if _after(request) and seats.takes_seats(listing):
        return redirect("exchange:invite", listing.pk)
    return redirect(listing)


def _then(request: Request, name: str, listing: Listing) -> HttpResponse:
    """Go on with a draft, with what comes once it is published."""
    return redirect(reverse(name, args=[listing.pk], query=_after(request)))


def _after(request: Request) -> dict[str, str]:
    """Take from the address what comes once a draft is published."""
    return THEN if request.GET.get("then") == THEN["then"] else {}


def _published(listing: Listing) -> str:
    """Say that it is out, and who sees it."""
    if listing.author.visibility == Person.Visibility.HIDDEN:
        return _(
            "It is published, but nobody finds it: your settings say that nobody sees you. "
            "Change that whenever you like."
        )
    if listing.is_offer:
        return _("Your offer is out. You hear from us when somebody asks.")
    return _("Your request is out. You hear from us when somebody can help.")


@require_safe
def suggest_countries(request: Request) -> JsonResponse:
    """Name countries that are called so."""
    found = countries_like(request.GET.get("q", "")[:80])
    return JsonResponse({"countries": [{"id": code, "label": name} for code, name in found]})
