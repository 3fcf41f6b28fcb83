"""Every page of the product: who opens it, and at which address of the sample.

Whoever adds an address names it here, among the pages or among what is no page.
"""

from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

NOBODY = ""
# What {words} in the addresses below stand for: one row of the sample each.
ROWS = {
    "offer": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'open' AND l.kind = 'offer' AND l.of = 'training'
        AND username NOT IN ('hanna', 'lucia') AND l.hidden_at IS NULL ORDER BY l.id LIMIT 1""",
    "taught": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'open' AND l.kind = 'offer' AND l.of = 'training'
        AND username = 'hanna' ORDER BY l.id LIMIT 1""",
    "invited": """SELECT i.id FROM exchange_invitation i
        JOIN volunteers_person p ON p.id = person_id WHERE username = 'agata' LIMIT 1""",
    "call": "SELECT min(id) FROM exchange_opencall WHERE state = 'open'",
    "narrow": "SELECT min(id) FROM exchange_opencall WHERE addressed_to_id IS NOT NULL",
    "narrowed": """SELECT min(listing_id) FROM exchange_opencall
        WHERE addressed_to_id IS NOT NULL""",
    "narrower": """SELECT username FROM exchange_opencall c
        JOIN exchange_listing l ON l.id = c.listing_id
        JOIN volunteers_person p ON p.id = author_id
        WHERE addressed_to_id IS NOT NULL ORDER BY c.id LIMIT 1""",
    "request": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'open' AND l.kind = 'request' AND username = 'lucia' LIMIT 1""",
    "own": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'open' AND l.of = 'resource' AND username = 'hanna' LIMIT 1""",
    "draft": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'draft' AND username = 'hanna' LIMIT 1""",
    "expired": """SELECT l.id FROM exchange_listing l
        JOIN volunteers_person p ON p.id = author_id
        WHERE l.state = 'expired' AND username = 'maarten' LIMIT 1""",
    "asked": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = provider_id WHERE e.state = 'asked' AND username = 'hanna' LIMIT 1""",
    "agreed": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = provider_id WHERE e.state = 'agreed' AND username = 'hanna'
        ORDER BY e.id LIMIT 1""",
    "asking": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = counterpart_id WHERE e.state = 'asked' AND username = 'salma' LIMIT 1""",
    "declined": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = receiver_id WHERE e.state = 'declined' AND username = 'maarten' LIMIT 1""",
    "done": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = receiver_id WHERE e.state = 'done' AND username = 'maarten' LIMIT 1""",
    "closed": """SELECT e.id FROM exchange_exchange e JOIN volunteers_person p
        ON p.id = receiver_id WHERE e.state = 'closed' AND username = 'hanna' LIMIT 1""",
    "practice": "SELECT min(id) FROM exchange_practice WHERE state = 'published'",
    "practised": """SELECT r.id FROM exchange_practice r JOIN volunteers_person p
        ON p.id = author_id WHERE username = 'lucia' LIMIT 1""",
    "reported": """SELECT r.id FROM exchange_report r JOIN volunteers_person p
        ON p.id = reporter_id WHERE username = 'lucia' LIMIT 1""",
    "report": "SELECT min(id) FROM exchange_report",
    "person": "SELECT id FROM volunteers_person WHERE username = 'salma'",
    "affiliate": "SELECT affiliate_id FROM volunteers_membership ORDER BY id LIMIT 1",
    "year": "SELECT max(year) FROM exchange_priority",
    "letter": """SELECT t.id FROM volunteers_thanks t JOIN volunteers_person p
        ON p.id = receiver_id WHERE affiliate_id IS NOT NULL AND username = 'hanna' LIMIT 1""",
    "dutch": """SELECT p.username FROM volunteers_person p
        JOIN volunteers_membership m ON m.person_id = p.id
        JOIN volunteers_affiliate a ON a.id = m.affiliate_id
        WHERE a.slug = 'wikimedia-nederland' AND m.confirmed_at IS NOT NULL
        AND p.visibility = 'public' AND p.username <> 'maarten' ORDER BY p.id LIMIT 1""",
    "membership": "SELECT min(id) FROM volunteers_membership",
    "file": "SELECT min(id) FROM volunteers_import WHERE state = 'read'",
    "skill": "SELECT id FROM volunteers_skill WHERE slug = 'translation'",
    "taken": """SELECT min(c.id) FROM volunteers_commitment c JOIN volunteers_person p
        ON p.id = person_id WHERE source = 'by_hand' AND state = 'running'
        AND username = 'hanna'""",
    "notice": "SELECT min(id) FROM volunteers_notice WHERE kind <> 'tour'",
    "place": "SELECT min(id) FROM volunteers_place",
    "bottleneck": "SELECT min(id) FROM volunteers_bottlenecksnapshot",
    "region": "SELECT min(id) FROM volunteers_region",
    "edition": "SELECT min(id) FROM grandtour_edition",
    "host": "SELECT min(id) FROM grandtour_host",
    "assignment": """SELECT min(a.id) FROM grandtour_assignment a
        JOIN grandtour_reviewer r ON r.id = reviewer_id
        JOIN volunteers_person p ON p.id = person_id
        JOIN grandtour_edition e ON e.id = r.edition_id
        WHERE username = 'maarten' AND e.state = 'reviewing' AND a.ended_at IS NULL""",
    "read": "SELECT min(id) FROM grandtour_edition WHERE state = 'reviewing'",
    "candidate": """SELECT min(r.application_id) FROM grandtour_review r
        JOIN grandtour_application a ON a.id = r.application_id
        JOIN grandtour_edition e ON e.id = a.edition_id
        WHERE e.state = 'reviewing' AND r.state = 'given'""",
    "decided": "SELECT min(id) FROM grandtour_decisionletter WHERE state = 'draft'",
    "hosting": """SELECT h.id FROM grandtour_host h
        JOIN volunteers_affiliate a ON a.id = affiliate_id
        WHERE a.slug = 'wikimedia-nederland'""",
    "planned": """SELECT min(id) FROM grandtour_edition
        WHERE slug = 'what-a-meeting-place-needs'""",
    "plan": "SELECT min(id) FROM grandtour_plan",
    "journey": "SELECT min(id) FROM grandtour_journey",
    "hers": """SELECT journey_id FROM grandtour_seat s JOIN volunteers_person p
        ON p.id = person_id WHERE username = 'lucia' AND number IS NOT NULL""",
    "spent": "SELECT min(edition_id) FROM grandtour_cost WHERE state = 'claimed'",
    "cost": "SELECT min(id) FROM grandtour_cost WHERE state = 'claimed'",
    "approved": "SELECT min(id) FROM grandtour_cost WHERE state = 'committed'",
    "fund": "SELECT min(id) FROM grandtour_fund",
    "line": "SELECT min(id) FROM grandtour_budgetline",
    "seat": "SELECT min(id) FROM grandtour_seat WHERE state = 'offered'",
    "expected": "SELECT min(seat_id) FROM grandtour_expectation",
    "writes": """SELECT s.id FROM grandtour_seat s JOIN volunteers_person p ON p.id = person_id
        WHERE s.state = 'accepted' AND visibility <> 'hidden' ORDER BY s.id LIMIT 1""",
    "visited": """SELECT t.id FROM grandtour_stop t
        JOIN grandtour_seat s ON s.journey_id = t.journey_id
        WHERE s.state IN ('travelling', 'returned')
        ORDER BY t.leave > current_date, t.leave DESC, t.id, s.id LIMIT 1""",
    "visitor": """SELECT username FROM grandtour_stop t
        JOIN grandtour_seat s ON s.journey_id = t.journey_id
        JOIN volunteers_person p ON p.id = s.person_id
        WHERE s.state IN ('travelling', 'returned')
        ORDER BY t.leave > current_date, t.leave DESC, t.id, s.id LIMIT 1""",
    "writer": """SELECT username FROM grandtour_seat s JOIN volunteers_person p
        ON p.id = person_id
        WHERE s.state = 'accepted' AND visibility <> 'hidden' ORDER BY s.id LIMIT 1""",
    "stuck": "SELECT id FROM grandtour_lookbackanswer ORDER BY id LIMIT 1",
    "training": "SELECT id FROM grandtour_training WHERE slug = 'friendly-space'",
    "training_draft": "SELECT id FROM grandtour_trainingversion WHERE published_at IS NULL",
    "lesson": "SELECT min(id) FROM grandtour_lesson",
    "event": "SELECT min(id) FROM grandtour_stopevent",
    "invites": "SELECT stop_id FROM grandtour_stopevent ORDER BY id LIMIT 1",
    "inviter": """SELECT username FROM grandtour_stopevent e JOIN volunteers_person p
        ON p.id = announced_by_id ORDER BY e.id LIMIT 1""",
    "reported_seat": "SELECT min(seat_id) FROM grandtour_travelreport",
    "applied": """SELECT a.id FROM grandtour_application a JOIN volunteers_person p
        ON p.id = person_id WHERE username = 'lucia'""",
    "applying": """SELECT a.id FROM grandtour_application a JOIN volunteers_person p
        ON p.id = person_id WHERE username = 'salma'""",
}


