"""People, as organisers see them: closed or opened for a reason, never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import Reading, ReadingInline, WhyForm, ask, found
from capx.folding import fold
from capx.states import IllegalMove
from volunteers.actions import accounts, organisers
from volunteers.models import Membership, Person


class MembershipsOf(ReadingInline):
    """Where a person belongs."""

    model = Membership
    readonly_fields = ["affiliate", "role", "confirmed_at"]
    fields = [*readonly_fields]


@admin.register(Person)
class PersonAdmin(Reading[Person]):
    """Find a person; close their account, or open it again."""

    list_display = ["username", "name", "email", "visibility", "standing", "date_joined"]
    list_filter = [
        "is_active",
        "visibility",
        "is_staff",
        ("hidden_at", admin.EmptyFieldListFilter),
    ]
    search_fields = ["folded"]
    search_help_text = gettext_lazy("A part of the name, the username or the e-mail address")
    ordering = ["-pk"]
    sortable_by = ("username",)
    view_on_site = False  # who is hidden has no page
    inlines = [MembershipsOf]
    fieldsets = [
        (None, {"fields": ["username", "wiki_name", "name", "pronouns", "email", "standing"]}),
        (
            gettext_lazy("What they show"),
            {"fields": ["visibility", "about", "country", "place", "language", "ways"]},
        ),
        (
            gettext_lazy("The account"),
            {"fields": ["date_joined", "last_login", "is_staff", "hidden_at", "forgotten_at"]},
        ),
    ]
    change_form_template = "admin/volunteers/person/change_form.html"

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, person: Person) -> str:
        """Say in a word how the account stands."""
        if person.forgotten_at:
            return _("has left")
        if not person.is_active:
            return _("closed")
        return _("hidden") if person.hidden_at else _("open")

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Person], search_term: str
    ) -> tuple[models.QuerySet[Person], bool]:
        """Search names without accents, and addresses as they are written."""
        names = found(fold(search_term), ["folded__contains"])
        return queryset.filter(names | found(search_term, ["email__icontains"])), False

    def get_urls(self) -> list[URLPattern]:
        """Give each action a page of its own."""
        page = self.admin_site.admin_view(self.act)
        own = [path("<int:pk>/<str:verb>/", page, name="volunteers_person_act")]
        standard = super().get_urls()
        # Before the last of Django's own: it takes everything that is left.
        return [*standard[:-1], *own, standard[-1]]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a person, with what may be done beside them."""
        doors = {"may_act": self.may_act(request), "may_appoint": request.user.is_superuser}
        return super().change_view(
            request, object_id, form_url, {**doors, **(extra_context or {})}
        )

    def act(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask for the reason of an action, and take it."""
        act = ACTS.get(verb)
        allowed = request.user.is_superuser if verb in APPOINTING else self.may_act(request)
        if act is None or not allowed:
            raise Http404
        person = get_object_or_404(Person, pk=pk)
        form = WhyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self._take(request, person, verb, form)
            return redirect("admin:volunteers_person_change", pk)
        title, advice = act
        question = {
            "form": form,
            "title": title % {"person": person.username},
            "advice": advice,
            "back": reverse("admin:volunteers_person_change", args=[pk]),
        }
        return ask(request, self, question)

    def _take(self, request: HttpRequest, person: Person, verb: str, form: forms.Form) -> None:
        """Take an action and keep who did it and why; or say why it cannot be."""
        why = form.cleaned_data["why"]
        by: Any = request.user
        try:
            with transaction.atomic():
                if verb == "deactivate":
                    accounts.deactivate(person, by=by, why=why, at=timezone.now())
                elif verb == "reactivate":
                    accounts.reactivate(person, by=by, why=why, at=timezone.now())
                elif verb == "appoint":
                    organisers.appoint(person)
                else:
                    organisers.release(person)
                self.log_change(request, person, f"{verb}: {why}")
        except IllegalMove:
            messages.warning(request, _("Somebody was faster. Nothing was changed."))
        except accounts.NotYours:
            messages.error(
                request, _("Only whoever runs the whole site may do this to an organiser.")
            )
        else:
            messages.success(request, _("Done, and kept in the history with your reason."))


APPOINTING = {"appoint", "release"}
ACTS = {
    "deactivate": (
        gettext_lazy("Close the account of %(person)s"),
        gettext_lazy(
            "Nobody sees them or what they posted, and they cannot sign in, until it is opened "
            "again. Nothing is deleted. They get your reason by mail."
        ),
    ),
    "reactivate": (
        gettext_lazy("Open the account of %(person)s again"),
        gettext_lazy("All is as it was before. They get your reason by mail."),
    ),
    "appoint": (
        gettext_lazy("Make %(person)s an organiser"),
        gettext_lazy("They may enter this desk. Your reason is kept in the history."),
    ),
    "release": (
        gettext_lazy("Let %(person)s be an organiser no more"),
        gettext_lazy("They may not enter this desk any more. Your reason is kept."),
    ),
}
