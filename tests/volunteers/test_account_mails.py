"""Every mail about an account says who writes, why, and what to do if it was not you."""

from pathlib import Path

import allauth
import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from django.utils.translation import gettext

from volunteers.models import Notice

pytestmark = pytest.mark.django_db

FOLDER = Path(allauth.__file__).parent / "templates"
MAILS = sorted(
    str(path.relative_to(FOLDER)).removesuffix("_message.txt")
    for path in FOLDER.glob("*/email/*_message.txt")
    if path.name != "base_message.txt"
)
CODES = {
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
}
ABOUT = {
    "code": "WXYZ-2345",
    "password_reset_url": "https://capx.example/accounts/password/reset/",
    "signup_url": "https://capx.example/accounts/signup/",
    "username": "amina",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "provider": "Wikimedia",
    "timestamp": timezone.now(),
    "ip": "192.0.2.7",
    "user_agent": "Firefox",
}


@pytest.fixture
def send(rf, monkeypatch):
    """Send one mail as the adapter does, and read it in the letter box."""
    monkeypatch.setattr("volunteers.adapters.nudge", lambda _task: None)

    def sent(mail):
        request = rf.get("/")
        request.user = AnonymousUser()
        with context.request_context(request):
            get_adapter(request).send_mail(mail, "amina@example.org", ABOUT)
        return Notice.objects.get(to="amina@example.org")

    return sent


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("mail", MAILS)
def test_it_says_who_writes_and_why(send, mail, language):
    with translation.override(language):
        notice = send(mail)
        name = gettext("Capacity Exchange")

    assert name in notice.body
    assert settings.SITE_URL in notice.body.splitlines()
    assert 0 < len(notice.subject) <= 78
    assert "\n" not in notice.subject


@pytest.mark.parametrize("mail", MAILS)
def test_it_speaks_to_you_and_leaves_no_gap(send, mail):
    notice = send(mail)
    text = f"{notice.subject}\n{notice.body}"

    assert "user" not in text.lower()
    assert [
        gap for gap in ("  ", " .", " !", " ,", "\n\n\n", "{{", "example.com") if gap in text
    ] == []
    assert "was not you" in text or "did not ask" in text or "have not signed up" in text


@pytest.mark.parametrize("mail", sorted(CODES))
def test_a_code_stands_alone_on_its_line(send, mail):
    assert "WXYZ-2345" in send(mail).body.splitlines()


def test_codes_work_as_long_as_the_mails_say():
    chosen = ("EMAIL_VERIFICATION_BY_CODE", "LOGIN_BY_CODE", "PASSWORD_RESET_BY_CODE")
    assert {getattr(app_settings, f"{name}_TIMEOUT") for name in chosen} == {15 * 60}
