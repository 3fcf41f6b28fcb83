import gc
import os

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from tests import chromium
from tests.databases import (  # noqa: F401 -- fixtures for every folder
    django_db_modify_db_settings,
    originals,
    release,
)
from tests.product import product  # noqa: F401 -- the same
from volunteers.models import familiar

BROWSER = chromium.find()
# The longest files. With --dist loadfile each is one process's, so they begin first: one that
# came last would keep a single process busy while the others have nothing left to do.
LONG = [
    "tests/browser/test_axe.py",
    "tests/capx/test_form_errors.py",
    "tests/capx/test_bandwidth_privacy.py",
    "tests/capx/test_bandwidth_questions.py",
    "tests/grandtour/test_through_time.py",
    "tests/capx/test_sample.py",
    "tests/grandtour/test_blind.py",
    "tests/grandtour/test_nothing_of_others.py",
    "tests/capx/test_hidden.py",
    "tests/capx/test_uncounted.py",
    "tests/capx/test_up.py",
    "tests/capx/test_walk.py",
    "tests/capx/test_bad_input.py",
    "tests/browser/",
    "tests/faults/",
    "tests/exchange/test_gate_paths.py",
]
# What asks servers without the fixtures of a database, or walks through the statements of every
# page, or sends what servers read differently.
ASK_SERVERS = tuple(f"tests/capx/test_{name}.py" for name in ("bad_input", "health", "walk"))


def pytest_configure(config):
    """Serve static files from where they lie, and speak every language from the start."""
    if not hasattr(config, "workerinput"):
        call_command("messages", compile=True)
    # A statement that would never end says which it is, in all processes that the tests start.
    os.environ.setdefault("PGOPTIONS", "-c statement_timeout=300s")
    settings.STATIC_ROOT = str(settings.BASE_DIR / "static")
    settings.WHITENOISE_AUTOREFRESH = True  # or every client lists them anew
    settings.QUIET_HOURS = False  # or what is sent would depend on when the tests run
    # To hash slowly is what keeps passwords safe; the journeys in a browser do it as it is.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}


@pytest.fixture(autouse=True)
def _every_test_begins_alike():
    """Let no test know what the affiliates of another made familiar, nor speak its language."""
    familiar.forget_familiar()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def pages_only(monkeypatch):
    """Spare who walks the whole site the copies of what every template was given."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_a, **_k: None)


def pytest_addoption(parser):
    parser.addoption(
        "--other-servers",
        action="store_true",
        help="only what another PostgreSQL or broker could answer otherwise",
    )


def may_differ(item):
    """Say whether a test asks a server, and more of it than a walk that looks at pages."""
    if item.nodeid.startswith(ASK_SERVERS):
        return True
    asks = "django_db_setup" in item.fixturenames or item.get_closest_marker("django_db")
    return bool(asks) and "pages_only" not in item.fixturenames


def turn(item):
    """Give a test's place: the longest files first, the others in their order."""
    return next((n for n, at in enumerate(LONG) if item.nodeid.startswith(at)), len(LONG))


def pytest_collection_modifyitems(config, items):
    """Put the long files first; leave out what no browser or no other server would change."""
    if config.getoption("other_servers"):
        left_out = [item for item in items if not may_differ(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if may_differ(item)]
    items.sort(key=turn)
    if BROWSER is None:
        skipped = pytest.mark.skip(reason="no browser on this machine")
        for item in items:
            if "tests/browser/" in item.nodeid:
                item.add_marker(skipped)


def pytest_collection_finish():
    """Spare each test the search for garbage in what all of them need to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20)


def pytest_terminal_summary(terminalreporter):
    if BROWSER is None:
        terminalreporter.write_line(chromium.LEFT_OUT, red=True, bold=True)


def pytest_sessionfinish(session, exitstatus):
    if BROWSER is None and chromium.must_have() and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
