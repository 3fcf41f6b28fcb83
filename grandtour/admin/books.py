"""Files about the money of an edition: tables, records of Erasmus+, drafts; on paper, too."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from capx import paper
from capx.desk import Reading, ask
from capx.templatetags.wording import money
from grandtour.actions.apart import must_not_be_ones_own, must_organise
from grandtour.actions.money import edition_of, keep_rates
from grandtour.admin.own import explained
from grandtour.exports import books, draft, printed
from grandtour.exports.tables import CSV, XLSX, as_csv, as_xlsx
from grandtour.forms.budget import RatesForm
from grandtour.models import Cost, Edition
from grandtour.planning.support import EURO, SOURCE
from volunteers.forms.money import units
from volunteers.models import Person

PDF = "application/pdf"
WIKITEXT = "text/plain; charset=utf-8"


class File(NamedTuple):
    """A file: what it is, and how it is made of an edition."""

    media_type: str
    made: Callable[[Edition], bytes]


FILES = {
    "costs.csv": File(CSV, lambda edition: as_csv(books.costs(edition))),
    "budget.csv": File(CSV, lambda edition: as_csv(books.budget(edition))),
    "books.xlsx": File(
        XLSX, lambda edition: as_xlsx([books.budget(edition), books.costs(edition)])
    ),
    "mobilities.csv": File(CSV, lambda edition: as_csv(books.mobilities(edition))),
    "mobilities.xlsx": File(XLSX, lambda edition: as_xlsx([books.mobilities(edition)])),
    "mobilities.pdf": File(PDF, printed.records),
    "draft.txt": File(WIKITEXT, lambda edition: draft.wikitext(edition).encode()),
    "draft.pdf": File(PDF, printed.draft),
}


class Books(Reading[Cost]):
    """The pages of the desk from which files about money are taken."""

    def file_urls(self) -> list[URLPattern]:
        """Give each file an address, and the pages that show what is in them."""
        view = self.told
        return [
            path("of/<int:pk>/draft/", view(self.draft), name="grandtour_cost_draft"),
            path("of/<int:pk>/records/", view(self.records), name="grandtour_cost_records"),
            path("of/<int:pk>/rates/", view(self.rates), name="grandtour_cost_rates"),
            *(
                path(f"of/<int:pk>/{name}", view(self.file), {"name": name}, name=_named(name))
                for name in FILES
            ),
        ]

    def file(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Give a file; or say that it cannot be printed."""
        edition, file = self._found(request, Edition.objects.all(), pk), FILES[name]
        try:
            content = file.made(edition)
        except paper.Unprintable:
            messages.error(request, _("This is too long to print. Take the table instead."))
            return redirect(page(pk))
        return HttpResponse(
            content,
            content_type=file.media_type,
            headers={
                "Content-Disposition": f'attachment; filename="{edition.slug}-{name}"',
                "Cache-Control": "private, no-store",
            },
        )

    def draft(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the draft of an application for money, as wikitext to be copied."""
        edition = self._found(request, Edition.objects.all(), pk)
        text = draft.wikitext(edition)
        return self._shown(request, edition, "draft", _("Draft of an application"), text=text)

    def records(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what Erasmus+ pays for each way, and from which figures it follows."""
        edition = self._found(request, Edition.objects.all(), pk)
        rows = list(books.records(edition))
        sums = {
            "travel": sum(one.travel.cents for one in rows),
            "stay": sum(one.support.cents for one in rows),
        }
        more: dict[str, Any] = {
            "rows": rows,
            "sums": sums,
            "lines": _lines(edition, sums),
            "source": SOURCE,
        }
        more["outside"] = any(one.support.outside for one in rows)
        title = _("Records of mobilities for Erasmus+")
        return self._shown(request, edition, "records", title, **more)

    def rates(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write what the national agency pays for a day of staff."""
        edition = self._found(request, Edition.objects.all(), pk)
        form = RatesForm(request.POST or None, edition=edition)
        if form.is_valid():
            keep_rates(edition, form.rates(), cast("Person", request.user))
            self.log_change(request, edition, "day rates")
            messages.success(request, _("Kept."))
            return redirect("admin:grandtour_cost_records", pk)
        advice = _(
            "Erasmus+ gives each group of countries a range, and your national agency says "
            "what it pays within it: see its page about the call. From the fifteenth day on "
            "it is 70 percent. Empty: no stay is worked out there."
        )
        back = reverse("admin:grandtour_cost_records", args=[pk])
        title = _("What your agency pays for a day")
        question = {"form": form, "title": title, "advice": advice, "back": back}
        return ask(request, self, question | {"press": _("Keep"), "about": str(edition)})

    def _shown(
        self, request: HttpRequest, edition: Edition, name: str, title: str, **more: Any
    ) -> HttpResponse:
        """Show a page about the money of an edition."""
        template = f"admin/grandtour/cost/{name}.html"
        context = {"template": template, "title": title, "form": forms.Form()}
        return ask(request, self, context | {"edition": edition} | more)

    def _found(self, request: HttpRequest, rows: "models.QuerySet[Any]", pk: int) -> Any:
        """Find a row; as if there were none for whoever may not.

        Whoever wishes to travel in its edition leaves it to others; raises Travels. Money of
        journeys names who travels; raises ReadsBlind.
        """
        if not self.may_act(request) or pk >= 2**63:
            raise Http404
        row = get_object_or_404(rows, pk=pk)
        edition = row if isinstance(row, Edition) else edition_of(row)
        must = must_not_be_ones_own if edition.journeys.exists() else must_organise
        must(edition, cast("Person", request.user))
        return row

    def told(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Open a page to organisers, who read why where it is left to others."""
        opened: Callable[..., HttpResponse] = self.admin_site.admin_view(explained()(page))
        return opened


def _lines(edition: Edition, sums: dict[str, int]) -> list[dict[str, str]]:
    """Offer to write what Erasmus+ pays as lines of each source in euros."""
    names = {"travel": _("Travel"), "stay": _("Individual support")}
    return [
        {
            "words": _("%(what)s: %(sum)s of “%(fund)s”")
            % {"what": names[name], "sum": money(cents, EURO), "fund": fund},
            "href": reverse("admin:grandtour_cost_add_line", args=[fund.pk])
            + f"?{urlencode({'what_for': names[name], 'requested': units(cents, EURO)})}",
        }
        for fund in edition.funds.filter(currency=EURO).order_by("name", "pk")
        for name, cents in sums.items()
        if cents
    ]


def _named(file: str) -> str:
    """Name the address of a file."""
    return f"grandtour_cost_{file.replace('.', '_')}"


def page(edition: int) -> str:
    """Give the address of the money of an edition."""
    return reverse("admin:grandtour_cost_of", args=[edition])
