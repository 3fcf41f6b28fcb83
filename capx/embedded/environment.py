"""The environment that settings.py reads, made up for one machine without a network."""

from collections.abc import Mapping
from urllib.parse import quote

from capx.embedded.home import Home
from capx.embedded.postgres import Postgres
from capx.embedded.valkey import Valkey

# For `run`: whatever is set outside wins.
TRIAL = {
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "EMAIL_URL": "consolemail://",
    "INSECURE_HTTP": "1",
    "SECRET_KEY": "no-secret-at-all-because-nothing-here-outlives-the-command",
    "SITE_URL": "http://localhost:8000",
}


def for_run(outside: Mapping[str, str], postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    """Return what a command under `run` sees: what is set outside, and ours for the rest."""
    ours = {"DATABASE_URL": postgres.url(), "REDIS_URL": valkey.url()}
    return TRIAL | ours | dict(outside)


def for_up(
    outside: Mapping[str, str], home: Home, port: int, postgres: Postgres, valkey: Valkey
) -> dict[str, str]:
    """Return what the product sees under `up`: our own servers, never somebody else's."""
    return {
        **outside,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DATABASE_URL": postgres.url(),
        "EMAIL_URL": f"filemail:///{quote(str(home.mail))}",
        "INSECURE_HTTP": "1",
        "MAIL_FOLDER": str(home.mail),
        "QUIET_HOURS": "0",
        "REDIS_URL": valkey.url(),
        "SAMPLE": "1",
        "SECRET_KEY": home.secret_key(),
        "SITE_URL": f"http://localhost:{port}",
        "STATIC_ROOT": str(home.static),
    }
