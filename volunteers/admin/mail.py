"""Mail: which notice did not go out, and sending it again; its words are nobody else's.

Nor are its subject, which says what became of an ask, and its link, which may open something
without signing in. Mail about somebody's weeks and how they are is not listed at all.
"""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from capx.desk import Reading, found
from capx.folding import fold
from volunteers import mailbox
from volunteers.models import Notice, Person
from volunteers.models.notices import NoticeKind

PRIVATE = [NoticeKind.BANDWIDTH, NoticeKind.CHECK_IN]


class Way(admin.SimpleListFilter):
    """What became of the mail."""

    title = _("what became of it")
    parameter_name = "mail"

    def lookups(
        self, _request: HttpRequest, _model_admin: admin.ModelAdmin[Notice]
    ) -> list[tuple[str, Any]]:
        """Name the ways a mail can go."""
        return [
            ("waits", _("Waits to go out")),
            ("stuck", _("Given up")),
            ("sent", _("Went out")),
            ("here", _("Only in the inbox here")),
        ]

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[Notice]
    ) -> models.QuerySet[Notice]:
        """Keep the mails of the chosen way."""
        unsent = queryset.filter(sent_at=None)
        chosen = {
            "waits": unsent.filter(by_mail=True),
            "stuck": unsent.filter(by_mail=False, tries__gt=0),
            "sent": queryset.filter(sent_at__isnull=False),
            "here": unsent.filter(by_mail=False, tries=0),
        }
        return chosen.get(self.value() or "", queryset)


@admin.register(Notice)
class NoticeAdmin(Reading[Notice]):
    """Find a mail that did not go out."""

    actions = ["send_again"]
    list_display = ["kind", "recipient", "created_at", "way", "tries"]
    list_filter = [Way, "kind"]
    list_select_related = ["recipient"]
    fields = [
        *("recipient", "to", "kind", "created_at", "not_before"),
        *("tries", "sent_at", "read_at", "way"),
    ]
    search_fields = ["recipient"]
    search_help_text = _("A part of the name, the username or the address of who should get it")
    ordering = ["-pk"]

    def waiting(self, _request: HttpRequest) -> list[dict[str, str]]:
        """Say how many mails were given up."""
        number = Notice.objects.filter(sent_at=None, by_mail=False, tries__gt=0).count()
        words = ngettext(
            "%(number)s mail could not be delivered",
            "%(number)s mails could not be delivered",
            number,
        ) % {"number": number}
        href = reverse("admin:volunteers_notice_changelist") + "?mail=stuck"
        return [{"words": words, "href": href}] if number else []

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Notice]:
        """Leave out what would tell how somebody is, by its kind alone.

        Letters of the Grand Tour would tell those who read blind who has applied: of them only
        what could not be delivered is here.
        """
        rows = super().get_queryset(request).exclude(kind__in=PRIVATE)
        stuck = models.Q(sent_at=None, by_mail=False, tries__gt=0)
        return rows.exclude(models.Q(kind=NoticeKind.TOUR) & ~stuck)

    @admin.display(description=_("mail"))
    def way(self, notice: Notice) -> str:
        """Say in words what became of the mail."""
        if notice.sent_at:
            return str(_("went out"))
        if notice.by_mail:
            return str(_("waits"))
        return str(_("given up") if notice.tries else _("only here"))

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Notice], search_term: str
    ) -> tuple[models.QuerySet[Notice], bool]:
        """Search by whom it is for: people first, so that a full letter box stays quick."""
        if not search_term.strip():
            return queryset, False
        names = found(fold(search_term), ["folded__contains"])
        people = Person.objects.filter(names | found(search_term, ["email__icontains"]))
        return queryset.filter(recipient__in=people), False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Say whether this organiser may send mail again."""
        return self.may_act(request)

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, notices: models.QuerySet[Notice]) -> None:
        """Put the chosen mails back into the letter box."""
        sent = mailbox.send_again(notices, at=timezone.now())
        left = len(notices) - sent
        done = ngettext("%(n)s mail goes out again.", "%(n)s mails go out again.", sent)
        messages.success(request, done % {"n": sent})
        if left:
            why = ngettext(
                "%(n)s stays here: no address, not wished by mail, or its code was for once.",
                "%(n)s stay here: no address, not wished by mail, or their code was for once.",
                left,
            )
            messages.warning(request, why % {"n": left})
