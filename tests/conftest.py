import pytest
from django.conf import settings
from django.core.management import call_command

from tests import chromium
from tests.databases import (  # noqa: F401 -- fixtures for every folder
    django_db_modify_db_settings,
    originals,
    release,
)
from tests.product import product  # noqa: F401 -- the same
from volunteers.models import familiar

BROWSER = chromium.find()


def pytest_configure(config):
    """Serve static files from where they lie, and speak every language from the start."""
    if not hasattr(config, "workerinput"):
        call_command("messages", compile=True)
    settings.STATIC_ROOT = str(settings.BASE_DIR / "static")
    settings.WHITENOISE_AUTOREFRESH = True  # or every client lists them anew
    settings.QUIET_HOURS = False  # or what is sent would depend on when the tests run
    # To hash slowly is what keeps passwords safe; the journeys in a browser do it as it is.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture(autouse=True)
def _nothing_is_familiar_yet():
    """Let no test know what the affiliates of another made familiar."""
    familiar.forget_familiar()


@pytest.fixture
def pages_only(monkeypatch):
    """Spare who walks the whole site the copies of what every template was given."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_a, **_k: None)


def pytest_collection_modifyitems(config, items):
    """Leave the tests in tests/browser out where there is no browser."""
    if BROWSER is None:
        left_out = pytest.mark.skip(reason="no browser on this machine")
        for item in items:
            if "tests/browser/" in item.nodeid:
                item.add_marker(left_out)


def pytest_terminal_summary(terminalreporter):
    if BROWSER is None:
        terminalreporter.write_line(chromium.LEFT_OUT, red=True, bold=True)


def pytest_sessionfinish(session, exitstatus):
    if BROWSER is None and chromium.must_have() and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
