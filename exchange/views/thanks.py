"""Thanks that a steward says on behalf of an affiliate."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.actions import thanks as actions
from exchange.forms.exchanges import ThanksForm
from exchange.views.nudged import nudged
from volunteers.http import Request
from volunteers.models import Affiliate


@nudged
def thank_for(request: Request, slug: str, username: str) -> HttpResponse:
    """Thank a member, or somebody who helped, on behalf of an affiliate one cares for."""
    affiliate = get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)
    people = actions.thankable(affiliate, request.user)
    person = get_object_or_404(people, username=username)
    form = ThanksForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = actions.Words(**form.cleaned_data)
        try:
            actions.thank_for(affiliate, request.user, person, words, at=timezone.now())
        except actions.NotNow:
            form.add_error(None, _not_now(person=str(person)))
        else:
            messages.success(request, _("Your thanks are on their way."))
            return redirect(affiliate)
    context = {"form": form, "affiliate": affiliate, "person": person}
    return render(request, "exchange/thank_for.html", context)


def _not_now(**names: str) -> str:
    """Say one sentence for every cause, so that none can be told from another."""
    said = _(
        "This cannot reach %(person)s now. Have you thanked them here in the last thirty days? "
        "Then let these words be enough for a while. What you wrote is kept below."
    )
    return said % names
