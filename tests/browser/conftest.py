import os

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import expect, sync_playwright

from tests import chromium
from tests.product import free_port

# Playwright runs an event loop in this thread; the ORM is still called from nowhere else.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 60  # that a page may take on a machine with better things to do
COMPRESSED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of this process."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        yield chrome
        chrome.close()


@pytest.fixture
def new_context(browser):
    """Opens windows that share nothing: one for each person, phone or desk, in any language."""
    opened = []

    def new(**chosen):
        context = browser.new_context(**chosen)
        context.set_default_timeout(SECONDS * 1000)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def context(new_context):
    return new_context()


@pytest.fixture
def page(context):
    return context.new_page()


class Whole(WSGIHandler):
    """The application as it is: WhiteNoise serves the static files, as in production."""

    def __init__(self, _media_handler):
        super().__init__()


@pytest.fixture(scope="module")
def live_thread(release, django_db_setup):
    """One web server for the tests of a file that need no worker and no mail."""
    port = free_port()
    chosen = {
        "STATIC_ROOT": str(release.static),
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": COMPRESSED},
        },
        "ALLOWED_HOSTS": ["localhost", "testserver"],
        "SITE_URL": f"http://localhost:{port}",
    }
    with override_settings(**chosen):
        thread = LiveServerThread("127.0.0.1", static_handler=Whole, port=port)
        thread.daemon = True
        thread.start()
        assert thread.is_ready.wait(60)
        assert thread.error is None, thread.error
        yield f"http://localhost:{port}"
        thread.terminate()
        connections.close_all()


@pytest.fixture
def live(live_thread, transactional_db):
    """The address of the product on the database of this test."""
    return live_thread
