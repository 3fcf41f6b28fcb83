"""Receipts: one file for a cost, known by what is in it, read only by whom it concerns."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

# Erasmus+ has records kept five years after the final payment (grant agreement, article 20);
# a final report is looked at within one more.
KEPT = timedelta(days=6 * 365)
MOST_BYTES = 5 * 1024 * 1024
PDF_HEAD = 1024  # readers look for its mark so far in
PDF_TAIL = 2048
PNG = b"\x89PNG\r\n\x1a\n"


def media_type_of(content: bytes) -> str:
    """Tell by its bytes what a file is; '' is none of those that are taken.

    A beginning alone is not enough: a file that was cut off is no receipt.
    """
    if b"%PDF-" in content[:PDF_HEAD] and b"%%EOF" in content[-PDF_TAIL:]:
        return "application/pdf"
    if _whole_jpeg(content):
        return "image/jpeg"
    if content.startswith(PNG + b"\0\0\0\x0dIHDR") and b"IEND" in content[-PDF_TAIL:]:
        return "image/png"
    return ""


def _whole_jpeg(content: bytes) -> bool:
    """Say whether a photo is there to its end; what phones append behind it may stay.

    The mark of the end counts behind the head only: a small preview in it has one, too.
    """
    at = 2 if content.startswith(b"\xff\xd8\xff") else len(content)
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda":
        at += 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
    return content[at : at + 2] == b"\xff\xda" and content.find(b"\xff\xd9", at) > 0


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Reads of receipts."""

    def light(self) -> Self:
        """Leave out the bytes."""
        return self.defer("content")

    def outdated(self, now: datetime) -> Self:
        """Keep those that no funder asks for any more, of costs that are paid or refused.

        Their years begin with the receipt or the report about its edition's money, whichever
        is later.
        """
        late = now - KEPT
        reported = Q(cost__edition__funds__report_due__gte=late.date())
        old = self.filter(added_at__lt=late).exclude(cost__state__in=["claimed", "committed"])
        return old.exclude(pk__in=self.filter(reported).values("pk"))


class Receipt(models.Model):
    """What proves a cost: the file itself, beside nothing that anybody could fetch it from."""

    class MediaType(models.TextChoices):
        """What is taken."""

        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    cost = models.OneToOneField("grandtour.Cost", models.CASCADE, related_name="receipt")
    content = models.BinaryField()
    media_type = models.CharField(max_length=15, choices=MediaType)
    file_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.CheckConstraint(
                name="receipt_at_most_5_mb",
                condition=Q(
                    LessThanOrEqual(
                        Func(
                            F("content"),
                            function="octet_length",
                            output_field=models.IntegerField(),
                        ),
                        MOST_BYTES,
                    )
                ),
            ),
            models.CheckConstraint(
                name="receipt_of_a_kind_we_take",
                condition=Q(media_type__in=["application/pdf", "image/jpeg", "image/png"]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="receipt_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.file_name
