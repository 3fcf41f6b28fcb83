"""What all screens of reading have in common: who may, what they see, and how they look."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from capx.states import IllegalMove
from grandtour.actions import decisions
from grandtour.actions.apart import must_organise
from grandtour.admin.own import explained
from grandtour.models import Edition, Permissions, Phase
from grandtour.reports.viewers import Viewer, viewer_of
from volunteers.models import Person

LONGEST = 2**63
DIGITS = 18  # that a key has at most
View = Callable[..., HttpResponse]


class Screen:
    """One request about the reading of one edition: who asks, and what they may."""

    def __init__(
        self, model_admin: admin.ModelAdmin[Edition], request: HttpRequest, pk: int
    ) -> None:
        """Find the edition; as if there were none for whoever may not see applications.

        Whoever wishes to travel in it leaves all of it to others; raises Travels.
        """
        self.admin, self.request = model_admin, request
        user: Any = request.user
        self.user: Person = user
        if not self.user.has_perm("grandtour.view_application") or pk >= LONGEST:
            raise Http404
        self.edition = get_object_or_404(Edition, pk=pk)
        must_organise(self.edition, self.user)
        self.now = timezone.now()
        self.day = timezone.localdate(self.now)
        self.may: Permissions = Phase.objects.in_force(self.edition, self.day)
        self.viewer: Viewer = viewer_of(self.user, self.edition, self.day)
        self.assigns = self.user.has_perm("grandtour.assign_review")
        self.decides = decisions.may_decide(self.user, self.edition)

    @property
    def ruling(self) -> decisions.Ruling:
        """Say who decides, and when."""
        return decisions.Ruling(self.user, self.now, self.day)

    @property
    def decides_now(self) -> bool:
        """Say whether something can be decided here and now: not by who reads blind."""
        return self.decides and self.may.may_decide and not self.viewer.blind

    def must(self, right: bool) -> None:  # noqa: FBT001 -- read aloud: must(assigns)
        """Show nothing to who has no such right."""
        if not right:
            raise Http404

    def to(self, name: str, *keys: int) -> str:
        """Give the address of another screen of this edition."""
        return reverse(f"admin:grandtour_edition_{name}", args=[self.edition.pk, *keys])

    def show(self, template: str, title: str, **context: Any) -> HttpResponse:
        """Show a screen, with the tabs that lead to the others."""
        tabs = self._tabs()
        here = [tab["label"] for tab in tabs if tab["current"]]
        about = {
            **self.admin.admin_site.each_context(self.request),
            "opts": self.admin.opts,
            "title": title,
            "edition": self.edition,
            "screen": self,
            "tabs": tabs,
            "crumb": here[0] if here else title,
            **context,
        }
        return render(self.request, f"admin/grandtour/review/{template}.html", about)

    def closed(self, title: str) -> HttpResponse:
        """Say that one reads blind, and sees this afterwards."""
        return self.show("closed", title)

    def _tabs(self) -> list[dict[str, Any]]:
        """Give the screens one can go to."""
        tabs = [
            ("review", _("Applications")),
            ("readers", _("Reviewers")),
            ("recap", _("Recap")),
            ("letters", _("Decision letters")),
        ]
        here = self.request.path
        shown: list[dict[str, Any]] = [
            {"label": label, "href": self.to(name), "current": here == self.to(name)}
            for name, label in tabs
        ]
        if self.viewer.reviewer:
            mine = reverse("grandtour:review", args=[self.edition.slug])
            shown.append({"label": _("What I read"), "href": mine, "current": False})
        return shown

    def log(self, words: str) -> None:
        """Note in the history of the desk who did something."""
        self.admin.log_change(self.request, self.edition, words)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Do something; or say why it cannot be now."""
        try:
            return act()
        except decisions.NotNow:
            messages.warning(self.request, _("In this phase nothing is decided."))
        except decisions.NotYours as refusal:
            raise Http404 from refusal
        except IllegalMove:
            messages.warning(self.request, _("It has changed meanwhile: nothing was done."))
        return None


def routes(
    model_admin: admin.ModelAdmin[Edition], screens: Mapping[str, tuple[str, View]]
) -> list[URLPattern]:
    """Give each screen its address: by its name, the rest of the route and the view."""

    def opened(view: View) -> View:
        def open_it(request: HttpRequest, pk: int, **keys: int) -> HttpResponse:
            with explained():
                return view(Screen(model_admin, request, pk), **keys)

        return open_it

    wrap = model_admin.admin_site.admin_view
    return [
        path(f"<int:pk>/{route}", wrap(opened(view)), name=f"grandtour_edition_{name}")
        for name, (route, view) in screens.items()
    ]


def key_of(said: str) -> int:
    """Read a key that a page sent; 0, which no row has, for anything else."""
    return int(said) if said.isdecimal() and len(said) <= DIGITS else 0
