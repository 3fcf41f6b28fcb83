"""What is written after a journey: notes, reports, sharing, and what stuck."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grandtour.forms.expectations import text
from grandtour.models import LookBackAnswer, Sharing, StopNote, TravelReport
from volunteers.forms import SkillsField

YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("I would rather not say"))]


class NoteForm(forms.ModelForm[StopNote]):
    """A short note about a stop."""

    again = forms.TypedChoiceField(
        label=_("Would you do it again?"),
        choices=YES_NO,
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = StopNote
        fields = ["good", "better", "again", "passed_on"]
        labels = {
            "good": _("What was good"),
            "better": _("What could be better"),
            "passed_on": _("Those who travel here later may read it, too"),
        }
        widgets = {"good": text(4), "better": text(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Let only travellers pass on what they write."""
        super().__init__(*args, **kwargs)
        if self.instance.seat is None:
            del self.fields["passed_on"]


class ReportForm(forms.ModelForm[TravelReport]):
    """What a traveller brings home."""

    skills = SkillsField(
        label=_("Skills you learnt more of"),
        required=False,
        help_text=_("From these we suggest what you could offer others."),
    )

    class Meta:
        model = TravelReport
        fields = ["learnt", "changes", "for_next", "voice_note", "skills"]
        labels = {
            "learnt": _("What you learnt"),
            "changes": _("What you do differently now"),
            "for_next": _("What the next travellers should know"),
            "voice_note": _("Or a recording instead"),
        }
        help_texts = {
            "learnt": _("A few honest sentences are better than three pages."),
            "voice_note": _("The address of a recording, if talking is easier than writing."),
        }
        widgets = {"learnt": text(8), "changes": text(4), "for_next": text(4)}

    def clean(self) -> dict[str, Any]:
        """Ask for words or a recording."""
        cleaned = super().clean() or self.cleaned_data
        if not (self.errors or cleaned.get("learnt") or cleaned.get("voice_note")):
            self.add_error("learnt", _("Write a few words, or give a recording."))
        return cleaned


class SharingForm(forms.ModelForm[Sharing]):
    """How something was passed on at home."""

    day = forms.DateField(
        label=_("When"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Sharing
        fields = ["what", "day", "link"]
        labels = {"what": _("What you did"), "link": _("Link")}
        help_texts = {"what": _("A talk, a workshop, a page, a walk: one line.")}

    def clean_day(self) -> Any:
        """Take only what has happened."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Note it when it has happened."))
        return day


class LookBackForm(forms.ModelForm[LookBackAnswer]):
    """What stuck."""

    named = forms.TypedChoiceField(
        label=_("With your name?"),
        choices=[
            ("no", _("Without: nothing leads back to me")),
            ("yes", _("With my name, for the organisers")),
        ],
        coerce=lambda said: said == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )

    stuck = forms.ChoiceField(
        label=_("How much of what came of it is in use now?"),
        choices=LookBackAnswer.Stuck,
        widget=forms.RadioSelect,
    )
    action = forms.ChoiceField(
        label=_("The one thing to do afterwards"),
        choices=LookBackAnswer.Action,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = LookBackAnswer
        fields = ["stuck", "action", "offered", "again", "words"]
        widgets = {"words": text(4)}
        help_texts = {"words": _("Without your name, write nothing that tells who you are.")}

    def __init__(self, *args: Any, travelled: bool, **kwargs: Any) -> None:
        """Ask travellers about the one thing they wanted to do; hosts have none."""
        super().__init__(*args, **kwargs)
        if not travelled:
            del self.fields["action"]
