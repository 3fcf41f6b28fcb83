"""The organisers' desk: Django's admin behind our own sign-in, where states are read only."""

from collections.abc import Iterable, Sequence
from functools import wraps
from typing import Any, ClassVar, TypeVar

from allauth.account.decorators import secure_admin_login
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from capx.pages import Capped

Row = TypeVar("Row", bound=models.Model)

TRIGRAM = 3
# What a filter that is offered asks of its column; nothing reaches through it to another row.
ASKED = ("", "__exact", "__isempty", "__isnull", "__id__exact")
LONGEST_KEY = 19  # a bigint has 19 digits at most
# What organisers come for stands first; the rest follows by name.
FIRST = ["Report", "Person", "Affiliate", "Skill", "Listing", "Exchange", "Practice"]


class Desk(admin.AdminSite):
    """The site of everything an organiser decides."""

    site_header = _("The desk of organisers")
    site_title = _("Capacity Exchange")
    index_title = _("What would you like to look after?")
    enable_nav_sidebar = False  # lists need its room; the way back stands above them

    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in as everywhere on the site: its second factors and limits hold here, too.

        Django's own form is never asked: it knows neither.
        """
        answer: HttpResponse = secure_admin_login(_enter)(request)
        return answer

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's own signature
        """Refuse what PostgreSQL cannot compare, whichever filter it is meant for."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def readable(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if any("\0" in value for _name, values in request.GET.lists() for value in values):
                raise BadRequest("NUL in a filter")
            return inner(request, *args, **kwargs)

        return readable

    def password_change(  # type: ignore[override]  # it leads away
        self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one place where a password is changed."""
        return redirect("account_change_password")

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Begin with what waits for an organiser."""
        kept = [one for one in self._registry.values() if isinstance(one, Titled)]
        waiting = [
            one
            for row in kept
            if row.has_view_permission(request)
            for one in row.waiting(request)
        ]
        return super().index(request, {"waiting": waiting, **(extra_context or {})})

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Name a part of the desk by what it holds."""
        titled = {"title": apps.get_app_config(app_label).verbose_name}
        return super().app_index(request, app_label, {**titled, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> "list[Any]":
        """Put what organisers come for first, in one list."""
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda row: _place(row["object_name"]))
        return sorted(
            found, key=lambda app: min(_place(m["object_name"]) for m in app["models"])
        )


def _enter(request: HttpRequest) -> HttpResponse:
    """Lead somebody who is signed in and may enter to where they wanted to go."""
    wanted = request.GET.get("next", "")
    here = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None)
    return redirect(wanted if here else "admin:index")


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


class Listed(ChangeList):
    """A list that is put only into an order which an index has."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Leave the order as it is where an address asks for another one."""
        return (
            super().get_ordering_field(field_name)
            if field_name in (self.sortable_by or ())
            else None
        )


class Titled(admin.ModelAdmin[Row]):
    """Rows whose pages are called by what they show."""

    def waiting(self, _request: HttpRequest) -> list[dict[str, str]]:
        """Say what waits for an organiser here: words, and the address where it is done."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Call a list by what is in it."""
        titled = {"title": capfirst(self.opts.verbose_name_plural)}
        answer: HttpResponse = super().changelist_view(
            request, {**titled, **(extra_context or {})}
        )
        return answer

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Call the page of a row by its name."""
        if context.get("original"):
            context |= {"title": str(context["original"]), "subtitle": None}
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer


class Reading(Titled[Row]):
    """Rows that are read here; what changes them is an action with a page of its own."""

    actions: Any = None
    list_per_page = 50
    paginator = Capped
    show_full_result_count = False
    sortable_by: ClassVar[tuple[str, ...]] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002 -- Django's own signature
        """List rows in orders that stay quick with very many."""
        return Listed

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:  # noqa: ARG002 -- Django's own signature
        """Filter by what the page offers and nothing else: Django lets one guess any column."""
        offered = map(_parameter, self.list_filter)
        return any(lookup == f"{name}{asked}" for name in offered for asked in ASKED)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Let nobody add one by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Row | None = None) -> bool:
        """Let nobody change one by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Row | None = None) -> bool:
        """Let nobody delete one by hand."""
        return False

    def may_act(self, request: HttpRequest) -> bool:
        """Say whether this organiser may use the actions."""
        return super().has_change_permission(request)


def _parameter(offered: Any) -> str:
    """Name what stands in the address for a filter that is offered."""
    if isinstance(offered, tuple):
        return str(offered[0])
    return offered if isinstance(offered, str) else str(offered.parameter_name)


class ReadingInline(admin.TabularInline[Any, Any]):
    """Rows below another that are read here."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody add one by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody change one by hand."""
        return False


class Choosing(AutocompleteSelect):
    """A box that finds rows while one types; what is no key is nothing chosen."""

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        """Ask the database only for what can be the key of a row."""
        keys = [key for key in value if key.isdecimal() and len(key) < LONGEST_KEY]
        return super().optgroups(name, keys, attrs)


class Finding:
    """An admin or inline whose `autocomplete_fields` bear whatever was sent."""

    autocomplete_fields: ClassVar[Sequence[str]]
    admin_site: admin.AdminSite

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choose from a box of our own."""
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Choosing(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class WhyForm(forms.Form):
    """The reason of a decision; whoever it concerns reads it."""

    why = forms.CharField(
        label=_("Why"),
        help_text=_("Whoever it concerns reads this. Kind and clear."),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )


def ask(
    request: HttpRequest,
    model_admin: admin.ModelAdmin[Any],
    question: dict[str, Any],
) -> HttpResponse:
    """Show a page of the desk on which an action is confirmed."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "media": model_admin.media + question["form"].media,
        **question,
    }
    return render(request, question.get("template", "admin/ask.html"), context)


def found(term: str, lookups: Iterable[str]) -> models.Q:
    """Say that each word of what was typed stands in one of these fields (`…contains`).

    Fewer than three letters have to begin a word: an index of trigrams knows no others.
    """
    every = models.Q()
    for word in term.replace("\0", " ").split()[:6]:
        one = models.Q()
        for lookup in lookups:
            if len(word) < TRIGRAM:
                one |= models.Q(**{lookup.replace("contains", "startswith"): word})
                one |= models.Q(**{lookup: f" {word}"})
            else:
                one |= models.Q(**{lookup: word})
        every &= one
    return every
