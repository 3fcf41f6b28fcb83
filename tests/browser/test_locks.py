"""An organiser finds whom to lock for a plan by typing, with keys alone, in any language."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_axe import AT_THE_DESK, AXE, OVERFLOW, RUN
from tests.browser.test_review import enter
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import applicant, round_of

__all__ = ["enter"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_whom_to_lock_is_found_with_keys_and_axe_finds_nothing(live, enter, language):
    edition = round_of(())
    for number in range(30):
        of_all = 1_700 + number  # what is typed of one also begins everybody's number
        applicant(edition, "PL", pk=of_all, person__name=f"Applicant {number:02}")
    one, other = edition.applications.filter(person__name__endswith="7").order_by("pk")[:2]
    page = enter(OrganiserFactory(), locale=language)
    page.add_init_script(AXE)
    page.goto(f"{live}{reverse('admin:grandtour_plan_of', args=[edition.pk])}")
    page.locator("details summary").last.focus()
    page.keyboard.press("Enter")

    search = page.locator("#id_travel + .select2 .select2-search__field")
    chosen = page.locator("#id_travel + .select2 .select2-selection__choice")
    for row in (one, other):
        search.focus()
        page.keyboard.type(row.person.name)
        expect(page.locator(".select2-results__option--highlighted")).to_contain_text(
            row.person.name
        )
        page.keyboard.press("Enter")
        expect(chosen.filter(has_text=row.person.name)).to_have_count(1)
    assert page.evaluate(RUN, AT_THE_DESK) + page.evaluate(OVERFLOW) == []
    expect(page.locator("#id_travel")).to_have_values([str(one.pk), str(other.pk)])
