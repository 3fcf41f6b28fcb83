"""The names other systems give to their columns, in English, German, Spanish and French.

CiviCRM writes the title of a field (`Activity Date`) or, from its API, its name
(`activity_date_time`); reports of CiviVolunteer have titles of their own.
"""

import re
from dataclasses import dataclass
from typing import Final

from capx.folding import fold

ACTIVITIES, CONTACTS = "activities", "contacts"

# The first name that a file has is the one that is read.
NAMES: Final = {
    "id": "Activity ID; id; activity_id; Aktivitäts-ID; Aktivität ID; ID de actividad;"
    " ID de la actividad; ID de l'activité; ID d'activité; Identifiant de l'activité",
    "ours": "Capacity Exchange ID",
    "kind": "Activity Type; activity_type_id:label; activity_type; activity_type_id; Type;"
    " Aktivitätstyp; Aktivitätsart; Tipo de actividad; Type d'activité; Volunteer Role; Role;"
    " Rolle; Rol; Rôle",
    "subject": "Subject; Activity Subject; activity_subject; Betreff; Aktivitätsbetreff;"
    " Asunto; Asunto de la actividad; Sujet; Objet; Sujet de l'activité; Project;"
    " Volunteer Project; Projekt; Proyecto; Projet",
    "day": "Activity Date; Activity Date Time; Activity Date and Time; activity_date_time;"
    " Activity Start Date; Date; Start Date; Start Time; Aktivitätsdatum;"
    " Datum der Aktivität; Datum; Fecha de actividad; Fecha de la actividad; Fecha;"
    " Date de l'activité; Date d'activité",
    "last": "Last Day; End Date; Letzter Tag; Enddatum; Último día; Dernier jour",
    "minutes": "Time Completed in Minutes; Time Completed Minutes; Time Completed;"
    " Actual Duration; Minutes Completed; Duration; Activity Duration; duration;"
    " activity_duration; Duration (minutes); Duration in Minutes; Minutes; Dauer;"
    " Aktivitätsdauer; Dauer (Minuten); Minuten; Duración; Duración de la actividad;"
    " Duración (minutos); Minutos; Durée; Durée de l'activité; Durée (minutes);"
    " Time Scheduled in Minutes; Time Scheduled Minutes; Time Scheduled",
    "hours": "Hours; Volunteer Hours; Total Hours; Hours Completed; Duration (hours); Stunden;"
    " Dauer (Stunden); Horas; Duración (horas); Heures; Durée (heures)",
    "status": "Activity Status; Status; status_id:label; activity_status; activity_status_id;"
    " Volunteer Status; Aktivitätsstatus; Estado de actividad; Estado de la actividad; Estado;"
    " Statut de l'activité; Statut d'activité; Statut",
    "contact": "Target Contact ID; target_contact_id; Volunteer ID; Volunteer Contact ID;"
    " Assignee Contact ID; assignee_contact_id; Contact ID; contact_id;"
    " Internal Contact ID; External Identifier; external_identifier; Zielkontakt-ID;"
    " Kontakt-ID; Kontakt ID; Externe ID; ID del contacto objetivo; ID de contacto;"
    " ID del contacto; ID du contact cible; ID du contact; ID de contact",
    "name": "Target Contact; Target Contact Name; Target Name; Volunteer; Volunteer Name;"
    " Assignee Contact; Assignee Name; Display Name; display_name; Contact Name; Sort Name;"
    " sort_name; Name; Zielkontakt; Anzeigename; Kontakt; Freiwillige; Contacto objetivo;"
    " Nombre para mostrar; Nombre; Contact cible; Nom affiché; Nom d'affichage; Nom",
    "email": "Target Contact Email; Target Email; Volunteer Email; Email; E-mail; email;"
    " Primary Email; Email Address; E-Mail-Adresse; Correo electrónico;"
    " Correo; Adresse e-mail; Courriel",
    "username": "Username; User Name; Wikimedia Username; Wiki Username; Wikimedia Account;"
    " Benutzername; Wikimedia-Benutzername; Nombre de usuario; Usuario;"
    " Nom d'utilisateur; Nom d'utilisatrice",
}
PERSON = {"contact", "name", "email", "username"}


def key(name: str) -> str:
    """Fold the name of a column: case, accents and what stands between its words aside."""
    return re.sub(r"[\W_]+", " ", fold(name)).strip()


PLACES: Final = {
    key(name): (column, place)
    for column, names in NAMES.items()
    for place, name in enumerate(names.split(";"))
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file says what, and which say nothing to us."""

    width: int
    places: dict[str, int]
    left_out: list[str]

    @property
    def kind(self) -> str:
        """Say what the file is about: activities, contacts, or nothing we know."""
        has = set(self.places)
        if "day" in has and has & {"minutes", "hours"}:
            return ACTIVITIES
        if "contact" in has and has & {"name", "email", "username"}:
            return CONTACTS
        return ""

    @property
    def names_people(self) -> bool:
        """Say whether its lines say whom they are about."""
        return bool(PERSON & set(self.places))

    def cell(self, cells: list[str], name: str) -> str:
        """Give what stands in a column; nothing where the line is too short."""
        place = self.places.get(name, len(cells))
        return cells[place] if place < len(cells) else ""


def recognised(header: list[str]) -> Columns:
    """Say which column is which; of two with the same meaning the better name is read."""
    best: dict[str, tuple[int, int]] = {}
    for place, name in enumerate(header):
        column, rank = PLACES.get(key(name), ("", 0))
        if column and (rank, place) < best.get(column, (len(PLACES), 0)):
            best[column] = (rank, place)
    places = {column: place for column, (_rank, place) in best.items()}
    read = set(places.values())
    left_out = [name for place, name in enumerate(header) if name and place not in read]
    return Columns(len(header), places, left_out)
