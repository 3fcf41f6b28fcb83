"""May-decide is apart from may-see: whoever only looks presses every button in vain.

An organiser opens every page of the desk about a tour; each form is filled in, and sent with
each of its buttons. What changes something then is sent again by those who may see as much.
"""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from grandtour import models as rows
from grandtour.models import Phase
from grandtour.plans import accepting, running
from tests.addresses import address, routes, world
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_moving import agree, visit
from tests.grandtour.tours import (
    NOON,
    AssignmentFactory,
    ClaimFactory,
    FundFactory,
    LineFactory,
    ReviewerFactory,
    SeatFactory,
    scored,
    settle,
)
from tests.grandtour.trained import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only", "in_february")]
DESK = "admin/grandtour/"
# What is decided at the desk, by the names of addresses; each has to change something when an
# organiser presses, or the test proves nothing.
DECIDED = {
    *("cost_add_fund", "cost_add_line", "cost_approve", "cost_drop_fund", "cost_drop_line"),
    *("cost_fund", "cost_line", "cost_paid", "cost_pay", "cost_rates", "cost_refuse"),
    *("cost_share", "cost_stipends"),
    *("edition_add", "edition_application", "edition_begin", "edition_change", "edition_copy"),
    *("edition_go_on", "edition_letter", "edition_letters", "edition_readers"),
    *("edition_review", "host_answer", "journey_call_off", "journey_confirm", "journey_move"),
    *("journey_offer", "journey_place", "lesson_change", "plan_accept", "plan_of"),
    *("plan_reasons", "plan_stop", "seat_cancel", "training_add", "training_change"),
    *("training_write", "trainingversion_change", "trainingversion_publish"),
}
# What is only looked at, beside lists and histories: pages, and files to take away.
LOOKED = {
    *("cost_books_xlsx", "cost_budget_csv", "cost_change", "cost_costs_csv", "cost_draft"),
    *("cost_draft_pdf", "cost_draft_txt", "cost_mobilities_csv", "cost_mobilities_pdf"),
    *("cost_mobilities_xlsx", "cost_of", "cost_records", "edition_compare", "edition_export"),
    *("edition_recap", "host_change", "journey_change", "journey_show"),
    *("lookbackanswer_change", "plan_change", "plan_compare", "plan_show"),
}
# What stands in fields that are empty.
SAID = {
    "amount": "10",
    "applications_first_day": "2027-02-01",
    "applications_last_day": "2027-02-28",
    "ask-username": "willing",
    "code": "",
    "first_day": "2027-02-01",
    "granted": "1",
    "group_1": "100",
    "group_2": "100",
    "group_3": "100",
    "night_cost": "10",
    "phrase": "school",
    "requested": "10",
    "skills": "",
    "slug": "another-one",
    "stipend": "0",
    "travel_first_day": "2027-05-01",
    "travel_last_day": "2027-06-30",
    "to": "",
}


# What is written over what is there.
OTHERWISE = {"name": "Another one", "title": "Another", "months": "9", "what_for": "Beds"}
OF_A_LINE = re.compile(r"-(\d+|__prefix__)-")  # one of several below each other: left as it is


