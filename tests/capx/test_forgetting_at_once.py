"""Two who have to do with each other leave at the same moment: both are forgotten."""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from django.utils import timezone

from capx import erasure
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.together import together
from volunteers.actions import forgetting
from volunteers.models import Ask, Block, Notice, Person, Thanks

pytestmark = pytest.mark.django_db(transaction=True)


def met():
    """Give two of one affiliate who asked, thanked, wrote to and shut out each other."""
    now = timezone.now()
    one, other = PersonFactory(name="Ola Nowak"), PersonFactory(name="Bea Lang")
    ours = MembershipFactory(person=one).affiliate
    MembershipFactory(person=other, affiliate=ours)
    for number, (who, whom) in enumerate(((one, other), (other, one))):
        Ask.objects.create(person=whom, asker=who, why=f"{who} asks {whom}", asked_at=now)
        Thanks.objects.create(giver=who, receiver=whom, key=f"{number}", words=f"{whom}!")
        Block.objects.create(person=who, blocked=whom)
        Notice.objects.create(recipient=who, key=f"{number}", subject=f"{whom} wrote", body="")
    return one, other


def leave_at_once(monkeypatch, *people):
    """Let people be forgotten together, each once the others are as far, if they can be."""
    midway = Barrier(len(people), timeout=1)
    empty = forgetting.empty

    def wait(person, **more):
        with suppress(BrokenBarrierError):
            midway.wait()
        empty(person, **more)

    def leave(person):
        erasure.forget(person, at=timezone.now(), keep_practices=False)

    monkeypatch.setattr(forgetting, "empty", wait)
    together(*(partial(leave, person) for person in people))


def test_two_who_had_to_do_with_each_other_are_both_forgotten(monkeypatch):
    leave_at_once(monkeypatch, *met())

    assert Person.objects.filter(forgotten_at=None).count() == 0
    assert not Notice.objects.filter(subject__contains="wrote").exists()
    assert not Thanks.objects.filter(words__contains="Ola").exists()


def test_organisers_who_leave_at_once_are_all_forgotten(monkeypatch):
    people = OrganiserFactory.create_batch(3)
    now = timezone.now()
    for person in people:
        for other in people:
            key = f"{person.pk}:{other.pk}"
            Notice.objects.create(recipient=person, key=key, subject=f"{other} wrote", body="")

    leave_at_once(monkeypatch, *people)

    assert Person.objects.filter(forgotten_at__gte=now).count() == 3
    assert Notice.objects.count() == 0
