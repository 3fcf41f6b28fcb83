"""What the database itself knows about search: facets, stems, and whom nobody may find.

These are functions and triggers here, not in Python, because what they read changes in places
that know nothing of listings: a person hides or rests, a label is renamed, a seat is taken.
"""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

from exchange.migrations._facets import BY_REST, facets

STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish",
    "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian", "ga": "irish",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}
WHENS = "\n".join(
    f"            WHEN '{code}' THEN 'pg_catalog.{name}_stem'" for code, name in STEMMERS.items()
)

FUNCTIONS = f"""
CREATE FUNCTION exchange_dictionary(language text) RETURNS regdictionary
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE split_part(language, '-', 1)
{WHENS}
    END::regdictionary
$$;

-- A fingerprint of the words of a listing.
CREATE FUNCTION exchange_source(wanted bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT md5(concat_ws(E'\\x1f', l.title, l.body, l.takeaway, l.covers, l.decided_by,
        l.language, a.name, p.name))
    FROM exchange_listing l
    LEFT JOIN volunteers_affiliate a ON a.id = l.affiliate_id
    LEFT JOIN volunteers_place p ON p.id = l.place_id
    WHERE l.id = wanted
$$;

-- Everything about a listing that is not words. Nobody but the author finds a listing
-- without /see=public or /see=members. Whoever is left alone has neither: the switch begins at
-- once, whatever day it is where the person lives; a day of its end is over when it is over
-- everywhere on earth.
{facets(BY_REST).strip()}

-- Whether a word stands where somebody can see it. Without the index this would read all.
CREATE FUNCTION exchange_stands(word text, see text) RETURNS boolean
LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT EXISTS (
        SELECT FROM exchange_searchdocument
        WHERE vector @@ ('''' || word || ''' & (' || see || ')')::tsquery
    )
$$;

-- Read the facets of these listings anew, where they have changed.
CREATE FUNCTION exchange_refresh(listings bigint[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
    UPDATE exchange_searchdocument d
    SET facets = f.facets, marks = f.marks, room = f.room, seats_left = f.seats_left,
        vector = ts_delete(d.vector, tsvector_to_array(d.facets || d.marks))
            || f.facets || f.marks
    FROM unnest(listings) AS wanted(id)
    CROSS JOIN LATERAL exchange_facets(wanted.id) f
    WHERE d.listing_id = wanted.id
    AND (d.facets, d.marks, d.seats_left) IS DISTINCT FROM (f.facets, f.marks, f.seats_left)
$$;

CREATE FUNCTION exchange_refresh_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exchange_refresh(ARRAY(
        SELECT id FROM exchange_listing WHERE author_id = NEW.id AND state = 'open'
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_refresh_resting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exchange_refresh(ARRAY(
        SELECT id FROM exchange_listing WHERE state = 'open'
        AND author_id IN (OLD.person_id, NEW.person_id)
    ));
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_refresh_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exchange_refresh(ARRAY[OLD.listing_id, NEW.listing_id]);
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_forget_shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM exchange_searchdocument WHERE listing_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_skill_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM exchange_skillword WHERE label_id = OLD.id;
    INSERT INTO exchange_skillword (label_id, skill_id, lexeme)
    SELECT DISTINCT NEW.id, NEW.skill_id, lexeme
    FROM regexp_split_to_table(NEW.folded, E'[\\\\s!-/:-@\\\\[-`{{-~«»،؛؟„“”‘’‚–—…·]+') AS word
    CROSS JOIN LATERAL ts_lexize(exchange_dictionary(NEW.language), word) AS stems
    CROSS JOIN LATERAL (
        SELECT word
        UNION ALL
        SELECT split_part(NEW.language, '-', 1) || ':' || stem FROM unnest(stems) AS stem
    ) AS x(lexeme)
    WHERE word <> '' AND stems IS DISTINCT FROM '{{}}';
    RETURN NULL;
END $$;

CREATE FUNCTION exchange_forget_skill_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM exchange_skillword WHERE label_id = OLD.id;
    RETURN OLD;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER exchange_author_is_seen_as_they_wish
AFTER UPDATE ON volunteers_person FOR EACH ROW
WHEN ((OLD.visibility, OLD.hidden_at, OLD.is_active, OLD.may_be_asked)
    IS DISTINCT FROM (NEW.visibility, NEW.hidden_at, NEW.is_active, NEW.may_be_asked))
EXECUTE FUNCTION exchange_refresh_author();

CREATE TRIGGER exchange_rest_takes_room
AFTER INSERT OR UPDATE OR DELETE ON volunteers_rest FOR EACH ROW
EXECUTE FUNCTION exchange_refresh_resting();

CREATE TRIGGER exchange_seat_changes_room
AFTER INSERT OR DELETE OR UPDATE OF place, listing_id ON exchange_exchange FOR EACH ROW
EXECUTE FUNCTION exchange_refresh_seats();

CREATE TRIGGER exchange_shut_is_not_found
AFTER UPDATE ON exchange_listing FOR EACH ROW
WHEN (NEW.state <> 'open' OR NEW.hidden_at IS NOT NULL)
EXECUTE FUNCTION exchange_forget_shut();

CREATE TRIGGER exchange_skill_is_found_by_its_names
AFTER INSERT OR UPDATE ON volunteers_skilllabel FOR EACH ROW
EXECUTE FUNCTION exchange_skill_words();

-- Before, because the words refer to the label.
CREATE TRIGGER exchange_skill_loses_a_name
BEFORE DELETE ON volunteers_skilllabel FOR EACH ROW
EXECUTE FUNCTION exchange_forget_skill_words();

-- A lexeme more in the statistics is a better guess of how many there are.
ALTER TABLE exchange_searchdocument ALTER COLUMN vector SET STATISTICS 1000;
-- The vector out of the row, the rest in it: counting and scoring read the rest of it only.
ALTER TABLE exchange_searchdocument ALTER COLUMN facets SET STORAGE MAIN;
ALTER TABLE exchange_searchdocument ALTER COLUMN marks SET STORAGE MAIN;
ALTER TABLE exchange_searchdocument ALTER COLUMN title SET STORAGE MAIN;
ALTER TABLE exchange_searchdocument SET (toast_tuple_target = 1024);
"""

UNDO = """
DROP TRIGGER exchange_skill_loses_a_name ON volunteers_skilllabel;
DROP TRIGGER exchange_skill_is_found_by_its_names ON volunteers_skilllabel;
DROP TRIGGER exchange_shut_is_not_found ON exchange_listing;
DROP TRIGGER exchange_seat_changes_room ON exchange_exchange;
DROP TRIGGER exchange_rest_takes_room ON volunteers_rest;
DROP TRIGGER exchange_author_is_seen_as_they_wish ON volunteers_person;
DROP FUNCTION exchange_forget_skill_words, exchange_skill_words, exchange_forget_shut,
    exchange_refresh_seats, exchange_refresh_resting, exchange_refresh_author, exchange_refresh,
    exchange_stands, exchange_facets, exchange_source, exchange_dictionary;
"""


class Migration(migrations.Migration):

    replaces = [
        ('exchange', '0003_search_kept_by_the_database'),
        ('exchange', '0005_left_alone_is_not_found'),
    ]
    dependencies = [
        ('exchange', '0001_tables'),
    ]

    operations = [
        CreateExtension('fuzzystrmatch'),
        migrations.RunSQL(FUNCTIONS, ""),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
