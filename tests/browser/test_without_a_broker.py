"""Without a broker, a worker or a timetable all else works; mail is late, and comes once."""

import pytest

from tests.browser.somebody import Somebody
from tests.post_office import text

pytestmark = pytest.mark.xdist_group("product")

TITLE = "Subtitles for a short film"
QUESTION = "Could you help us with a film of ten minutes?"
ANSWER = "Gladly. Let us write it down."
PAGES = [
    *("/", "/catalogue/", "/catalogue/?q=subtitles", "/catalogue/order/", "/practices/"),
    *("/people/", "/affiliates/", "/skills/", "/exchanges/", "/notices/", "/practices/new/"),
    *("/me/", "/me/account/", "/me/data/", "/me/listings/", "/me/notices/", "/me/bandwidth/"),
]


@pytest.fixture
def two(product, new_context, gone):
    """Somebody who offers, and somebody who asks."""
    people = [
        Somebody(product, new_context(), f"{name}-{gone}") for name in ("mirela", "andrei")
    ]
    for person in people:
        person.sign_up()
    return people


def offer(author, title):
    author.go("/catalogue/new/?kind=offer&of=service")
    author.fill(title=title, body="I write them and set the times.")
    author.press("Publish")
    author.sees(title)
    return author.page.url


def letters(person, words):
    """Give the mails to somebody that have these words."""
    return [mail for mail in person.product.post.to(person.address) if words in text(mail)]


@pytest.mark.parametrize("gone", ["broker", "worker", "timetable"])
def test_what_is_gone_delays_the_mail_and_nothing_else(product, two, gone):
    author, asker = two
    question, answer = f"{QUESTION} ({gone})", f"{ANSWER} ({gone})"

    product.kill(gone)
    asker.go(offer(author, f"{TITLE} ({gone})"))
    asker.press("Ask about this")
    asker.fill(message=question)
    asker.press("Send")
    asker.sees(question)
    exchange = asker.page.url.split("#")[0]
    for path in PAGES:
        asker.go(path)
    if gone != "timetable":
        assert letters(author, question) == []
    product.start(gone)
    author.mail(question)

    author.go(exchange)
    author.fill(body=answer)
    author.press("Send")
    asker.mail(answer)  # it was written later: whatever was to be sent twice was sent by now
    assert len(letters(author, question)) == 1
