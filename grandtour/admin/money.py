"""Money at the desk: sources and lines, claims to decide, stipends, what is paid."""

from datetime import datetime
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import ask
from capx.states import IllegalMove
from capx.templatetags.wording import money as written
from grandtour.actions import money as actions
from grandtour.actions.apart import Apart, leaves, left_to
from grandtour.admin.books import Books, page
from grandtour.admin.own import explained, words
from grandtour.forms.budget import (
    ApproveForm,
    BudgetLineForm,
    FundForm,
    GrantForm,
    PaidForm,
    RefuseCostForm,
    ShareForm,
    StipendForm,
)
from grandtour.models import BudgetLine, Cost, Edition, Fund, Seat, applied_to
from grandtour.reports.costs import WAITS, shown
from grandtour.reports.rents import rents, sums
from volunteers.models import Person

SUGGESTED = ("what_for", "requested")
WHY = {
    "fund": gettext_lazy("Together the lines would be more than the source has."),
    "fixed": gettext_lazy("A source keeps its currency once it has lines."),
    "own": gettext_lazy("It is your own money: let another organiser decide."),
    "asked": gettext_lazy("That is more than was asked for."),
}


@admin.register(Cost)
class CostAdmin(Books):
    """Find a cost; what is done about it has pages of its own, edition by edition."""

    list_display = ["named", "edition", "traveller", "state", "sum"]
    list_display_links = None
    list_filter = ["state", "kind", "edition"]
    list_select_related = ["edition", "seat__person"]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("cost"))
    def named(self, cost: Cost) -> SafeString:
        """Lead to the money of its edition."""
        return format_html('<a href="{}">{}</a>', page(cost.edition_id), cost)

    @admin.display(description=gettext_lazy("traveller"))
    def traveller(self, cost: Cost) -> str:
        """Name whose cost it is."""
        return str(cost.seat.person) if cost.seat else ""

    @admin.display(description=gettext_lazy("amount"))
    def sum(self, cost: Cost) -> str:
        """Write how much it is."""
        return written(cost.amount, cost.currency)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cost]:
        """Leave out those of editions in which whoever looks wishes to travel."""
        by: Any = request.user
        return super().get_queryset(request).exclude(edition__in=applied_to(by))

    def waiting(self, request: HttpRequest) -> list[dict[str, str]]:
        """Say which claims wait to be decided, and for whom money is set aside in vain."""
        rows = self.get_queryset(request)
        claimed = rows.filter(state=Cost.State.CLAIMED)
        left = rows.filter(state=Cost.State.COMMITTED, seat__ended_at__isnull=False)
        sentences = (
            (claimed, gettext_lazy("Costs wait to be decided: %(edition)s")),
            (left, gettext_lazy("Money is set aside for who travels no more: %(edition)s")),
        )
        return [
            {"words": str(words) % {"edition": edition}, "href": page(edition.pk)}
            for costs, words in sentences
            for edition in Edition.objects.filter(costs__in=costs).distinct().order_by("pk")
        ]

    def get_urls(self) -> list[URLPattern]:
        """Give money pages of its own."""
        view, name = self.told, "grandtour_cost_"
        return [
            path("of/<int:pk>/", view(self.of), name=f"{name}of"),
            path("of/<int:pk>/fund/", view(self.add_fund), name=f"{name}add_fund"),
            path("of/<int:pk>/stipends/", view(self.stipends), name=f"{name}stipends"),
            path("of/<int:pk>/paid/", view(self.paid), name=f"{name}paid"),
            path("of/<int:pk>/share/", view(self.share), name=f"{name}share"),
            path("fund/<int:pk>/", view(self.edit_fund), name=f"{name}fund"),
            path("fund/<int:pk>/line/", view(self.add_line), name=f"{name}add_line"),
            path("fund/<int:pk>/remove/", view(self.drop_fund), name=f"{name}drop_fund"),
            path("line/<int:pk>/", view(self.edit_line), name=f"{name}line"),
            path("line/<int:pk>/remove/", view(self.drop_line), name=f"{name}drop_line"),
            path("<int:pk>/approve/", view(self.approve), name=f"{name}approve"),
            path("<int:pk>/refuse/", view(self.refuse), name=f"{name}refuse"),
            path("<int:pk>/pay/", view(self.pay), name=f"{name}pay"),
            *self.file_urls(),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Lead to the money of its edition."""
        if not self.has_view_permission(request) or not object_id.isdecimal():
            raise Http404
        with explained():
            cost = self._found(request, Cost.objects.all(), int(object_id[:18]))
        return redirect("admin:grandtour_cost_of", cost.edition_id)

    def of(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the money of an edition: what waits first, then sources and lines."""
        edition = self._found(request, Edition.objects.all(), pk)
        costs = Cost.objects.filter(edition=edition).as_listed().waiting_first()
        open_ones = Seat.objects.filter(costs__in=costs.filter(state__in=WAITS))
        left = _left(cast("Person", request.user), edition, open_ones)
        context = {
            "template": "admin/grandtour/cost/of.html",
            "title": _("Money of %(edition)s") % {"edition": edition},
            "form": forms.Form(),
            "edition": edition,
            "left": left.left,
            "left_words": words(left),
            "funds": funds_of(edition),
            "lacking": lacking(edition),
            "rents": (asked := rents(edition)),
            "rent_sums": sums(asked),
            **shown(costs),
        }
        return ask(request, self, context)

    def add_fund(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a new source of money."""
        edition = self._found(request, Edition.objects.all(), pk)
        form = FundForm(request.POST or None, instance=Fund(edition=edition))
        return self._keep(request, form, _("A new funding source"), pk)

    def edit_fund(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a source of money."""
        fund = self._found(request, Fund.objects.all(), pk)
        form = FundForm(request.POST or None, instance=fund)
        return self._keep(request, form, str(fund), fund.edition_id)

    def add_line(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a new line of a source."""
        fund = self._found(request, Fund.objects.all(), pk)
        given = {name: request.GET[name] for name in SUGGESTED if name in request.GET}
        form = BudgetLineForm(request.POST or None, instance=BudgetLine(fund=fund), given=given)
        title = _("A new line of %(fund)s") % {"fund": fund}
        return self._keep(request, form, title, fund.edition_id)

    def edit_line(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a line, also what is granted."""
        line = self._found(request, BudgetLine.objects.select_related("fund"), pk)
        form = BudgetLineForm(request.POST or None, instance=line)
        return self._keep(request, form, str(line), line.fund.edition_id)

    def drop_fund(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove a source that has no lines."""
        fund = self._found(request, Fund.objects.all(), pk)
        return self._drop(request, fund, fund.edition_id)

    def drop_line(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove a line of which nothing was promised to anybody."""
        line = self._found(request, BudgetLine.objects.select_related("fund"), pk)
        return self._drop(request, line, line.fund.edition_id)

    def _drop(self, request: HttpRequest, row: Fund | BudgetLine, edition: int) -> HttpResponse:
        """Ask before something is removed; say where it still holds something."""
        form, title = forms.Form(request.POST or None), _("Remove “%(what)s”") % {"what": row}
        if form.is_valid():
            key, words = row.pk, str(row)
            by: Any = request.user
            try:
                actions.remove(row, by)
            except actions.Refused:
                messages.warning(request, _("It holds something already, and stays."))
            else:
                whole: Any = Edition.objects.get(pk=edition)
                self.log_change(request, whole, f"removed: {words} ({key})")
                messages.success(request, _("Removed."))
            return redirect(page(edition))
        advice = _("Nothing was promised of it. There is no way back.")
        return self._ask(request, form, title, edition, advice=advice)

    def _keep(self, request: HttpRequest, form: Any, title: str, edition: int) -> HttpResponse:
        """Ask for a source or a line and write it; or say which sum does not fit."""
        if form.is_valid():
            field = "granted" if isinstance(form, BudgetLineForm) else "amount"
            full = _("More than that is committed already.")
            added, by = form.instance.pk is None, cast("Person", request.user)
            try:
                actions.keep(form.instance, by)
            except actions.Refused as refused:
                form.add_error(field, WHY.get(refused.why, full))
            else:
                note = self.log_addition if added else self.log_change
                note(request, form.instance, ", ".join(form.changed_data))
                messages.success(request, _("Kept."))
                return redirect(page(edition))
        return self._ask(request, form, title, edition, press=_("Keep"))

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Commit money of a line to a claim."""
        cost = self._cost(request, pk)
        form = ApproveForm(request.POST or None, cost=cost)
        by: Any = request.user
        if form.is_valid():
            grant = self._grant(form, form.cleaned_data["words"])
            act = partial(actions.approve, cost, grant, by, at=timezone.now())
            if self._done(request, form, act, cost, f"approved: {grant.amount}"):
                return redirect(page(cost.edition_id))
        title = _("Approve “%(what)s”") % {"what": cost}
        advice = _("%(person)s asks for %(sum)s. They get a mail.") % {
            "person": cost.seat.person if cost.seat else "",
            "sum": written(cost.amount, cost.currency),
        }
        return self._ask(request, form, title, cost.edition_id, advice=advice)

    def refuse(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say no to a claim, or take back what was approved, with words."""
        cost = self._cost(request, pk)
        form = RefuseCostForm(request.POST or None)
        by: Any = request.user
        if form.is_valid():
            said = form.cleaned_data["words"]
            act = partial(actions.refuse, cost, said, by, at=timezone.now())
            if self._done(request, form, act, cost, "refused"):
                return redirect(page(cost.edition_id))
        title = _("Do not approve “%(what)s”") % {"what": cost}
        advice = _("Whoever it concerns gets a mail with your words. There is no way back.")
        return self._ask(request, form, title, cost.edition_id, advice=advice)

    def pay(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that something was paid."""
        cost = self._cost(request, pk)
        form = forms.Form(request.POST or None)
        by: Any = request.user
        if form.is_valid():
            act = partial(actions.pay, cost, by, at=timezone.now())
            if self._done(request, form, act, cost, "paid"):
                return redirect(page(cost.edition_id))
        title = _("Paid: “%(what)s”") % {"what": cost}
        advice = _("%(sum)s went out. A traveller gets a mail. There is no way back.") % {
            "sum": written(cost.amount, cost.currency)
        }
        return self._ask(request, form, title, cost.edition_id, advice=advice)

    def paid(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note that several costs were paid."""
        edition = self._found(request, Edition.objects.all(), pk)
        by: Any = request.user
        whose = Seat.objects.filter(costs__edition=edition, costs__state=Cost.State.COMMITTED)
        left = _left(by, edition, whose)
        form = PaidForm(request.POST or None, edition=edition, left=left.left)
        if form.is_valid():
            costs = list(form.cleaned_data["costs"])
            act = partial(actions.pay_all, costs, by, at=timezone.now())
            keys = ", ".join(str(cost.pk) for cost in costs)
            if self._done(request, form, act, edition, f"paid: {keys}"):
                return redirect(page(pk))
        told = _("Each traveller gets a mail. There is no way back.")
        advice = " ".join(filter(None, [told, words(left)]))
        return self._ask(request, form, _("These are paid"), pk, advice=advice)

    def stipends(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set a stipend aside for a journey or one of it, or say why there is none."""
        edition = self._found(request, Edition.objects.all(), pk)
        by: Any = request.user
        left = _left(by, edition, Seat.objects.live().filter(edition=edition))
        form = StipendForm(request.POST or None, edition=edition, left=left.left)
        if form.is_valid():
            said = form.cleaned_data
            act = partial(give, said, by, at=timezone.now())
            if self._done(request, form, act, said["line"], f"stipends of {said['amount']}"):
                return redirect(page(pk))
        advice = _(
            "Whoever it is for gets a mail. Who has a stipend of this line, or was told that "
            "there is none, is left out; to give one after all, choose them alone."
        )
        advice = " ".join(filter(None, [advice, words(left)]))
        title, press = _("Stipends for a journey"), _("Set it aside")
        return self._ask(request, form, title, pk, advice=advice, press=press)

    def share(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Note what the edition pays for all."""
        edition = self._found(request, Edition.objects.all(), pk)
        form = ShareForm(request.POST or None, edition=edition)
        by: Any = request.user
        if form.is_valid():
            grant, said = self._grant(form), form.cleaned_data
            act = partial(
                actions.share, grant, said["what"], said["day"], by, at=timezone.now()
            )
            if self._done(request, form, act, grant.line, f"shared: {grant.amount}"):
                return redirect(page(pk))
        title, press = _("A cost that all share"), _("Set it aside")
        return self._ask(request, form, title, pk, press=press)

    def _done(
        self, request: HttpRequest, form: forms.Form, act: Any, about: Any, what: str
    ) -> bool:
        """Do it, say so and note it at the desk; or say beside the field why not."""
        try:
            act()
        except actions.Refused as refused:
            if refused.why in WHY:
                form.add_error(None, WHY[refused.why])
                return False
            line = (
                BudgetLine.objects.with_sums().in_order().get(pk=form.cleaned_data["line"].pk)
            )
            left = {"left": written(line.left, line.fund.currency), "line": line}
            sentence = _("Only %(left)s is left of “%(line)s”. Choose another, or less.")
            form.add_error("line", sentence % left)
            return False
        except IllegalMove:
            messages.warning(request, _("It has changed meanwhile: nothing was done."))
        else:
            self.log_change(request, about, what)
            messages.success(request, _("Done. Whoever it concerns has been told."))
        return True

    def _grant(self, form: GrantForm, words: str = "") -> actions.Grant:
        """Give how much of which line was chosen."""
        return actions.Grant(form.cleaned_data["line"], form.cleaned_data["amount"], words)

    def _ask(
        self, request: HttpRequest, form: Any, title: str, edition: int, **more: str
    ) -> HttpResponse:
        """Ask before it is done."""
        about = str(Edition.objects.only("name").get(pk=edition))
        question = {"form": form, "title": title, "back": page(edition), "about": about}
        return ask(request, self, question | more)

    def _cost(self, request: HttpRequest, pk: int) -> Cost:
        """Find a cost, with whose it is; whoever leaves that to others is told who can act."""
        rows = Cost.objects.select_related("seat__person", "edition", "line__fund")
        found: Cost = self._found(request, rows, pk)
        actions.must_be_theirs(found, cast("Person", request.user))
        return found


def _left(by: Person, edition: Edition, seats: QuerySet[Seat]) -> Apart:
    """Say about whose costs somebody leaves the decision to others, and who could take it."""
    left = leaves(by, edition, set(seats.values_list("application", flat=True)))
    return left_to(by, edition, left, left)


def lacking(edition: Edition) -> list[Person]:
    """Give those who have agreed to travel, and whose promised stipend is not set aside."""
    agreed = Seat.objects.live().filter(edition=edition, state=Seat.State.AGREED)
    rows = agreed.select_related("person")
    return [seat.person for seat in actions.unfunded(edition, rows.order_by("pk"))]


def funds_of(edition: Edition) -> list[dict[str, Any]]:
    """Give the sources of an edition with their lines, and the sums of these."""
    lines: dict[int, list[BudgetLine]] = {}
    for line in BudgetLine.objects.filter(fund__edition=edition).with_sums().in_order():
        lines.setdefault(line.fund_id, []).append(line)
    names = ("requested", "granted", "committed", "paid", "left")
    return [
        {
            "fund": fund,
            "lines": (of := lines.get(fund.pk, [])),
            "sums": {name: sum(getattr(line, name) for line in of) for name in names},
            "full": sum(line.granted for line in of) >= fund.amount,
        }
        for fund in edition.funds.order_by("name", "pk")
    ]


def give(said: dict[str, Any], by: Person, *, at: datetime) -> None:
    """Give what was typed as a stipend to those meant; 0 tells them why there is none."""
    line, whom = said["line"], actions.Stipend(said["journey"], said["what"], said["only"])
    if said["amount"]:
        grant = actions.Grant(line, said["amount"], said["words"])
        actions.give_stipends(whom, grant, by, at=at)
    else:
        grant = actions.Grant(line, line.stipend, said["words"])
        actions.give_none(whom, grant, by, at=at)
