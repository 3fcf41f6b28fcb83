from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from capx.celery import app

NOWHERE = "redis://127.0.0.1:1/0"  # where nothing listens


@contextmanager
def broker_at(address):
    before = app.conf.broker_write_url
    app.conf.broker_write_url = address
    yield
    app.conf.broker_write_url = before


def test_health_is_open_and_says_that_both_answer(client):
    answer = client.get(reverse("health"))

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})
    assert "no-store" in answer["Cache-Control"]


def test_health_names_a_broker_that_is_gone(client):
    with broker_at(NOWHERE):
        answer = client.get(reverse("health"))

    said = {"database": "ok", "broker": "does not answer"}
    assert (answer.status_code, answer.json()) == (503, said)


def test_health_names_a_database_that_is_gone(client, monkeypatch):
    nowhere = {"host": "127.0.0.1", "port": 1, "user": "capx", "dbname": "capx"}
    monkeypatch.setattr(connection, "get_connection_params", nowhere.copy)
    answer = client.get(reverse("health"))

    said = {"database": "does not answer", "broker": "ok"}
    assert (answer.status_code, answer.json()) == (503, said)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_read(client, method):
    assert getattr(client, method)(reverse("health")).status_code == 405