EVERYBODY_SIGNS_IN = """UPDATE volunteers_person SET password =
    (SELECT password FROM volunteers_person WHERE username = 'hanna')"""


@dataclass(frozen=True, slots=True)
class Page:
    """An address, its name, and who of the sample's people opens it."""

    name: str
    path: str
    who: str = NOBODY


ENTRANCE = (
    Page("account_login", "/accounts/login/"),
    Page("account_signup", "/accounts/signup/"),
    Page("account_inactive", "/accounts/inactive/"),
    Page("account_reset_password", "/accounts/password/reset/"),
    Page("account_password_reset_completed", "/accounts/password/reset/done/"),
    Page("account_request_login_code", "/accounts/login/code/"),
    Page("account_signup_by_passkey", "/accounts/signup/passkey/"),
    Page("socialaccount_login_cancelled", "/accounts/3rdparty/login/cancelled/"),
)
OPEN = (
    Page("home", "/"),
    Page("styleguide", "/styleguide/"),
    Page("exchange:catalogue", "/catalogue/"),
    Page("exchange:catalogue", "/catalogue/?q=video+editing&kind=offer"),
    Page("exchange:catalogue", "/catalogue/?q=zzzqqqxxx"),
    Page("exchange:order", "/catalogue/order/"),
    Page("about", "/about/"),
    Page("exchange:listing", "/catalogue/{offer}/"),
    Page("exchange:listing", "/catalogue/{request}/"),
    Page("exchange:practices", "/practices/"),
    Page("exchange:practice", "/practices/{practice}/"),
    Page("volunteers:people", "/people/"),
    Page("volunteers:affiliates", "/affiliates/"),
    Page("volunteers:skills", "/skills/"),
    Page("volunteers:skill", "/skills/translation/"),
    Page("person", "/people/salma/"),
    Page("affiliate", "/affiliates/wikimedia-nederland/"),
    Page("affiliate", "/affiliates/wikimedia-deutschland/"),
    Page("priorities", "/affiliates/wikimedia-nederland/priorities/{year}/"),
    Page("grandtour:editions", "/grand-tour/"),
    Page("grandtour:edition", "/grand-tour/voices-without-archives/"),
    Page("grandtour:apply", "/grand-tour/voices-without-archives/apply/"),
    Page("grandtour:host", "/grand-tour/hosts/{host}/"),
    Page("forgotten", "/me/forgotten/"),
    Page("mails", "/sample/mail/"),
)
ACCOUNT = tuple(
    Page(name, f"/accounts/{path}/", "hanna")
    for name, path in (
        ("account_logout", "logout"),
        ("account_email", "email"),
        ("account_change_password", "password/change"),
        ("account_reauthenticate", "reauthenticate"),
        ("mfa_index", "2fa"),
        ("mfa_activate_totp", "2fa/totp/activate"),
        ("mfa_list_webauthn", "2fa/webauthn"),
        ("mfa_add_webauthn", "2fa/webauthn/add"),
        ("socialaccount_connections", "3rdparty"),
    )
)
OWN = (
    Page("home", "/", "hanna"),
    Page("volunteers:me", "/me/", "hanna"),
    Page("volunteers:account", "/me/account/", "hanna"),
    Page("data", "/me/data/", "hanna"),
    Page("forget", "/me/forget/", "hanna"),
    Page("volunteers:blocked", "/me/blocked/", "hanna"),
    Page("volunteers:waiting", "/me/waiting/", "hanna"),
    Page("volunteers:block", "/people/jonas/block/", "hanna"),
    Page("volunteers:preferences", "/me/notices/", "hanna"),
    Page("volunteers:bandwidth", "/me/bandwidth/", "hanna"),
    Page("past", "/me/bandwidth/past/", "hanna"),
    Page("volunteers:take_on", "/me/bandwidth/taken/new/", "hanna"),
    Page("volunteers:commitment", "/me/bandwidth/taken/{taken}/", "hanna"),
    Page("exchange:hand_over", "/me/hand-over/", "hanna"),
    Page("exchange:invite", "/catalogue/{taught}/invite/", "hanna"),
    Page("exchange:invitation", "/invitations/{invited}/", "agata"),
    Page("exchange:hand_over_to", "/me/hand-over/commitment/{taken}/", "hanna"),
    Page("volunteers:check_ins", "/me/check-ins/", "hanna"),
    Page("volunteers:delete_check_ins", "/me/check-ins/delete/", "hanna"),
    Page("volunteers:my_thanks", "/me/thanks/", "hanna"),
    Page("volunteers:my_thanks", "/me/thanks/?show=given", "hanna"),
    Page("exchange:thank_for", "/affiliates/wikimedia-nederland/thank/{dutch}/", "maarten"),
    Page("exchange:letter_for", "/affiliates/wikimedia-nederland/letter/{dutch}/", "maarten"),
    Page("exchange:my_letter", "/me/thanks/{letter}/letter/", "hanna"),
    Page(
        "exchange:edit_priorities",
        "/affiliates/wikimedia-nederland/priorities/{year}/edit/",
        "maarten",
    ),
    Page("volunteers:looked", "/me/looked/", "hanna"),
    Page("volunteers:sharing", "/me/sharing/", "hanna"),
    Page("share", "/me/sharing/wikimedia-deutschland/", "hanna"),
    Page("volunteers:stewards_looked", "/me/looked/stewards/", "hanna"),
    Page("volunteers:own_import", "/me/import/", "hanna"),
    Page("volunteers:imported", "/me/imported/", "hanna"),
    Page("volunteers:affiliate_import", "/affiliates/wikimedia-nederland/import/", "maarten"),
    Page("volunteers:import", "/imports/{file}/", "maarten"),
    Page("volunteers:import_people", "/imports/{file}/people/", "maarten"),
    Page("volunteers:counted", "/me/counted/", "hanna"),
    Page("volunteers:bottlenecks", "/bottlenecks/", "hanna"),
    Page("volunteers:notices", "/notices/", "hanna"),
    Page("person", "/people/hanna/", "hanna"),
    Page("exchange:post", "/catalogue/new/", "hanna"),
    Page("exchange:post", "/catalogue/new/?kind=offer&of=skill", "hanna"),
    Page("exchange:post", "/catalogue/new/?kind=request&of=funding", "hanna"),
    Page("exchange:post", "/catalogue/new/?kind=offer&of=training", "hanna"),
    Page("exchange:mine", "/me/listings/", "hanna"),
    Page("exchange:listing", "/catalogue/{own}/", "hanna"),
    Page("exchange:listing", "/catalogue/{offer}/", "hanna"),
    Page("exchange:ask", "/catalogue/{offer}/ask/", "hanna"),
    Page("exchange:edit", "/catalogue/{own}/edit/", "hanna"),
    Page("exchange:preview", "/catalogue/{draft}/preview/", "hanna"),
    Page("exchange:withdraw_listing", "/catalogue/{own}/withdraw/", "hanna"),
    Page("exchange:discard", "/catalogue/{draft}/discard/", "hanna"),
    Page("exchange:report", "/report/listing/{offer}/", "hanna"),
    Page("exchange:exchanges", "/exchanges/", "hanna"),
    Page("exchange:exchange", "/exchanges/{asked}/", "hanna"),
    Page("exchange:exchange", "/exchanges/{agreed}/", "hanna"),
    Page("exchange:exchange", "/exchanges/{closed}/", "hanna"),
    Page("exchange:agreement", "/exchanges/{asked}/agreement/", "hanna"),
    Page("exchange:decline", "/exchanges/{asked}/decline/", "hanna"),
    Page("exchange:new_practice", "/practices/new/", "hanna"),
    Page("exchange:call", "/catalogue/{request}/call/", "lucia"),
    Page(
        "exchange:ask_people",
        "/affiliates/wikimedia-deutschland/ask/?skills=facilitation&affiliate=wikimedia-nederland",
        "maarten",
    ),
    Page("exchange:open_call", "/calls/{narrow}/", "{narrower}"),
    Page("exchange:call", "/catalogue/{narrowed}/call/", "{narrower}"),
    Page("visit", "/catalogue/{request}/visit/", "lucia"),
    Page("exchange:open_call", "/calls/{call}/", "hanna"),
    Page("exchange:my_practices", "/me/practices/", "lucia"),
    Page("exchange:edit_practice", "/practices/{practised}/edit/", "lucia"),
    Page("exchange:follow_up", "/exchanges/{agreed}/follow-up/", "hanna"),
    Page("exchange:thank", "/exchanges/{done}/thanks/", "maarten"),
    Page("exchange:practice_from", "/exchanges/{done}/practice/", "maarten"),
    Page("exchange:exchange", "/exchanges/{done}/", "maarten"),
    Page("exchange:withdraw", "/exchanges/{asking}/withdraw/", "salma"),
    Page("exchange:reported", "/reports/{reported}/", "lucia"),
    Page("exchange:renew", "/catalogue/{expired}/renew/", "maarten"),
    Page("exchange:others", "/exchanges/{declined}/others/", "maarten"),
    Page("exchange:exchange", "/exchanges/{declined}/", "maarten"),
    Page("volunteers:affiliate_people", "/affiliates/wikimedia-nederland/people/", "maarten"),
    Page("grandtour:editions", "/grand-tour/", "lucia"),
    Page(
        "grandtour:offer_to_host", "/grand-tour/keeping-a-group-going/offer-to-host/", "maarten"
    ),
    Page("grandtour:host", "/grand-tour/hosts/{hosting}/", "maarten"),
    Page("grandtour:edit_host", "/grand-tour/hosts/{hosting}/edit/", "maarten"),
    Page("grandtour:costs", "/grand-tour/journeys/{hers}/costs/", "lucia"),
    Page("grandtour:application", "/grand-tour/applications/{applied}/", "lucia"),
    Page("grandtour:needs", "/grand-tour/applications/{applied}/needs/", "lucia"),
    Page("grandtour:review", "/grand-tour/what-schools-can-do/review/", "maarten"),
    Page("grandtour:read", "/grand-tour/reading/{assignment}/", "maarten"),
    Page("grandtour:edit_application", "/grand-tour/applications/{applying}/edit/", "salma"),
    Page("care", "/affiliates/wikimedia-nederland/care/", "maarten"),
    Page("care_ask", "/affiliates/wikimedia-nederland/care/ask/", "maarten"),
    Page("volunteers:affiliate_edit", "/affiliates/wikimedia-nederland/edit/", "maarten"),
)
DESK = (
    Page("admin:index", "/admin/", "ines"),
    Page("admin:app_list", "/admin/exchange/", "ines"),
    Page("admin:volunteers_affiliate_add", "/admin/volunteers/affiliate/add/", "ines"),
    Page(
        "admin:volunteers_affiliate_add_person",
        "/admin/volunteers/affiliate/{affiliate}/people/add/",
        "ines",
    ),
    Page(
        "admin:volunteers_affiliate_membership",
        "/admin/volunteers/affiliate/{affiliate}/people/{membership}/",
        "ines",
    ),
    Page("admin:volunteers_skill_add", "/admin/volunteers/skill/add/", "ines"),
    Page("admin:volunteers_skill_merge", "/admin/volunteers/skill/{skill}/merge/", "ines"),
    Page(
        "admin:volunteers_person_act", "/admin/volunteers/person/{person}/deactivate/", "ines"
    ),
    Page("admin:grandtour_edition_add", "/admin/grandtour/edition/add/", "ines"),
    Page("admin:grandtour_training_add", "/admin/grandtour/training/add/", "ines"),
    Page(
        "admin:grandtour_training_write", "/admin/grandtour/training/{training}/write/", "ines"
    ),
    Page(
        "admin:grandtour_trainingversion_publish",
        "/admin/grandtour/trainingversion/{training_draft}/publish/",
        "ines",
    ),
    Page("admin:grandtour_edition_go_on", "/admin/grandtour/edition/{edition}/go-on/", "ines"),
    Page("admin:grandtour_edition_begin", "/admin/grandtour/edition/begin/", "ines"),
    Page("admin:grandtour_edition_copy", "/admin/grandtour/edition/{edition}/copy/", "ines"),
    *(
        Page(
            f"admin:grandtour_edition_{name}",
            f"/admin/grandtour/edition/{{read}}/{path}",
            "ines",
        )
        for name, path in (
            ("review", "review/"),
            ("recap", "review/recap/"),
            ("compare", "review/compare/?of={candidate}"),
            ("readers", "review/readers/"),
            ("letters", "review/letters/"),
            ("letter", "review/letters/{decided}/"),
            ("application", "review/applications/{candidate}/"),
        )
    ),
    Page("admin:grandtour_host_answer", "/admin/grandtour/host/{host}/answer/", "ines"),
    Page("admin:grandtour_plan_of", "/admin/grandtour/plan/of/{planned}/", "ines"),
    Page("admin:grandtour_plan_show", "/admin/grandtour/plan/{plan}/show/", "ines"),
    Page(
        "admin:grandtour_plan_compare",
        "/admin/grandtour/plan/of/{planned}/compare/?one={plan}&other={plan}",
        "ines",
    ),
    Page("admin:grandtour_plan_changelist", "/admin/grandtour/plan/", "ines"),
    Page("admin:grandtour_plan_history", "/admin/grandtour/plan/{plan}/history/", "ines"),
    Page("admin:grandtour_journey_changelist", "/admin/grandtour/journey/", "ines"),
    Page(
        "admin:grandtour_journey_history", "/admin/grandtour/journey/{journey}/history/", "ines"
    ),
    Page("admin:grandtour_journey_show", "/admin/grandtour/journey/{journey}/show/", "ines"),
    Page("admin:grandtour_journey_offer", "/admin/grandtour/journey/{journey}/offer/", "ines"),
    Page("admin:grandtour_journey_move", "/admin/grandtour/journey/{journey}/move/", "ines"),
    Page("admin:grandtour_journey_place", "/admin/grandtour/journey/{journey}/place/", "ines"),
    Page(
        "admin:grandtour_journey_confirm",
        "/admin/grandtour/journey/{journey}/confirm/",
        "ines",
    ),
    Page(
        "admin:grandtour_journey_call_off",
        "/admin/grandtour/journey/{journey}/call-off/",
        "ines",
    ),
    Page(
        "admin:grandtour_seat_cancel", "/admin/grandtour/journey/seats/{seat}/cancel/", "ines"
    ),
    Page("grandtour:journey", "/grand-tour/journeys/{journey}/", "ines"),
    Page(
        "grandtour:write_expectation", "/grand-tour/places/{writes}/stops/1/write/", "{writer}"
    ),
    Page("grandtour:write_note", "/grand-tour/stops/{visited}/note/", "{visitor}"),
    Page("grandtour:expectation", "/grand-tour/places/{expected}/stops/1/", "ines"),
    Page("grandtour:report", "/grand-tour/places/{reported_seat}/report/", "ines"),
    Page("grandtour:event", "/grand-tour/events/{event}/", "{inviter}"),
    Page("grandtour:edit_event", "/grand-tour/events/{event}/edit/", "{inviter}"),
    Page("grandtour:announce_event", "/grand-tour/stops/{invites}/event/", "{inviter}"),
    Page("grandtour:earlier_notes", "/grand-tour/stops/{visited}/earlier/", "{visitor}"),
    Page("grandtour:trainings", "/me/training/", "{writer}"),
    Page("grandtour:training", "/me/training/friendly-space/", "{writer}"),
    Page("grandtour:training_printed", "/me/training/friendly-space/print/", "{writer}"),
    Page("grandtour:lesson", "/me/training/friendly-space/1/", "{writer}"),
    Page("grandtour:evaluation", "/grand-tour/first-steps-together/evaluation/"),
    Page("admin:grandtour_cost_changelist", "/admin/grandtour/cost/", "ines"),
    Page("admin:grandtour_cost_history", "/admin/grandtour/cost/{cost}/history/", "ines"),
    Page("admin:grandtour_cost_of", "/admin/grandtour/cost/of/{spent}/", "ines"),
    Page("admin:grandtour_cost_paid", "/admin/grandtour/cost/of/{spent}/paid/", "ines"),
    Page("admin:grandtour_cost_records", "/admin/grandtour/cost/of/{spent}/records/", "ines"),
    Page("admin:grandtour_cost_rates", "/admin/grandtour/cost/of/{spent}/rates/", "ines"),
    Page("admin:grandtour_cost_draft", "/admin/grandtour/cost/of/{spent}/draft/", "ines"),
    Page("admin:grandtour_cost_add_fund", "/admin/grandtour/cost/of/{spent}/fund/", "ines"),
    Page("admin:grandtour_cost_share", "/admin/grandtour/cost/of/{spent}/share/", "ines"),
    Page("admin:grandtour_cost_stipends", "/admin/grandtour/cost/of/{spent}/stipends/", "ines"),
    Page("admin:grandtour_cost_fund", "/admin/grandtour/cost/fund/{fund}/", "ines"),
    Page("admin:grandtour_cost_drop_fund", "/admin/grandtour/cost/fund/{fund}/remove/", "ines"),
    Page("admin:grandtour_cost_drop_line", "/admin/grandtour/cost/line/{line}/remove/", "ines"),
    Page("admin:grandtour_cost_add_line", "/admin/grandtour/cost/fund/{fund}/line/", "ines"),
    Page("admin:grandtour_cost_line", "/admin/grandtour/cost/line/{line}/", "ines"),
    Page("admin:grandtour_cost_approve", "/admin/grandtour/cost/{cost}/approve/", "ines"),
    Page("admin:grandtour_cost_refuse", "/admin/grandtour/cost/{cost}/refuse/", "ines"),
    Page("admin:grandtour_cost_pay", "/admin/grandtour/cost/{approved}/pay/", "ines"),
    Page("admin:exchange_report_changelist", "/admin/exchange/report/", "ines"),
    Page(
        "admin:exchange_report_about", "/admin/exchange/report/about/listing/{offer}/", "ines"
    ),
    *(
        Page(f"admin:{app}_{model}_{view}", f"/admin/{app}/{model}/{path}", "ines")
        for app, model, row in (
            ("volunteers", "affiliate", "affiliate"),
            ("volunteers", "bottlenecksnapshot", "bottleneck"),
            ("volunteers", "notice", "notice"),
            ("volunteers", "person", "person"),
            ("volunteers", "place", "place"),
            ("volunteers", "region", "region"),
            ("volunteers", "skill", "skill"),
            ("exchange", "exchange", "done"),
            ("exchange", "listing", "offer"),
            ("exchange", "practice", "practice"),
            ("grandtour", "edition", "edition"),
            ("grandtour", "host", "host"),
            ("grandtour", "lookbackanswer", "stuck"),
            ("grandtour", "training", "training"),
            ("grandtour", "trainingversion", "training_draft"),
            ("grandtour", "lesson", "lesson"),
        )
        for view, path in (
            ("changelist", ""),
            ("change", f"{{{row}}}/change/"),
            ("history", f"{{{row}}}/history/"),
        )
    ),
)
# What answers with no page, or with one that comes only in the middle of something.
ONLY_POSTED = """
    exchange:say exchange:confirm exchange:keep volunteers:keep_thanks exchange:archive_practice
    exchange:publish exchange:pause exchange:resume exchange:put_back
    exchange:confirm_listing exchange:copy exchange:autosave volunteers:unblock
    volunteers:hours volunteers:end_hours volunteers:hours_again
    volunteers:rest volunteers:leave_alone volunteers:finish_commitment volunteers:put_down
    volunteers:take_up_again volunteers:share_again
    volunteers:come_back volunteers:forget_rest volunteers:rest_again
    volunteers:section volunteers:join
    volunteers:leave volunteers:confirm volunteers:decline volunteers:set_role
    volunteers:read_all volunteers:open_notice volunteers:rhythm volunteers:stop_sharing
    care_suggest set_language admin:logout
    exchange:join exchange:decline_invitation
    exchange:take exchange:decline_hand_over exchange:withdraw_hand_over
    volunteers:import_answer volunteers:import_confirm volunteers:import_discard
    volunteers:import_undo volunteers:let_go volunteers:refuse_imports
    volunteers:be_counted volunteers:be_left_out
    exchange:wait exchange:stop_call volunteers:stop_waiting
    grandtour:withdraw_host grandtour:take_up_host grandtour:autosave_application
    grandtour:withdraw_application grandtour:take_up_application
    grandtour:discard_application
    grandtour:autosave_review grandtour:reopen_review grandtour:read_others grandtour:abstain
    grandtour:declare_conflict grandtour:answer_review grandtour:stop_review
    grandtour:accept_seat grandtour:refuse_seat grandtour:welcome grandtour:refuse_stop
    grandtour:confirm_expectation grandtour:tick grandtour:share grandtour:unshare
    grandtour:withdraw_cost
    learnt_report learnt_offer learnt_application learnt_money
    grandtour:call_off_event grandtour:sign_up grandtour:sign_off grandtour:show_needs
    grandtour:answer_partner
    grandtour:forget_needs
    admin:grandtour_plan_stop admin:grandtour_plan_reasons
"""
NO_PAGE = """
    volunteers:import_refused volunteers:own_hours volunteers:affiliate_hours
    volunteers:affiliate_contacts
    grandtour:export_review admin:grandtour_edition_export
    health exchange:teach exchange:suggest exchange:told exchange:dates
    exchange:suggest_countries
    grandtour:evaluation_wikitext
    grandtour:event_dates
    grandtour:journey_dates admin:grandtour_plan_change admin:grandtour_journey_change
    grandtour:receipt admin:grandtour_cost_costs_csv admin:grandtour_cost_budget_csv
    admin:grandtour_cost_books_xlsx admin:grandtour_cost_mobilities_csv
    admin:grandtour_cost_mobilities_xlsx admin:grandtour_cost_mobilities_pdf
    admin:grandtour_cost_draft_txt admin:grandtour_cost_draft_pdf
    admin:grandtour_cost_change
    priorities_this_year priorities_table priorities_wikitext
    volunteers:bottlenecks_csv volunteers:bottlenecks_wikitext
    volunteers:suggest_skills volunteers:suggest_places volunteers:suggest_codes
    mfa_download_recovery_codes mfa_login_webauthn mediawiki_login mediawiki_callback
    admin:autocomplete admin:jsi18n admin:view_on_site
"""
# The same templates as above, one step later or with a key of one's own.
ONE_STEP_LATER = """
    admin:grandtour_plan_accept
    grandtour:look_back
    exchange:still_true volunteers:unsubscribe volunteers:check_in volunteers:check_in_more
    exchange:handed
    mail account_email_verification_sent
    account_set_password account_confirm_login_code account_confirm_password_reset_code
    account_complete_password_reset mfa_authenticate mfa_reauthenticate mfa_deactivate_totp
    mfa_view_recovery_codes mfa_generate_recovery_codes mfa_reauthenticate_webauthn
    mfa_remove_webauthn mfa_edit_webauthn mfa_signup_webauthn socialaccount_signup
    socialaccount_login_error
    admin:login admin:password_change admin:password_change_done
    admin:exchange_report_change admin:exchange_report_history
"""
# An organiser is refused there; a test about permissions says so.
CLOSED = ("admin:auth_", "admin:account_", "admin:mfa_", "admin:socialaccount_")


def named(patterns=None, space=""):
    """Give the name of every address of the site that has one."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
