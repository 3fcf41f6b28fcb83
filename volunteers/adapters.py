"""How django-allauth meets this site: mail, names, and the accounts of Wikimedia."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import get_language

from capx.celery import nudge
from capx.zones import UTC
from volunteers import mailbox
from volunteers.actions import people as actions
from volunteers.models import Person
from volunteers.tasks import send_notices


class AccountAdapter(DefaultAccountAdapter):
    """Accounts made here: by e-mail and password, code or passkey."""

    def new_user(self, _request: HttpRequest) -> Person:
        """Make a person who reads the language of the page."""
        return Person(language=get_language() or settings.LANGUAGE_CODE)

    def save_user(
        self, request: HttpRequest, user: Person, form: Any, **options: Any
    ) -> Person:
        """Show nobody whose address is not confirmed; take their clock from the browser."""
        user.unconfirmed = True
        user.time_zone = form.cleaned_data.get("time_zone") or UTC
        saved: Person = super().save_user(request, user, form, **options)
        return saved

    def login(self, request: HttpRequest, user: Person) -> None:
        """Let somebody in whose address is theirs, or who came by Wikimedia."""
        actions.confirm(user)
        super().login(request, user)

    def populate_username(self, _request: HttpRequest, user: Person) -> None:
        """Name somebody for whom Wikimedia gave no name."""
        user.username = user.username or Person.objects.free_username("")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the letter box: a dead mail server breaks no page."""
        about = {"email": email, "site_url": settings.SITE_URL, **context}
        message = self.render_mail(template_prefix, email, about)
        person = context.get("user", self.request.user)
        codes = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
        mailbox.post_to_address(
            email,
            not_after=timezone.now() + codes if "code" in context else None,
            subject=message.subject,
            body=message.body,
            about=None if isinstance(person, AnonymousUser) else person,
        )
        nudge(send_notices)

    def post_login(self, request: HttpRequest, user: Person, **about: Any) -> HttpResponse:
        """Go on in the person's own language."""
        response: HttpResponse = super().post_login(request, user, **about)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response


class MFAAdapter(DefaultMFAAdapter):
    """Second steps, whose secrets nobody reads in a copy of the database."""

    def encrypt(self, text: str) -> str:
        """Close a secret with the site's key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret that was closed with the site's key or a former one."""
        return _box().decrypt(encrypted_text).decode()


def _box() -> MultiFernet:
    """Derive what closes and opens the secrets of second steps from the site's keys."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(urlsafe_b64encode(sha256(f"second step:{key}".encode()).digest()))
        for key in keys
    )


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts of Wikimedia: known by their number, whatever they are called today."""

    def populate_user(
        self, _request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Person:
        """Take over the username and a confirmed address; the real name stays at Wikimedia."""
        person: Person = sociallogin.user
        person.wiki_name = data.get("username") or ""
        person.username = Person.objects.free_username(person.wiki_name)
        person.email = data.get("email") or ""
        return person

    def pre_social_login(self, _request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Follow a rename."""
        if sociallogin.is_existing:
            actions.follow_wiki_name(sociallogin.user, self._name(sociallogin.account))

    def get_connect_redirect_url(self, _request: HttpRequest, socialaccount: Any) -> str:
        """Remember what a connected account is called: the last thing asked on the way."""
        if socialaccount.pk:
            actions.follow_wiki_name(socialaccount.user, self._name(socialaccount))
        return resolve_url("volunteers:account")

    @staticmethod
    def _name(account: SocialAccount) -> str:
        return account.extra_data.get("username") or ""

    def validate_disconnect(self, account: SocialAccount, accounts: Any) -> None:
        """Keep one way in, and forget the name of an account that leaves."""
        super().validate_disconnect(account, accounts)
        actions.follow_wiki_name(account.user, "")

    def get_requests_session(self) -> requests.Session:
        """Look at each answer of Wikimedia: whoever is blocked there gets no account by it."""
        session: requests.Session = super().get_requests_session()
        session.hooks["response"].append(_refuse_blocked)
        return session


def _refuse_blocked(response: requests.Response, **_about: Any) -> None:
    if response.ok and response.url.endswith("/resource/profile"):
        profile = response.json()
        if profile.get("blocked"):
            raise PermissionDenied
