"""A steward brings the messy file of their CRM, on a phone and at a desk."""

import csv
import os
import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.browser.test_axe import AXE, OVERFLOW, RUN, TAGS
from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.volunteers.civicrm import messy
from volunteers.imports import reading, writing
from volunteers.models import Commitment, Import, Notice
from volunteers.tasks import go_on_with_imports

WINDOWS = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}
# More than the chunks that are done while the page waits: the rest is seen to go on.
LINES = 7000
LARGE, SMALLER = "desk en", 5  # the file is as large once, else it and its chunks are smaller
SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def affiliate():
    return AffiliateFactory(name="Wikimedia Testland", slug="testland", languages=["pl"])


@pytest.fixture
def part(way, monkeypatch):
    """Say by what the file is smaller; its chunks are too, so that as many are done."""
    by = 1 if way == LARGE else SMALLER
    for module in (reading, writing):
        monkeypatch.setattr(module, "CHUNK", module.CHUNK // by)
    return by


@pytest.fixture
def file(affiliate, part, tmp_path):
    """Write a file about four members: two are known by their address, two by no word."""
    contacts = []
    for number in range(4):
        person = PersonFactory(username=f"Member {number}", name=f"Ola {'ABCD'[number]}")
        MembershipFactory(affiliate=affiliate, person=person)
        known = number < 2
        name = person.name if known else f"Nowak, {number}"
        contacts.append((str(number + 1), name, person.email if known else "", ""))
    made = messy(contacts, lines=LINES // part)
    path = tmp_path / "Aktivitäten.csv"
    path.write_bytes(made.content)
    return path, made


def sign_in(context, live, person, language="en"):
    client = Client()
    client.force_login(person)
    for name, value in (
        ("sessionid", client.cookies["sessionid"].value),
        ("django_language", language),
    ):
        context.add_cookies([{"name": name, "value": value, "url": live}])


def look(page, name):
    """Find nothing wrong with the page, and take a picture where somebody wants one."""
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(RUN, TAGS) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("way", ["phone en", "desk en", "phone ar", "desk ar"])
def test_a_steward_brings_the_messy_file_of_their_crm(live, new_context, affiliate, file, way):
    path, made = file
    window, language = way.split()
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    context = new_context(**WINDOWS[window])
    context.add_init_script(AXE)
    sign_in(context, live, steward, language)
    page = context.new_page()
    page.goto(f"{live}/affiliates/testland/import/")
    look(page, f"import-{window}-{language}")

    page.locator("main [name=file]").set_input_files(path)
    page.locator("main form [type=submit], main form button").first.click()
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    one = Import.objects.get()
    expect(page.locator("progress")).to_have_attribute("value", str(3 * reading.CHUNK))
    look(page, f"import-reading-{window}-{language}")
    go_on_with_imports()
    expect(page.locator("#counts")).to_be_visible()
    look(page, f"import-read-{window}-{language}")

    page.locator(f"main a[href='/imports/{one.pk}/people/']").click()
    page.wait_for_url(re.compile("people"))
    for contact, username in (("Nowak, 2", "Member 2"), ("Nowak, 3", "Member 3")):
        page.get_by_label(contact).fill(username)
    look(page, f"import-people-{window}-{language}")
    page.locator("main form button").last.click()
    page.wait_for_url(re.compile(rf"/imports/{one.pk}/$"))

    confirm = page.locator(f"form[action='/imports/{one.pk}/confirm/']")
    confirm.locator("button").click()
    expect(page.locator(".cdx-message--error").first).to_be_visible()
    confirm.locator("[name=partly]").check()
    confirm.locator("button").click()
    expect(page.locator("progress")).to_be_visible()
    look(page, f"import-writing-{window}-{language}")
    go_on_with_imports()
    expect(page.locator("main details.confirm")).to_be_visible()
    look(page, f"import-done-{window}-{language}")

    with page.expect_download() as download:
        page.locator("main a[href$='refused.csv']").click()
    text = Path(download.value.path()).read_bytes().decode()
    lines = list(csv.reader(text.splitlines(keepends=True)))
    assert [int(line[0]) for line in lines[1:]] == sorted(made.refused)
    assert Commitment.objects.count() == len(made.hours)
    assert Notice.objects.filter(key__startswith="imported:").count() == 4


def test_a_person_drops_a_line_and_takes_no_more(live, new_context, affiliate):
    ola = PersonFactory(username="Ola")
    MembershipFactory(affiliate=affiliate, person=ola)
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    context = new_context(**WINDOWS["phone"])
    context.add_init_script(AXE)
    sign_in(context, live, steward)
    page = context.new_page()
    page.goto(f"{live}/affiliates/testland/import/")
    text = "Activity ID,Activity Date,Duration,Subject,Username\n1,03/04/2026,1:30,Stall,Ola\n"
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("main [name=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    look(page, "import-question-phone")
    page.get_by_label("The day").check()
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("Take this import back").wait_for()

    sign_in(context, live, ola)
    page.goto(live + Notice.objects.get(recipient=ola).link)
    look(page, "imported-phone")
    page.locator("main summary", has_text="Drop").click()
    look(page, "imported-drop-phone")
    page.get_by_role("button", name="Drop it").click()
    page.get_by_text("No file brings it back").wait_for()
    page.get_by_role("button", name="Take no more from them").click()
    page.get_by_role("button", name="Take them again").wait_for()

    row = Commitment.objects.get()
    assert (str(row.period.lower), row.hours, row.state) == ("2026-04-03", 1.5, "dropped")
    assert row.let_go_at
