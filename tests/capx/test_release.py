"""What happens to a site when its code changes."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from capx.management.commands import release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other():
    """Another connection to the same database, as of a web process."""
    address = {**connection.get_connection_params()}
    for ours in ("pool", "cursor_factory", "context"):
        address.pop(ours, None)
    with psycopg.connect(**address) as line:
        yield line
        line.rollback()


def test_a_release_does_not_make_everybody_wait_behind_it(other, monkeypatch):
    monkeypatch.setattr(release, "PATIENCE", "100ms")
    monkeypatch.setattr(release, "STEPS", [("reference", {})])
    other.execute("LOCK TABLE volunteers_skilllabel IN ACCESS EXCLUSIVE MODE")

    with pytest.raises(CommandError, match="run it again"):
        call_command("release")

    other.rollback()
    call_command("release")
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def lacking():
    """Let a migration that was applied be unknown, and the first of its app."""
    done, lacking = MigrationRecorder(connection), "0002_needs_have_no_day_of_their_own"
    for name in ("0001_tables", lacking):
        done.record_unapplied("grandtour", name)
    yield lacking
    for name in ("0001_tables", lacking):
        done.record_applied("grandtour", name)


def test_a_database_that_has_some_of_the_former_migrations_is_told_apart(monkeypatch, lacking):
    monkeypatch.setattr(release, "STEPS", [])

    with pytest.raises(CommandError, match=rf"grandtour\.{lacking}"):
        call_command("release")
