"""Who may what: every address as everybody, held against the table in who_may_what.txt.

A line of the table: the address, what GET answers, what an empty POST answers. The answers
stand in the order of the people below. `in`: is led to the sign-in; `go`: is led elsewhere. A
new address needs a line: the test prints the one it found, to be read before it is copied.
"""

from copy import deepcopy
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.addresses import address, routes, world

ON_THE_SITE = ["nobody", "stranger", "asker", "author", "member", "steward", "organiser"]
AT_THE_DESK = ["nobody", "stranger", "steward", "organiser", "ruler"]
TABLE = Path(__file__).with_name("who_may_what.txt")


def table():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.rsplit("|", 2)] for line in lines if "|" in line]
    return {route: (get, post) for route, get, post in rows}


def answers(cookies, method, path):
    """Say in a word what an address answers; whatever it changed is undone."""
    client = Client()
    client.cookies = deepcopy(cookies)
    with transaction.atomic():
        answer = getattr(client, method)(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    if answer.status_code == 302:
        return "in" if "/login/" in answer.url else "go"
    return str(answer.status_code)


def signed_in(w):
    """Give everybody's cookies."""
    cookies = {"nobody": Client().cookies}
    for role, person in w.people().items():
        client = Client()
        client.force_login(person)
        cookies[role] = client.cookies
    return cookies


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_only")
@pytest.mark.parametrize("part", range(4))
def test_everybody_may_what_the_table_says(part):
    w = world()
    cookies = signed_in(w)
    promised = table()
    found = {}
    for route in routes()[part::4]:
        roles = AT_THE_DESK if route.startswith("admin/") else ON_THE_SITE
        path = address(route, w)
        found[route] = tuple(
            " ".join(answers(cookies[role], method, path) for role in roles)
            for method in ("get", "post")
        )

    wrong = [
        f"{route} | {get} | {post}"
        for route, (get, post) in found.items()
        if promised.get(route) != (get, post)
    ]
    assert wrong == []


def test_the_table_has_no_address_that_is_gone():
    assert sorted(set(table()) - set(routes())) == []