class Forms(HTMLParser):
    """Reads the forms of a page, filled in: what is there is kept, what is empty gets words."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.form, self.select, self.area, self.needed = [], None, None, None, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name = said.get("name")
        if tag == "form":
            self.form = {"action": said.get("action") or "", "data": {}, "buttons": []}
            self.forms += [self.form] if said.get("method", "").lower() == "post" else []
        elif self.form is None or not name:
            if tag == "option" and self.select:
                self._option(said)
        elif tag == "button" or said.get("type") == "submit":
            self.form["buttons"].append((name, said.get("value", "")))
        elif tag == "select":
            self.select, self.needed = name, "required" in said
            self.form["data"][name] = None
        elif tag == "textarea":
            self.area = name
            self.form["data"][name] = ""
        elif tag == "input":
            self._input(name, said)

    def _option(self, said):
        """Choose as browsers do; where a choice is needed, the first there is."""
        kept, value = self.form["data"], said.get("value", "")
        is_first = kept[self.select] is None
        if is_first or "selected" in said or (self.needed and not kept[self.select]):
            kept[self.select] = value

    def _input(self, name, said):
        data, kind, value = self.form["data"], said.get("type", "text"), said.get("value")
        if kind == "file" or name.endswith("-DELETE"):
            return
        if kind == "checkbox":
            data[name] = [*data.get(name, []), value or "on"]
        elif kind == "radio":
            if "checked" in said or name not in data:
                data[name] = value
        else:
            day = "2026-12-01" if kind == "date" else "1" if kind == "number" else "Words"
            is_left = kind == "hidden" or OF_A_LINE.search(name)
            data[name] = OTHERWISE.get(name, value) or ("" if is_left else SAID.get(name, day))

    def handle_endtag(self, tag):
        if tag == "select":
            if self.select and self.form["data"][self.select] is None:
                del self.form["data"][self.select]
            self.select = None
        elif tag == "textarea":
            is_left = self.area is None or OF_A_LINE.search(self.area)
            if not (is_left or self.form["data"][self.area].strip()):
                self.form["data"][self.area] = "Words"
            self.area = None
        elif tag == "form":
            self.form = None

    def handle_data(self, data):
        if self.area:
            self.form["data"][self.area] += data.lstrip("\n")

    def sent(self, path):
        """List what can be sent: an address, and what with each button."""
        for form in self.forms:
            target = form["action"] or path
            for button in form["buttons"] or [None]:
                yield target, form["data"] | (dict([button]) if button else {})


def what_there_is():
    """Take a mark of all rows of a tour, and of what was written to people."""
    names = [
        m._meta.db_table
        for m in rows.Edition._meta.apps.get_models(include_auto_created=True)
        if m._meta.app_label == "grandtour" or m._meta.model_name == "notice"
    ]
    each = (
        f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"  # noqa: S608
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def press(client, path, data):
    """Send a form; give what it answers, and whether anything is otherwise then."""
    before = what_there_is()
    point = transaction.savepoint()
    answer = client.post(path, data)
    changed = what_there_is() != before
    transaction.savepoint_rollback(point)
    return answer, changed


@pytest.fixture
def w():
    """Make a world in which something waits to be decided everywhere."""
    made = world()
    Phase.objects.update(names_shown=True, others="always", may_decide=True)
    PersonFactory(username="willing")
    read = made.assignment.application
    scored(read, made.assignment.reviewer, 4, 1, at=timezone.now())
    rows.Redaction.objects.create(application=read, kind="by_hand", phrase="school")
    return made


def pages(w):
    """List the pages of the desk about a tour, and some that wait for something else."""
    yield from (address(route, w) for route in routes() if route.startswith(DESK))
    yield f"/{DESK}journey/{SeatFactory().journey_id}/offer/"
    yield f"/{DESK}training/{published('How to host').training.pk}/write/"
    yield from of_money(w)
    yield from of_visits()
    # At last: whether a country had a place elsewhere is part of what is planned.
    yield from of_plans()


def of_money(w):
    """List what is done to costs and lines that wait for it."""
    line = LineFactory(fund__edition=w.cost.edition)
    yield f"/{DESK}cost/line/{line.pk}/remove/"
    yield f"/{DESK}cost/fund/{FundFactory().pk}/remove/"
    committed = ClaimFactory(
        seat=w.cost.seat,
        state="committed",
        line=line,
        decided_at=timezone.now(),
        decided_by=w.ruler,
    )
    yield f"/{DESK}cost/{committed.pk}/pay/"
    yield f"/{DESK}cost/of/{w.cost.edition_id}/paid/"


def of_visits():
    """List what is done about a stay that all agreed on, and one whose days are to move."""
    agreed = visit("agreed", application__state="placed")
    settle(agreed.journey.seats.get())
    yield f"/{DESK}journey/{agreed.journey_id}/confirm/"
    moves = visit()
    agree(moves, 2, 30)
    yield f"/{DESK}journey/{moves.journey_id}/move/"
    line = LineFactory(fund__edition=moves.journey.edition)
    yield f"/{DESK}cost/of/{line.fund.edition_id}/stipends/"


def of_plans():
    """List what is done about a plan that stands, one at work, and what was made of one."""
    made = round_of(("PL", "SK", "HU"))
    before = planned(made, reasons=False)
    accepting.accept(before, before.asked_by, at=NOON)
    applicant(made, "NL", state="waiting")
    yield f"/{DESK}journey/{made.journeys.get().pk}/place/"
    edition = round_of()
    plan = planned(edition, reasons=False)
    rows.Plan.objects.filter(pk=plan.pk).update(reasons_state="failed", reasons_fault="worker")
    yield f"/{DESK}plan/{plan.pk}/show/"
    yield f"/{DESK}plan/{plan.pk}/accept/"
    yield f"/{DESK}plan/of/{edition.pk}/"
    waits = running.ask(made, before.asked_by, running.Wish(seconds=20), at=NOON)
    yield f"/{DESK}plan/{waits.pk}/show/"


def at_the_desk():
    """Name all addresses of the desk about a tour, but for lists and histories."""
    of_tours = filter(site.is_registered, apps.get_app_config("grandtour").get_models())
    patterns = (one for model in of_tours for one in site.get_model_admin(model).get_urls())
    names = {pattern.name for pattern in patterns if pattern.name}
    return {
        name.removeprefix("grandtour_")
        for name in names
        if not name.endswith(("_changelist", "_history"))
    }


def named(path):
    """Name the address that a path leads to."""
    return resolve(path).url_name.removeprefix("grandtour_")


def forms_of(answer, path):
    """List what can be sent to the desk from a page, where it is one."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    sent = Forms(answer.content.decode()).sent(path)
    return [(target, data) for target, data in sent if target.startswith(f"/{DESK}")]


