import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from capx import maildrop

pytestmark = pytest.mark.django_db

DASHES = "-" * 79


@pytest.fixture
def folder(settings, tmp_path):
    """Show a sample whose mails lie in a folder."""
    settings.SAMPLE = True
    settings.MAIL_FOLDER = str(tmp_path)
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def send(folder, *mails):
    """Send mails as Django does it into one file."""
    line = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    line.send_messages(
        [EmailMessage(subject, body, "from@example.org", [to]) for subject, body, to in mails]
    )


def test_mails_of_one_file_are_taken_apart(folder):
    send(
        folder,
        ("Übersetzen 🐙", "First.\n\nSecond: ł", "ada@example.org"),
        ("Dashes", f"above\n{DASHES}\nbelow", "bob@example.org"),
    )

    found = maildrop.letters(folder, 10)

    assert [(one.subject, one.to, one.text) for one in found] == [
        ("Dashes", "bob@example.org", f"above\n{DASHES}\nbelow"),
        ("Übersetzen 🐙", "ada@example.org", "First.\n\nSecond: ł"),
    ]
    assert all(one.sent_at and one.sent_at.tzinfo for one in found)


def test_a_broken_file_and_a_date_that_is_none_break_no_page(client, folder):
    (folder / "20260101-000000-1.log").write_bytes(b"Date: soon\nSubject: x\n\n\xff\x00 hi")
    (folder / "20260101-000000-2.log").write_bytes(b"")
    (folder / "notes.txt").write_text("not a mail")

    assert [one.subject for one in maildrop.letters(folder, 10)] == ["x"]
    assert client.get(reverse("mails")).status_code == 200
    assert client.get(reverse("mail", args=["20260101-000000-1.1"])).status_code == 200


def test_only_the_latest_are_listed(folder):
    for number in range(4):
        path = folder / f"2026010{number}-000000-1.log"
        path.write_text(f"Content-Type: text/plain\nSubject: {number}\n\nhi\n{DASHES}\n")

    assert [one.subject for one in maildrop.letters(folder, 2)] == ["3", "2"]


def test_a_mail_is_read_with_its_links(client, folder):
    send(folder, ("Hello", "Look: http://localhost:8000/catalogue/ <b>", "ada@example.org"))
    key = maildrop.letters(folder, 1)[0].key

    listed = client.get(reverse("mails")).content.decode()
    page = client.get(reverse("mail", args=[key])).content.decode()

    assert reverse("mail", args=[key]) in listed
    assert '<a href="http://localhost:8000/catalogue/" rel="nofollow">' in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2fsettings", "a.99", "20260101.1"])
def test_what_is_not_there_is_not_found(client, folder, key):
    send(folder, ("Hello", "hi", "ada@example.org"))

    assert client.get(f"/sample/mail/{key}/").status_code == 404


def test_without_a_mail_the_page_says_so(client, folder):
    assert "No mail yet" in client.get(reverse("mails")).content.decode()


@pytest.mark.parametrize("sample", [{"SAMPLE": False}, {"MAIL_FOLDER": ""}])
def test_a_real_site_has_no_such_page(client, folder, settings, sample):
    for name, value in sample.items():
        setattr(settings, name, value)

    assert client.get("/sample/mail/").status_code == 404
    assert client.get("/sample/mail/a.1/").status_code == 404
