import gettext as gettext_module

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override

from capx import catalogues

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

# Translators: what one says at the door
hello = _("Hello %(name)s")
taken = pgettext_lazy("a listing", "Taken")


def count(n):
    return ngettext("%(n)s skill", "%(n)s skills", n)
"""
PAGE = """
<h1>{% translate "Catalogue" %}</h1>
    <p class="it's">{% blocktranslate trimmed %}
        See <a href="/">all</a> of “it”
    {% endblocktranslate %}</p>
{% comment %}Translators: on a button{% endcomment %}
{% translate "Post" context "verb" %}
"""


@pytest.fixture
def site(settings, tmp_path):
    """Make a small site of one module and one page, read in German."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.LANGUAGES = [("de", "German"), ("en", "English")]
    (tmp_path / "capx").mkdir()
    (tmp_path / "capx" / "code.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def translate(site, *pairs):
    """Write translations as somebody would in an editor: below their sentence."""
    path = site / "locale" / "de" / "LC_MESSAGES" / "django.po"
    text = path.read_text()
    for said, translated in pairs:
        was = f'msgid "{said}"\nmsgstr ""'
        assert was in text
        text = text.replace(was, f'msgid "{said}"\nmsgstr "{translated}"')
    path.write_text(text)


def said(site):
    return [
        (message.context, message.id, message.string, message.auto_comments)
        for message in catalogues.read("de")
        if message.id
    ]


def test_every_sentence_of_code_and_pages_is_found(site):
    call_command("messages", verbosity=0)

    assert said(site) == [
        (None, "Hello %(name)s", "", ["Translators: what one says at the door"]),
        ("a listing", "Taken", "", []),
        (None, ("%(n)s skill", "%(n)s skills"), ("", ""), []),
        (None, "Catalogue", "", []),
        (None, 'See <a href="/">all</a> of “it”', "", []),
        ("verb", "Post", "", ["Translators: on a button"]),
    ]


def test_translations_survive_an_update_and_what_is_gone_is_put_aside(site):
    call_command("messages", verbosity=0)
    translate(site, ("Catalogue", "Katalog"), ("Hello %(name)s", "Hallo %(name)s"))
    (site / "capx" / "code.py").write_text('from x import gettext\ngettext("Good day")\n')

    call_command("messages", verbosity=0)

    assert [(words, string) for _context, words, string, _comments in said(site)] == [
        ("Good day", ""),
        ("Catalogue", "Katalog"),
        ('See <a href="/">all</a> of “it”', ""),
        ("Post", ""),
    ]
    kept = catalogues.path_of("de").read_text()
    assert '#~ msgid "Hello %(name)s"\n#~ msgstr "Hallo %(name)s"' in kept


def test_a_second_update_changes_nothing(site):
    call_command("messages", verbosity=0)
    first = catalogues.path_of("de").read_bytes()

    call_command("messages", verbosity=0)

    assert catalogues.path_of("de").read_bytes() == first


def test_what_was_read_is_written_in_the_same_order(site):
    (site / "capx" / "code.py").write_text('_("Post")\n_("Offer")\n')
    for name, said_there in (("offer", "Offer"), ("post", "Post")):
        page = f"{{% load i18n %}}{{% translate '{said_there}' %}}"
        (site / "templates" / f"{name}.html").write_text(page)
    call_command("messages", verbosity=0)
    first = catalogues.path_of("de").read_bytes()

    catalogues.write("de", catalogues.read("de"))

    assert catalogues.path_of("de").read_bytes() == first


def test_the_check_passes_after_an_update(site):
    call_command("messages", verbosity=0)

    call_command("messages", check=True, verbosity=0)


def test_the_check_names_what_is_missing_and_what_is_gone(site):
    call_command("messages", verbosity=0)
    (site / "templates" / "page.html").write_text(
        PAGE.replace('"Catalogue"', '"The catalogue"')
    )

    with pytest.raises(CommandError) as refused:
        call_command("messages", check=True, verbosity=0)

    assert str(refused.value).split("\n") == [
        "de: missing: The catalogue",
        "de: gone: Catalogue",
        "To bring the catalogues up to date: manage.py messages",
    ]


@pytest.mark.parametrize("wrong", ["Hallo", "Hallo %(nam)s", "Hallo <b>%(name)s</b>"])
def test_the_check_names_a_translation_with_other_placeholders(site, wrong):
    call_command("messages", verbosity=0)
    translate(site, ("Hello %(name)s", wrong))

    with pytest.raises(CommandError, match=r"de: placeholders differ: Hello %\(name\)s"):
        call_command("messages", check=True, verbosity=0)


def test_the_check_names_a_translation_that_says_the_same_again(site):
    call_command("messages", verbosity=0)
    translate(site, ("Catalogue", "Der Katalog.Der Katalog."))

    with pytest.raises(CommandError, match="de: said several times: Catalogue"):
        call_command("messages", check=True, verbosity=0)


def test_a_plural_may_leave_its_number_out(site):
    call_command("messages", verbosity=0)
    path = catalogues.path_of("de")
    empty, full = (
        'msgstr[0] ""\nmsgstr[1] ""',
        'msgstr[0] "eine"\nmsgstr[1] "%(n)s Fähigkeiten"',
    )
    path.write_text(path.read_text().replace(empty, full))

    call_command("messages", check=True, verbosity=0)


def test_compiled_translations_are_what_people_read(site):
    call_command("messages", verbosity=0)
    translate(site, ("Catalogue", "Der Katalog"))

    call_command("messages", compile=True, verbosity=0)

    german = gettext_module.translation("django", site / "locale", languages=["de"])
    assert german.gettext("Catalogue") == "Der Katalog"
    assert german.gettext("Hello %(name)s") == "Hello %(name)s"


def test_without_a_translation_people_read_english():
    with override("de"):
        assert gettext("A sentence nobody has translated") == "A sentence nobody has translated"
