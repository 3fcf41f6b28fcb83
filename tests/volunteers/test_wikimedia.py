"""The whole OAuth 2 dance against a stand-in for Meta that really listens on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.mediawiki.views import MediaWikiOAuth2Adapter
from django.core.cache import cache

from tests.factories import PersonFactory
from volunteers.models import Person

pytestmark = pytest.mark.django_db


class Meta(BaseHTTPRequestHandler):
    """What Meta answers: a code for whoever agrees, a token for the code, a profile for it."""

    def do_GET(self):
        asked = urlsplit(self.path)
        if asked.path.endswith("/authorize"):
            self.server.asked = query = {k: v[0] for k, v in parse_qs(asked.query).items()}
            answer = "error=access_denied" if self.server.refuses else "code=the-code"
            self.send_response(302)
            self.send_header(
                "Location", f"{query['redirect_uri']}?{answer}&state={query['state']}"
            )
            self.end_headers()
        else:
            self.server.agent = self.headers["User-Agent"]
            known = self.headers["Authorization"] == "Bearer the-token"
            self.answer(200 if known else 401, self.server.profile if known else {})

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.sent = {k: v[0] for k, v in parse_qs(sent).items()}
        known = self.server.sent["code"] == "the-code"
        token = {"access_token": "the-token", "token_type": "Bearer", "expires_in": 14400}
        self.answer(200 if known else 400, token if known else {"error": "invalid_grant"})

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def meta(settings, monkeypatch):
    cache.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Meta) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        server.refuses = False
        server.profile = {"sub": 4711, "username": "Łucja Nowak", "blocked": False}
        rest = f"http://127.0.0.1:{server.server_port}/w/rest.php/oauth2"
        monkeypatch.setattr(MediaWikiOAuth2Adapter, "authorize_url", f"{rest}/authorize")
        monkeypatch.setattr(MediaWikiOAuth2Adapter, "access_token_url", f"{rest}/access_token")
        monkeypatch.setattr(MediaWikiOAuth2Adapter, "profile_url", f"{rest}/resource/profile")
        app = {"name": "Wikimedia", "client_id": "our-id", "secret": "our-secret"}
        settings.SOCIALACCOUNT_PROVIDERS["mediawiki"]["APPS"].append(app)
        try:
            yield server
        finally:
            settings.SOCIALACCOUNT_PROVIDERS["mediawiki"]["APPS"].remove(app)
            server.shutdown()
            thread.join(30)


def dance(client, query=""):
    """Press the button, go to Meta, come back."""
    leaving = client.post(f"/accounts/mediawiki/login/{query}")
    at_meta = requests.get(leaving.headers["Location"], allow_redirects=False, timeout=60)
    back = urlsplit(at_meta.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def signed_in(client):
    key = client.session.get("_auth_user_id")
    return key and Person.objects.get(pk=key)


def test_somebody_new_comes_in_without_an_address_and_goes_on_where_they_were(client, meta):
    assert "Wikimedia account" in client.get("/accounts/login/").content.decode()

    response = dance(client, "?next=/me/bandwidth/")

    person = signed_in(client)
    assert response.headers["Location"] == "/me/bandwidth/"
    assert (person.username, person.wiki_name, person.email, person.name) == (
        "Łucja Nowak",
        "Łucja Nowak",
        "",
        "",
    )
    assert not person.has_usable_password()
    assert list(Person.objects.visible_to(PersonFactory()).exclude(pk=person.pk)) != [person]
    for address in ("/me/", "/me/bandwidth/", "/me/account/", "/me/notices/", "/notices/"):
        assert client.get(address).status_code == 200
    assert "Łucja Nowak" in client.get(person.get_absolute_url()).content.decode()


def test_meta_is_asked_as_its_rules_want_it(client, meta):
    dance(client)

    assert (meta.asked["client_id"], meta.asked["code_challenge_method"]) == ("our-id", "S256")
    assert meta.sent["code_verifier"]
    assert meta.agent.startswith("CapacityExchange (http")


def test_a_confirmed_address_is_taken_over_and_an_unconfirmed_one_is_not(client, meta):
    meta.profile |= {"email": "lucja@example.org", "confirmed_email": True}
    dance(client)
    assert signed_in(client).email == "lucja@example.org"
    assert EmailAddress.objects.get().verified

    client.logout()
    meta.profile = {"sub": 5, "username": "Other", "email": "o@example.org"}
    dance(client)
    assert signed_in(client).email == ""


def test_the_same_number_is_the_same_person_whatever_they_are_called_now(client, meta):
    dance(client)
    person = signed_in(client)
    client.logout()
    meta.profile["username"] = "Lucja N."

    dance(client)

    assert signed_in(client) == person
    person.refresh_from_db()
    assert (person.username, person.wiki_name) == ("Lucja N.", "Lucja N.")
    assert client.get("/people/Lucja%20N./").status_code == 200


def test_a_username_chosen_here_survives_a_rename_there(client, meta):
    dance(client)
    person = signed_in(client)
    Person.objects.filter(pk=person.pk).update(username="Chosen")
    meta.profile["username"] = "Lucja N."
    client.logout()

    dance(client)

    person.refresh_from_db()
    assert (person.username, person.wiki_name) == ("Chosen", "Lucja N.")


def test_a_username_that_is_taken_here_gets_something_added(client, meta):
    PersonFactory(username="łucja nowak")

    dance(client)

    person = signed_in(client)
    assert person.username.startswith("Łucja Nowak ")
    assert person.wiki_name == "Łucja Nowak"


def test_a_hidden_account_without_a_username_comes_in(client, meta):
    meta.profile = {"sub": 9}

    dance(client)

    assert signed_in(client).username.startswith("Somebody ")
    assert client.get("/me/account/").status_code == 200


def test_a_blocked_account_is_told_so_and_nothing_is_made(client, meta):
    meta.profile["blocked"] = True

    response = dance(client)

    assert response.status_code in (200, 401)
    assert "blocked" in response.content.decode()
    assert (signed_in(client), Person.objects.count()) == (None, 0)


def test_who_says_no_at_meta_comes_back_as_nobody(client, meta):
    meta.refuses = True

    response = dance(client)

    assert response.status_code in (200, 302)
    assert (signed_in(client), Person.objects.count()) == (None, 0)


def test_a_forged_return_makes_nobody(client, meta):
    response = client.get("/accounts/mediawiki/login/callback/?code=the-code&state=forged")

    assert response.status_code < 500
    assert Person.objects.count() == 0


def test_meta_being_away_is_said_and_breaks_nothing(client, meta, monkeypatch):
    monkeypatch.setattr(MediaWikiOAuth2Adapter, "profile_url", "http://127.0.0.1:9/profile")

    response = dance(client)

    assert response.status_code < 500
    assert "did not work" in response.content.decode()


def test_an_account_with_the_same_confirmed_address_is_opened_and_connected(client, meta):
    person = PersonFactory(email="lucja@example.org", username="lu")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    meta.profile |= {"email": "lucja@example.org", "confirmed_email": True}

    dance(client)

    assert signed_in(client) == person
    person.refresh_from_db()
    assert (person.username, person.wiki_name) == ("lu", "Łucja Nowak")
    assert SocialAccount.objects.get().user == person


def test_an_account_is_connected_shown_and_disconnected_by_whom_it_belongs_to(client, meta):
    person = PersonFactory(username="lu")
    person.set_password("kartoffel-salat-9")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.force_login(person)

    asked = dance(client, "?process=connect")
    assert asked.headers["Location"] == "/accounts/reauthenticate/"
    client.post("/accounts/reauthenticate/", {"password": "kartoffel-salat-9"})
    person.refresh_from_db()
    assert person.wiki_name == "Łucja Nowak"
    assert "Łucja Nowak" in client.get("/accounts/3rdparty/").content.decode()

    client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})
    person.refresh_from_db()
    assert (person.wiki_name, SocialAccount.objects.count()) == ("", 0)


def test_the_last_way_in_cannot_be_cut_off(client, meta):
    dance(client)

    response = client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert response.status_code == 200
    assert SocialAccount.objects.count() == 1
    assert signed_in(client).wiki_name == "Łucja Nowak"
