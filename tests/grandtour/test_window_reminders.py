"""Whoever has a draft hears two weeks and three days before the last day, and not otherwise."""

from datetime import UTC, date, datetime, timedelta

import pytest

from grandtour.models import Application, Edition, Host
from grandtour.reminders.windows import remind
from tests.factories import MembershipFactory
from tests.grandtour.tours import NOON, ApplicationFactory, EditionFactory, HostFactory
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
LAST = date(2026, 2, 28)


def on(day):
    return datetime(2026, 2, 1, 12, tzinfo=UTC) + timedelta(days=day - 1)


def begun(factory, day=1, **about):
    """Give a draft begun on this day of February."""
    row = factory(state="draft", **about)
    type(row).objects.filter(pk=row.pk).update(created_at=on(day))
    return row


def reminded(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [":".join(row.key.split(":")[::2]) for row in rows]


def every_day(first=1, last=32):
    for day in range(first, last):
        for _again in range(2):
            remind(on(day))


def test_an_applicant_with_a_draft_hears_twice_and_until_when():
    draft = begun(ApplicationFactory)

    every_day()

    assert reminded(draft.person) == ["draft-closing:14", "draft-closing:3"]
    notice = Notice.objects.filter(key__startswith="draft-closing").first()
    assert "28 February 2026" in notice.subject
    assert notice.link == draft.get_absolute_url()
    assert notice.not_after == datetime(2026, 3, 1, 11, 59, 59, tzinfo=UTC)


def test_those_who_speak_for_a_host_with_a_draft_hear_twice():
    host = begun(HostFactory)
    speaker = MembershipFactory(affiliate=host.affiliate, role="editor").person
    member = MembershipFactory(affiliate=host.affiliate, role="member").person

    every_day()

    said = [f"host-closing:{days}" for days in (14, 3)]
    keys = Notice.objects.filter(recipient=speaker).order_by("pk").values_list("key", flat=True)
    assert [":".join([key.split(":")[0], key.split(":")[2]]) for key in keys] == said
    assert reminded(member) == []


def test_who_has_sent_it_taken_it_back_or_only_just_begun_hears_nothing():
    sent = ApplicationFactory(submitted_at=NOON, consented_at=NOON)
    Application.objects.filter(pk=sent.pk).update(state="submitted")
    gone = begun(ApplicationFactory)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn", ended_at=NOON)
    left = begun(ApplicationFactory)
    left.person.is_active = False
    left.person.save()
    fresh = begun(ApplicationFactory, day=25)
    offered, withdrawn = HostFactory(), begun(HostFactory)
    Host.objects.filter(pk=withdrawn.pk).update(state="withdrawn")
    for host in (offered, withdrawn):
        MembershipFactory(affiliate=host.affiliate, role="editor")

    every_day(last=25)
    remind(on(25) + timedelta(hours=5))

    assert not Notice.objects.exists()
    every_day(first=26)
    assert reminded(fresh.person) == ["draft-closing:3"]
    assert Notice.objects.count() == 1


def test_an_edition_that_is_not_open_reminds_nobody():
    begun(ApplicationFactory, edition=EditionFactory(state=Edition.State.REVIEWING))

    every_day()

    assert not Notice.objects.exists()
