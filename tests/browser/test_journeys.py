"""An organiser plans and offers a journey; a traveller on a phone and a host answer."""

import pytest
from playwright.sync_api import expect

from grandtour.models import Journey, Plan
from grandtour.plans import explaining, running
from tests.browser.test_axe import AXE
from tests.browser.test_import import WINDOWS, look, sign_in
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.rounds import put_off, round_of


def go(page, path):
    assert page.goto(path).ok, path


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_plan_to_a_journey_that_all_have_agreed_on(live, new_context, language):
    edition = put_off(round_of())  # what is planned lies ahead
    desk, phone, house = (new_context(**WINDOWS[w]) for w in ("desk", "phone", "desk"))
    for window in (desk, phone, house):
        window.add_init_script(AXE)
    sign_in(desk, live, OrganiserFactory(), language)
    page = desk.new_page()

    go(page, f"{live}/admin/grandtour/plan/of/{edition.pk}/")
    look(page, f"plans-{language}")
    page.locator("#begin form button").click()
    expect(page.locator("#plan progress")).to_be_visible()
    look(page, f"plan-waits-{language}")
    assert running.run_next()
    # The page asks every two seconds by itself: first for the plan, then for its reasons.
    expect(page.locator(".plan__figures")).to_be_visible()
    expect(page.locator("#reasons[hx-get]")).to_be_visible()
    look(page, f"plan-without-reasons-{language}")
    assert explaining.explain_next()
    expect(page.locator("#reasons[hx-get]")).to_have_count(0)
    with page.expect_navigation():
        page.locator("#reasons a").click()
    look(page, f"plan-{language}")
    page.locator("details summary").first.click()
    expect(page.locator("#plan table").first).to_be_visible()

    plan = Plan.objects.get()
    go(page, f"{live}/admin/grandtour/plan/{plan.pk}/accept/")
    page.locator(".desk-ask form button").click()
    journey = Journey.objects.get()
    go(page, f"{live}/admin/grandtour/journey/{journey.pk}/offer/")
    look(page, f"offer-{language}")
    with page.expect_navigation():
        page.locator(".desk-ask form button").click()
    look(page, f"journey-desk-{language}")

    for seat in journey.seats.select_related("person"):
        sign_in(phone, live, seat.person, language)
        traveller = phone.new_page()
        go(traveller, f"{live}{journey.get_absolute_url()}")
        look(traveller, f"journey-phone-{language}")
        with traveller.expect_navigation():
            traveller.locator("#answer form button").first.click()
    for stop in journey.stops.select_related("host__affiliate"):
        speaker = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
        sign_in(house, live, speaker, language)
        host = house.new_page()
        go(host, f"{live}{journey.get_absolute_url()}")
        look(host, f"journey-host-{language}")
        with host.expect_navigation():
            host.locator("section form button").first.click()

    assert {seat.state for seat in journey.seats.all()} == {"agreed"}