def what_changes_something(client, w):
    """List what changes something when it is sent, and the names of pages nobody opens.

    Where a page says first what would change, what it says then is sent as well.
    """
    shut, those = set(), []
    sent = []
    for path in pages(w):
        answer = client.get(path)
        shut |= {named(path)} if answer.status_code in {403, 404} else set()
        sent += forms_of(answer, path)
    for path, data in sent:
        answer, changed = press(client, path, data)
        again = [] if changed else forms_of(answer, path)
        those += [(path, data)] if changed else []
        those += [one for one in again if press(client, *one)[1]]
    return those, shut


def who_looks():
    """Let somebody enter the desk who may see everything of a tour, and do nothing."""
    person = PersonFactory(is_staff=True)
    sees = Permission.objects.filter(content_type__app_label="grandtour")
    person.user_permissions.set(sees.filter(codename__startswith="view_"))
    return person


def who_also_reads(w):
    """Let them read in the edition, too: a reviewer who does not decide."""
    person = who_looks()
    edition = w.assignment.reviewer.edition
    reviewer = ReviewerFactory(edition=edition, person=person, decides=False)
    AssignmentFactory(application=w.assignment.application, reviewer=reviewer)
    return person


def test_who_may_see_but_not_decide_changes_nothing_by_any_button(w):
    decides = Client()
    decides.force_login(OrganiserFactory())
    those, shut = what_changes_something(decides, w)
    acted = {named(path) for path, _data in those}
    assert sorted(DECIDED - acted) == []
    assert sorted(acted - DECIDED) == []
    assert sorted(at_the_desk() - DECIDED - LOOKED - shut) == []

    done = []
    for person in (who_looks(), who_also_reads(w), w.assignment.reviewer.person):
        client = Client()
        client.force_login(person)
        seen = client.get(f"/{DESK}edition/{w.assignment.reviewer.edition_id}/review/")
        assert (seen.status_code == 200) == person.is_staff
        for path, data in those:
            answer, changed = press(client, path, data)
            refused = answer.status_code in {403, 404} or "/login/" in answer.get(
                "Location", ""
            )
            if changed or not refused:
                done.append((person.username, path, answer.status_code, changed))
    assert done == []
