"""Who is signed in where: rows that know whose they are, so that they can be ended."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from volunteers.models.people import Person


class Session(AbstractBaseSession):
    """What a browser is known by; it holds the address or name somebody signed in with."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Name what reads and writes these rows."""
        return SessionStore


class SessionStore(InTheDatabase):
    """Django's own sessions, with a column for who is signed in."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Name the rows in which sessions are kept."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Note whose it is."""
        row: Any = super().create_model_instance(data)
        row.person_id = data.get(SESSION_KEY)
        made: Session = row
        return made
