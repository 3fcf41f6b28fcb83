"""What people write about themselves, and how they sign in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from volunteers.forms.profile import SECTIONS
from volunteers.http import Request
from volunteers.models import Person


def me(request: Request, section: str = "") -> HttpResponse:
    """Edit the profile; each section is kept on its own."""
    if section and section not in SECTIONS:
        raise Http404
    person = Person.objects.get(pk=request.user.pk)  # what is refused must not show in the head
    forms = {name: form(instance=person) for name, form in SECTIONS.items()}
    if section and request.method == "POST":
        forms[section] = form = SECTIONS[section](request.POST, instance=person)
        if form.is_valid():
            return _kept(request, form.save(), section)
    return render(request, "volunteers/me.html", {"forms": forms.values(), "section": section})


def _kept(request: Request, person: Person, section: str) -> HttpResponse:
    """Go back to the section; the next page speaks the language just chosen."""
    with override(person.language):
        messages.success(request, _("Saved."))
    response = redirect(f"{_address()}#{section}")
    if section == "site":
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax")
    return response


def _address() -> str:
    return redirect("volunteers:me").url


@require_safe
def account(request: Request) -> HttpResponse:
    """Show the ways in, and the doors to what concerns the account."""
    mine = Authenticator.objects.filter(user=request.user)
    kinds = list(mine.values_list("type", flat=True))
    context = {
        "addresses": EmailAddress.objects.filter(user=request.user).order_by("-primary", "pk"),
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "language": dict(settings.LANGUAGES).get(request.user.language, ""),
        "wikimedia": SocialAccount.objects.filter(user=request.user).exists(),
        "wikimedia_offered": bool(settings.MEDIAWIKI_CLIENT_ID),
    }
    return render(request, "volunteers/account.html", context)
