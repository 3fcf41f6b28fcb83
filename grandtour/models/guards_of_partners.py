"""What PostgreSQL keeps of partners in a peer exchange."""

import pgtrigger


def application_partner_of_its_peer_exchange() -> pgtrigger.Trigger:
    """Refuse a partner of another edition or kind; a new partner has not answered yet."""
    return pgtrigger.Trigger(
        name="application_partner_of_its_peer_exchange",
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("partner_id", "peer_role", "edition_id"),
        when=pgtrigger.Before,
        func="""
            IF (NEW.partner_id IS NOT NULL OR NEW.peer_role <> '') AND NOT EXISTS (
                SELECT 1 FROM grandtour_edition AS edition
                LEFT JOIN grandtour_host AS host ON host.id = NEW.partner_id
                WHERE edition.id = NEW.edition_id AND edition.kind = 'peer_exchange'
                    AND (host.id IS NULL OR host.edition_id = edition.id)
            ) THEN
                RAISE EXCEPTION 'application_partner_of_its_peer_exchange'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'UPDATE' THEN
                IF NEW.partner_id IS DISTINCT FROM OLD.partner_id THEN
                    NEW.partner_agrees := NULL;
                    NEW.partner_answered_at := NULL;
                END IF;
            END IF;
            RETURN NEW;
        """,
    )
