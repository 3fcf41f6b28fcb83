"""A traveller does a training on a phone; a neighbour signs up for an event on the way."""

import pytest
from playwright.sync_api import expect

from grandtour.models import Completion, SignUp
from tests.addresses import invited
from tests.browser.test_axe import AXE
from tests.browser.test_import import WINDOWS, look, sign_in
from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.grandtour.trained import published


def window(new_context, live, which, person, language):
    """Open a window of this size, signed in."""
    context = new_context(**WINDOWS[which])
    context.add_init_script(AXE)
    sign_in(context, live, person, language)
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_traveller_does_a_training_on_a_phone(live, new_context, language):
    version, traveller = published(), PersonFactory()
    page = window(new_context, live, "phone", traveller, language)

    page.goto(f"{live}/me/training/")
    look(page, f"trainings-{language}")
    page.locator("main h3 a").click()
    look(page, f"training-{language}")
    page.locator("main .cdx-button--action-progressive").click()
    look(page, f"lesson-{language}")

    page.locator("main [type=radio]").nth(0).check()
    page.locator("main textarea").fill("I would ask her later, alone.")
    page.locator("main form button").click()
    expect(
        page.locator("main [aria-invalid=true], main .cdx-message--error").first
    ).to_be_visible()
    expect(page.locator("main textarea")).to_have_value("I would ask her later, alone.")
    look(page, f"lesson-not-quite-{language}")
    page.locator("main [type=radio]").nth(1).check()
    page.locator("main form button").click()
    expect(page.get_by_text("Needs differ.")).to_be_visible()
    look(page, f"lesson-done-{language}")

    page.locator("main nav .cdx-button--action-progressive").click()
    page.wait_for_url(f"**/{version.training.slug}/2/")
    page.locator("main form button").click()
    page.wait_for_url(f"**/me/training/{version.training.slug}/")
    look(page, f"training-passed-{language}")
    assert Completion.objects.get().person == traveller
    assert page.goto(f"{live}/me/training/{version.training.slug}/print/").ok
    look(page, f"training-print-{language}")


@pytest.mark.parametrize("which", ["phone", "desk"])
def test_a_neighbour_signs_up_for_an_event_and_the_host_sees_who_comes(
    live, new_context, which
):
    affiliate = AffiliateFactory(name="Wikimedia Testland", slug="testland")
    host = MembershipFactory(affiliate=affiliate, role="editor").person
    event, neighbour = invited(affiliate, host), PersonFactory(name="Ola Nowak")

    page = window(new_context, live, which, neighbour, "en")
    page.goto(f"{live}/affiliates/testland/")
    page.get_by_role("link", name=event.title).click()
    look(page, f"event-{which}")
    page.get_by_role("button", name="I will come").click()
    expect(page.get_by_text("You have a seat.")).to_be_visible()
    look(page, f"event-seat-{which}")
    assert SignUp.objects.get().place == 1

    desk = window(new_context, live, which, host, "en")
    desk.goto(f"{live}{event.get_absolute_url()}")
    expect(desk.get_by_text("Ola Nowak")).to_be_visible()
    look(desk, f"event-host-{which}")
    desk.get_by_role("link", name="Change it").click()
    look(desk, f"event-edit-{which}")
    desk.get_by_label("Where?").fill("Town hall")
    desk.get_by_role("button", name="Save the changes").click()
    expect(desk.get_by_text("Town hall")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="I cannot come after all").click()
    expect(page.get_by_role("button", name="I will come")).to_be_visible()
    assert not SignUp.objects.exists()
