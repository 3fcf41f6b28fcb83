"""Name the line of a stipend that was refused before, where only one line promised any."""

from django.db import migrations

NAMED = """
    UPDATE grandtour_cost AS cost SET line_id = single.line
    FROM (
        SELECT fund.edition_id AS edition, min(line.id) AS line
        FROM grandtour_budgetline AS line JOIN grandtour_fund AS fund ON fund.id = line.fund_id
        WHERE line.stipend > 0 GROUP BY fund.edition_id HAVING count(*) = 1
    ) AS single
    JOIN grandtour_budgetline AS line ON line.id = single.line
    JOIN grandtour_fund AS fund ON fund.id = line.fund_id
    WHERE cost.edition_id = single.edition AND cost.kind = 'stipend' AND cost.state = 'refused'
        AND cost.line_id IS NULL AND cost.currency = fund.currency
        AND cost.id = (
            SELECT max(other.id) FROM grandtour_cost AS other
            WHERE other.seat_id = cost.seat_id AND other.kind = 'stipend'
                AND other.state IN ('refused', 'committed', 'paid')
        )
"""


class Migration(migrations.Migration):
    """Write it down; where several lines promised something, nobody can know."""

    dependencies = [("grandtour", "0019_which_line_gives_no_stipend")]

    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
