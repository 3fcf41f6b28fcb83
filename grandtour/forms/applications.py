"""What people may write when they would like to travel."""

from copy import copy
from typing import Any

from django import forms
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx import marks
from grandtour.actions.applications import Private, Written
from grandtour.forms.days import Periods
from grandtour.forms.hosts import area
from grandtour.models import Application, Edition, Host, Needs
from volunteers.forms import PlaceField, SkillsField
from volunteers.forms.codes import CodesField
from volunteers.models import Affiliate, Skill

# What it cannot be read without; goals may be said in a recording instead.
MUST = ("place", "purpose", "languages", "travels_by", "first_time")
# The fields of the row itself, and those that only organisers read.
ROW = (
    *("way", "goals", "voice_note", "brings", "spreads"),
    *("place", "affiliate", "purpose", "languages", "travels_by", "first_time"),
    *("peer_role", "partner", "nights"),
)
# What is only asked in a peer exchange.
PEERS = ("peer_role", "partner")
NEEDS = ("step_free", "access", "diet", "visa", "other")
YES_OR_NO = [(True, _("Yes, the first")), (False, _("No, I have been on one"))]


class ApplicationForm(forms.ModelForm[Application]):
    """An application; a draft may have gaps."""

    place = PlaceField(label=_("City you live in"), required=False)
    languages = CodesField(
        kind="languages", label=_("Languages in which you can learn and teach"), required=False
    )
    wants = SkillsField(label=_("Skills you would like to learn"), required=False)
    shares = SkillsField(label=_("Skills you bring"), required=False)
    travels_by = forms.MultipleChoiceField(
        label=_("How can you travel?"),
        choices=Application.Travel,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Most journeys are by train. A plane needs a reason."),
    )
    way = forms.ChoiceField(
        label=_("How would you like to tell it?"),
        choices=Application.Way,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("All three are read alike."),
    )
    purpose = forms.ChoiceField(
        label=_("In which part would you travel?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The same rules hold for all of them."),
    )
    first_time = forms.TypedChoiceField(
        label=_("Would it be your first journey of this kind?"),
        choices=YES_OR_NO,
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label=_("Reviewers and organisers may read this, for this edition."), required=False
    )
    revision = forms.CharField(max_length=22, widget=forms.HiddenInput)
    based_on = forms.CharField(
        max_length=marks.LONGEST, widget=forms.HiddenInput, required=False
    )
    step_free = forms.BooleanField(
        label=_("I cannot take steps"),
        required=False,
        help_text=_("Then only hosts who can be reached without any are planned for you."),
    )
    access = forms.CharField(
        label=_("What do you need to get about, see, hear or rest?"),
        max_length=2000,
        required=False,
        widget=area(2),
    )
    diet = forms.CharField(
        label=_("What do you eat or not eat?"), max_length=2000, required=False, widget=area(2)
    )
    visa = forms.CharField(
        label=_("Do you need a visa or other papers?"),
        max_length=2000,
        required=False,
        widget=area(2),
    )
    other = forms.CharField(
        label=_("Anything else"), max_length=2000, required=False, widget=area(2)
    )

    class Meta:
        model = Application
        fields = [*ROW, "wants", "shares"]
        widgets = {"goals": area(5), "brings": area(4), "spreads": area(3)}
        labels = {"affiliate": _("Affiliate, if you belong to one")}
        help_texts = {
            "goals": _("A few sentences are enough: what would you do with it at home?"),
            "voice_note": _("If you would rather speak than write: three minutes are enough."),
            "affiliate": _("Nobody has to recommend you."),
            "partner": _(
                "Pairs that have agreed are planned first; without one we look for somebody. "
                "The host reads your name and your part, and is asked whether it is so. It is "
                "in this list once it has offered to host."
            ),
        }

    def __init__(
        self, data: Any = None, *, instance: Application, complete: bool = True
    ) -> None:
        """Ask for everything that it cannot be read without, unless it stays a draft."""
        self.before = copy(instance)
        super().__init__(data, instance=instance, initial=_first_words(instance))
        self.complete = complete
        self.needed = [*MUST, "goals", "consent"]
        field: Any = self.fields["affiliate"]
        field.queryset = Affiliate.objects.joined_by(instance.person).order_by("name", "pk")
        field.empty_label = _("None")
        purpose: Any = self.fields["purpose"]
        purpose.choices = [(one, gettext(one)) for one in instance.edition.purposes]
        self._ask_peers()
        self._ask_nights()
        self._ask_questions()
        if complete:
            for name in (*MUST, "consent"):
                self.fields[name].required = True

    def _ask_peers(self) -> None:
        """Ask for part and partner in a peer exchange, and only there."""
        edition = self.instance.edition
        if edition.kind != Edition.Kind.PEER_EXCHANGE:
            for name in PEERS:
                del self.fields[name]
            return
        field: Any = self.fields["partner"]
        hosts = edition.hosts.offered().select_related("affiliate")
        field.queryset = hosts.order_by("affiliate__name", "pk")
        field.label_from_instance = _affiliate_of
        field.empty_label = _("None yet: find me one")

    def _ask_nights(self) -> None:
        """Ask how long the stay shall be where there is one, and its length can be chosen."""
        edition = self.instance.edition
        least, most = edition.fewest_nights, edition.most_nights
        if edition.most_stops > 1 or least == most:
            del self.fields["nights"]
            return
        self.fields["nights"] = forms.IntegerField(
            label=_("How many nights would you like to stay?"),
            help_text=_(
                "From %(least)s to %(most)s. You stay so long, or as near to it as your days "
                "and your host's allow. Leave it empty if any length suits you."
            )
            % {"least": least, "most": most},
            min_value=least,
            max_value=most,
            required=False,
        )

    def _ask_questions(self) -> None:
        """Ask what the edition asks those who would rather answer than write a letter."""
        self.questions = list(self.instance.edition.questions.order_by("number"))
        if not self.questions:
            del self.fields["way"]
            return
        rows = self.instance.answers.order_by("pk")
        known = dict(rows.values_list("question", "words"))
        answers = (_answer(question.pk) for question in self.questions)
        self.needed += ["way", "voice_note", *answers]
        for question in self.questions:
            self.fields[_answer(question.pk)] = forms.CharField(
                label=question.words,
                max_length=2000,
                required=False,
                widget=area(3),
                initial=known.get(question.pk, ""),
            )

    @property
    def answers(self) -> list[forms.BoundField]:
        """Give the fields of the answers, in the order of the questions."""
        return [self[_answer(question.pk)] for question in self.questions]

    def clean_way(self) -> str:
        """Take nothing as a letter."""
        return self.cleaned_data["way"] or Application.Way.LETTER

    def clean(self) -> dict[str, Any]:
        """Ask for goals in writing, in answers or in a recording."""
        cleaned = super().clean() or self.cleaned_data
        if not self.complete:
            return cleaned
        if cleaned.get("way") == Application.Way.QUESTIONS:
            for name in (_answer(question.pk) for question in self.questions):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A sentence is enough."))
            return cleaned
        said = cleaned.get("goals") or cleaned.get("voice_note")
        if not said and not {"goals", "voice_note"} & set(self.errors):
            voice = cleaned.get("way") == Application.Way.VOICE
            self.add_error(
                "voice_note" if voice else "goals",
                _("Write what you would like to learn, or link a recording."),
            )
        return cleaned

    def full_clean(self) -> None:
        """Leave what was there where something is not right."""
        super().full_clean()
        for name in set(ROW) & set(self.errors):
            setattr(self.instance, name, getattr(self.before, name))

    def suits(self, lines: Periods) -> bool:
        """Ask for days, and for no more nights than they have; both are kept as they are."""
        most = lines.most_nights()
        if not lines.chosen():
            self.add_error(None, _("Say on which days you could be away."))
        elif (self.cleaned_data.get("nights") or 0) > most:
            words = _(
                "The longest of your periods has fewer nights: %(most)s. Wish for no more, or "
                "name more days."
            )
            self.add_error("nights", words % {"most": most})
        return self.is_valid()

    def written(self) -> Written:
        """Give what can be kept: all that is right, and what was there where it is not."""
        row = self.instance
        row.country = row.place.country if row.place else ""
        row.revision = self.cleaned_data.get("revision", "")
        based_on = self.cleaned_data.get("based_on", "")
        return Written(
            row, self._skills("wants"), self._skills("shares"), based_on, self._answers()
        )

    def _answers(self) -> dict[int, str]:
        """Give what was answered and is right, by the key of its question."""
        names = ((question.pk, _answer(question.pk)) for question in self.questions)
        return {
            key: self.cleaned_data[name]
            for key, name in names
            if name in self.cleaned_data and name in self.data
        }

    def _skills(self, name: str) -> list[Skill]:
        """Give the skills that are known, whatever else was typed."""
        field: Any = self.fields[name]
        return list(self.cleaned_data.get(name, field.right(self[name].data)))

    def private(self) -> Private:
        """Give what only organisers read: what is right, and what was there where it is not."""
        kept = needs_of(self.before)
        return Private(**{name: self.cleaned_data.get(name, kept[name]) for name in NEEDS})


def _answer(key: int) -> str:
    """Name the field of an answer."""
    return f"answer_{key}"


def _affiliate_of(host: Host) -> str:
    """Call a host by its affiliate."""
    return str(host.affiliate)


def needs_of(application: Application) -> dict[str, Any]:
    """Give what somebody has said they need, nothing where they have not."""
    needs = getattr(application, "needs", None) or Needs()
    return {name: getattr(needs, name) for name in NEEDS}


def _first_words(application: Application) -> dict[str, Any]:
    """Say what stands in the fields that the row itself does not hold."""
    form = {"revision": get_random_string(22), "based_on": marks.mark_of(application)}
    return needs_of(application) | form
