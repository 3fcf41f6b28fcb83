"""How a form asks: labels and help that fit what somebody offers or asks for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from exchange.forms.needs import What

Words = tuple[Any, Any]

# field → (label, help); what is more particular comes first: (kind, what), then kind, then all.
BY_CHOICE: dict[tuple[str, str], dict[str, Words]] = {
    ("offer", What.SKILL): {
        "title": (_("What can you show or teach?"), _("For example: An hour of advice on Wikidata queries")),
        "hours": (_("How long does it take you, in hours?"), _("For one person or group who asks.")),
    },
    ("offer", What.SERVICE): {
        "title": (_("What can you do for others?"), _("For example: Subtitles for your video, from Polish to English")),
        "hours": (_("How long does it take you, in hours?"), _("For one piece of work of a usual size.")),
    },
    ("offer", What.TRAINING): {
        "title": (_("What is the training called?"), _("For example: Mediating between editors, a first day")),
        "hours": (_("How many hours does it last?"), ""),
        "seats": (_("How many seats are there?"), _("When all are taken, nobody else can sign up.")),
        "times": (_("On which days, at what times?"), _("For example: Tuesdays 18:00 to 20:00, Central European Time")),
    },
    ("offer", What.EQUIPMENT): {
        "title": (_("What can be borrowed?"), _("For example: A book scanner, with an hour of introduction")),
        "preparation_hours": (_("Hours to hand it over and take it back"), ""),
    },
    ("offer", What.VENUE): {
        "title": (_("Which room is it?"), _("For example: A meeting room for 20 in the centre of Ghent")),
        "times": (_("When can it be used?"), _("For example: Evenings and Saturdays")),
        "preparation_hours": (_("Hours to prepare and close it"), ""),
        "place": (_("In which city?"), ""),
    },
    ("offer", What.TRAVEL): {
        "title": (_("What do you offer travellers?"), _("For example: Two seats in our van to the regional meeting")),
        "place": (_("From which city?"), ""),
    },
    ("offer", What.MATERIALS): {
        "title": (_("What can others use?"), _("For example: Slides of our course for librarians, ready to translate")),
    },
    ("offer", What.FUNDING): {
        "title": (_("What is the money for?"), _("For example: Small grants for photo walks")),
        "amount": (_("How much is there?"), _("In all, or the most that one can get: say so in the description.")),
        "last_day": (_("Until when can people ask for it?"), ""),
        "decided_by": (_("Who decides?"), _("For example: The board, in its monthly meeting")),
    },
    ("request", What.SKILL): {
        "title": (_("What would you like to learn?"), _("For example: How to run a first Wikidata query")),
    },
    ("request", What.SERVICE): {
        "title": (_("What do you need done?"), _("For example: Subtitles for a video of ten minutes")),
    },
    ("request", What.TRAINING): {
        "title": (_("Which training are you looking for?"), _("For example: Conflict mediation, for our five admins")),
        "times": (_("Which days and times would suit you?"), ""),
    },
    ("request", What.EQUIPMENT): {
        "title": (_("What would you like to borrow?"), _("For example: A good camera for a weekend in May")),
    },
    ("request", What.VENUE): {
        "title": (_("What kind of room do you need?"), _("For example: A room for 30 people on a Saturday")),
        "place": (_("In which city?"), ""),
        "times": (_("On which days, at what times?"), ""),
    },
    ("request", What.TRAVEL): {
        "title": (_("What do you need for the journey?"), _("For example: A place to sleep in Tallinn for two")),
        "place": (_("Where to?"), ""),
    },
    ("request", What.MATERIALS): {
        "title": (_("Which materials are you looking for?"), _("For example: A leaflet for archives, in any language")),
    },
    ("request", What.FUNDING): {
        "title": (_("What is the money for?"), _("For example: Train tickets for three speakers")),
        "amount": (_("How much do you need?"), ""),
        "last_day": (_("By when do you need it?"), ""),
    },
}  # fmt: skip
BY_KIND: dict[str, dict[str, Words]] = {
    "offer": {
        "body": (_("Tell a little more"), _("What it is, for whom, and what you will not do. A few sentences are enough.")),
        "skills": (_("Skills"), _("In any language. People find you by these.")),
        "takeaway": (_("What do people take away?"), _("Something one can use afterwards: a template, a script, an answer.")),
        "countries": (_("For which countries?"), _("Leave it empty if people anywhere may ask.")),
        "hours": (_("How long does it take you, in hours?"), ""),
        "preparation_hours": (_("Hours of preparation before that"), ""),
        "wants_help_to_share": (_("I would like help to make this ready to share"), _("Somebody may offer to write it down, translate it, or try it out with you.")),
        "place": (_("City"), _("Where it happens, if not only online.")),
        "first_day": (_("From"), _("Empty: from now on.")),
        "last_day": (_("Until"), _("Empty: no end.")),
        "affiliate": (_("In whose name?"), ""),
    },
    "request": {
        "body": (_("Tell a little more"), _("What you need it for, what you have tried, what would help most.")),
        "skills": (_("Skills"), _("In any language. People who can help find you by these.")),
        "hours": (_("How many hours might it take?"), _("A guess helps people decide.")),
        "place": (_("City"), _("Where it is needed, if not only online.")),
        "first_day": (_("From"), _("Empty: from now on.")),
        "last_day": (_("Until"), _("Empty: no end.")),
        "affiliate": (_("In whose name?"), ""),
    },
}  # fmt: skip
BY_TRAINING: dict[str, Words] = {
    "first_day": (_("First day"), ""),
    "last_day": (_("Last day"), ""),
}


def words_for(kind: str, what: str) -> dict[str, Words]:
    """Give label and help of each field that is asked in words of its own."""
    dates = BY_TRAINING if what == What.TRAINING and kind == "offer" else {}
    return BY_KIND[kind] | dates | BY_CHOICE.get((kind, what), {})
