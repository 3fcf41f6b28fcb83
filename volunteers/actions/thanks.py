"""What people do with thank-yous they received or gave."""

from django.db import transaction

from volunteers.models import Notice, Person, Thanks


@transaction.atomic
def show(thanks: Thanks, by: Person, *, wished: bool) -> None:
    """Note what one side wishes: it is shown on the receiver's page when both wish so."""
    side = "receiver_shows" if thanks.receiver_id == by.pk else "giver_shows"
    Thanks.objects.filter(pk=thanks.pk).update(**{side: wished})


@transaction.atomic
def remove(thanks: Thanks) -> None:
    """Let go of the words for good, for both sides, and of the mail that brought them."""
    Notice.objects.filter(recipient=thanks.receiver_id, key=thanks.notice_key).delete()
    Thanks.objects.filter(pk=thanks.pk).delete()
