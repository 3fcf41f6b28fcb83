"""What one has here: to take away, or to have forgotten."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from capx import erasure
from exchange.models import Exchange
from volunteers.http import Request
from volunteers.models import Affiliate, Person
from volunteers.models.bandwidth import today


class ForgetForm(forms.Form):
    """Whether somebody means it, and what may stay."""

    keep_practices = forms.BooleanField(
        label=gettext_lazy("Keep my published practices, without my name"),
        help_text=gettext_lazy(
            "Others can go on learning from them. Without the tick they go."
        ),
        required=False,
        initial=True,
    )
    username = forms.CharField(
        label=gettext_lazy("Your username, to show that you mean it"),
        max_length=255,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto", "spellcheck": "false"}),
    )

    def __init__(self, person: Person, *args: object) -> None:
        """Know whose username it has to be."""
        super().__init__(*args)  # type: ignore[arg-type]  # as a form takes it
        self.person = person

    def clean_username(self) -> str:
        """Accept only the name of the one who asks."""
        typed: str = self.cleaned_data["username"].strip()
        if typed.casefold() != self.person.username.casefold():
            raise forms.ValidationError(
                _("This is not your username. Yours is: %(name)s"),
                params={"name": self.person.username},
            )
        return typed


def sent(request: HttpRequest) -> bool:
    """Say whether it is more than a look: whoever finds an open browser may do no more."""
    return request.method == "POST"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(enabled=sent)  # type: ignore[untyped-decorator]  # allauth's
def data(request: Request) -> HttpResponseBase:
    """Say what is in the file, and give it."""
    if request.method != "POST":
        return render(request, "data.html")
    answer = StreamingHttpResponse(erasure.gift(request.user), content_type="application/zip")
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="capacity-exchange-{day}.zip"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required(enabled=sent)  # type: ignore[untyped-decorator]  # allauth's
def forget(request: Request) -> HttpResponse:
    """Say exactly what goes and what stays, and let go of somebody who means it."""
    person = request.user
    form = ForgetForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep = form.cleaned_data["keep_practices"]
        erasure.forget(person, at=timezone.now(), keep_practices=keep)
        logout(request)
        return redirect("forgotten")
    context = {
        "form": form,
        "alone": Affiliate.objects.with_no_steward_but(person).order_by("name", "pk"),
        "live": Exchange.objects.involving(person).live().exists(),
        "promised": person.commitments.live().not_over(today(person, timezone.now())).exists(),
    }
    return render(request, "data_forget.html", context)


@require_safe
@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say goodbye."""
    return render(request, "data_forgotten.html")
