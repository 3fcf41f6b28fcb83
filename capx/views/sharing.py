"""Letting the stewards of an affiliate see one's weeks, with what they would see beside it."""

from datetime import datetime

from django.contrib import messages
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from capx.views.shown import Shown, shown, with_costs
from volunteers.actions import care as actions
from volunteers.forms.sharing import SharingForm
from volunteers.http import Request
from volunteers.models import Affiliate, Person, StewardAccess
from volunteers.models.bandwidth import today


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def share(request: Request, slug: str) -> HttpResponse:
    """Choose what the stewards of an affiliate see, from when and until when."""
    person, now = request.user, timezone.now()
    affiliate = get_object_or_404(Affiliate.objects.joined_by(person), slug=slug)
    access = person.steward_access.given().to(affiliate).not_over(today(person, now)).first()
    form = SharingForm(request.POST or None, today=today(person, now), access=access)
    if form.is_valid() and "preview" not in request.POST:
        try:
            actions.share(person, affiliate, form.shared(), at=now)
        except actions.NotAMember:
            messages.error(request, _("You do not belong to this affiliate any more."))
        else:
            messages.success(request, _("Saved. You can take it back at any moment."))
        return redirect("volunteers:sharing")
    stewards = Person.objects.visible_to(person).stewards_of(affiliate).exclude(pk=person.pk)
    context = {
        "affiliate": affiliate,
        "access": access,
        "form": form,
        "seen": _seen(person, affiliate, form, now),
        "stewards": stewards.order_by("folded", "pk"),
    }
    return render(request, "care/share.html", context)


def _seen(person: Person, affiliate: Affiliate, form: SharingForm, now: datetime) -> Shown:
    """Give what stewards would see today, of what is ticked in the form."""
    access = StewardAccess(
        person=person,
        affiliate=affiliate,
        weeks=bool(form["weeks"].value()),
        check_ins=bool(form["check_ins"].value()),
        costs=bool(form["costs"].value()),
        period=DateRange(today(person, now), None),
    )
    people, _calendars = shown([access], affiliate, now)
    return with_costs(people, affiliate, now.date())[0]
