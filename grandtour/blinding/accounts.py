"""How wikis write the pages of people, and of what they did.

Source: the namespaces 2, 3 and -1 of MediaWiki, with the names that Wikimedia's wikis add, as
https://www.mediawiki.org/wiki/Help:Namespaces and each wiki's `siteinfo` list them.
"""

import re

from capx.folding import fold

# The pages of people and of talking to them, without those that are the same word.
PEOPLE = """
User;User talk;Benutzer;Benutzerin;Benutzer Diskussion;Benutzerin Diskussion
Utilisateur;Utilisatrice;Discussion utilisateur;Discussion utilisatrice;Discussion Utilisateur
Usuario;Usuaria;Usuario discusión;Usuaria discusión;Usuario Discusión
Utente;Discussioni utente;Usuário(a);Usuário;Usuária;Utilizador;Utilizadora
Usuário(a) Discussão;Usuário Discussão;Utilizador Discussão;Discussão Usuário
Gebruiker;Gebruikster;Overleg gebruiker;Wikipedysta;Wikipedystka;Dyskusja wikipedysty
Dyskusja wikipedystki;Użytkownik;Użytkowniczka;Dyskusja użytkownika;Dyskusja użytkowniczki
Участник;Участница;Обсуждение участника;Обсуждение участницы
Користувач;Користувачка;Обговорення користувача;Обговорення користувачки
Удзельнік;Удзельніца;Гутаркі ўдзельніка;Гутаркі ўдзельніцы;Размовы з удзельнікам
Wikipedista;Wikipedistka;Uživatel;Uživatelka;Diskuse s wikipedistou;Diskuse s wikipedistkou
Diskuse s uživatelem;Diskuse s uživatelkou;Redaktor;Redaktorka;Diskusia s redaktorom
Diskusia s redaktorkou;Užívateľ;Užívateľka;Szerkesztő;Szerkesztővita;Utilizator
Utilizatoare;Discuție Utilizator;Discuție Utilizatoare;Потребител;Потребител беседа
Корисник;Корисница;Разговор са корисником;Разговор са корисницом;Разговор со корисник
Korisnik;Korisnica;Razgovor s korisnikom;Razgovor sa korisnikom;Suradnik;Suradnica
Razgovor sa suradnikom;Razgovor sa suradnicom;Uporabnik;Uporabnica;Uporabniški pogovor
Përdoruesi;Përdoruesja;Përdoruesi diskutim;Χρήστης;Χρήστρια;Συζήτηση χρήστη
Kullanıcı;Kullanıcı mesaj;Användare;Användardiskussion;Bruger;Brugerdiskussion
Bruker;Brukerdiskusjon;Brukar;Brukardiskusjon;Käyttäjä;Keskustelu käyttäjästä
Kasutaja;Kasutaja arutelu;Dalībnieks;Dalībniece;Dalībnieka diskusija;Lietotājs
Naudotojas;Naudotoja;Naudotojo aptarimas;Notandi;Notandaspjall;Úsáideoir;Plé úsáideora
Defnyddiwr;Sgwrs Defnyddiwr;Lankide;Lankide eztabaida;Usuari;Usuària;Usuari Discussió
Conversa usuario;Conversa usuaria;Utilizaire;Usuariu;Usuaria alderique;Discusión usuariu
Մասնակից;Մասնակցի քննարկում;მომხმარებელი;მომხმარებლის განხილვა
İstifadəçi;İstifadəçi müzakirəsi;Қатысушы;Қатысушы талқылауы;Foydalanuvchi
مستخدم;مستخدمة;نقاش المستخدم;نقاش المستخدمة;کاربر;بحث کاربر;صارف;تبادلۂ خیال صارف
بەکارھێنەر;משתמש;משתמשת;שיחת משתמש;שיחת משתמשת;באַניצער
सदस्य;सदस्य वार्ता;प्रयोगकर्ता;ব্যবহারকারী;ব্যবহারকারী আলাপ;பயனர்;பயனர் பேச்சு
వాడుకరి;వాడుకరి చర్చ;ഉപയോക്താവ്;ഉപയോക്താവിന്റെ സംവാദം;ਵਰਤੋਂਕਾਰ;સભ્ય;ಸದಸ್ಯ
ผู้ใช้;คุยกับผู้ใช้;Thành viên;Thảo luận Thành viên;Pengguna;Pembicaraan Pengguna
Perbincangan pengguna;用户;用戶;使用者;用户讨论;用戶討論;使用者討論
利用者;利用者‐会話;利用者会話
사용자;사용자토론;Uzanto;Uzantino;Vikipediisto;Vikipediistino;Mtumiaji;Tagagamit;Gumagamit
Usor;Benotzer;Implijer;Wužiwar;Wužiwarka;Meidogger;Benutza;Używacz;Brukari;Uzer
"""  # noqa: RUF001 -- other alphabets
# Where a wiki lists what somebody has done: Special:Contributions/Somebody.
SPECIAL = """
Special;Spezial;Spécial;Especial;Speciale;Speciaal;Specjalna;Служебная;Спеціальна;Служебни
Спэцыяльныя;Адмысловае;Speciální;Špeciálne;Speciális;Специални;Посебно;Специјална
Posebno;Ειδικό;Özel;Spesial;Toiminnot;Eri;Serviiks;Speciāls;Specialus;Kerfissíða;Speisialta
Arbennig;Berezi;Սպասարկող;სპეციალური;Xüsusi;Арнайы;خاص;ویژه;تایبەت;מיוחד;विशेष;বিশেষ;சிறப்பு
ప్రత్యేక;പ്രത്യേകം;พิเศษ;Đặc biệt;Istimewa;Khas;特殊;特別;특수;Specialaĵo;Specialis;Maalum
"""
# What ends the name of an account in running words and in links.
ENDS = r"[^\s|\]<>{}،。、，；？！]"  # noqa: RUF001 -- full stops of other scripts


def _either(names: str) -> str:
    """Write a pattern for one of these, with a space or an underscore between their words."""
    known = sorted({fold(name) for name in re.split("[;\n]", names)} - {""}, key=len)[::-1]
    return "|".join(r"(?:[\s_+]|%20)".join(map(re.escape, name.split())) for name in known)


# Both are looked for in a folded text, from an address or another wiki's letters on.
BEFORE = r"(?:https?://\S*?/(?:\S*?[/=])?)?(?:(?<!\w)(?:[a-z-]{1,12}:){1,3})?"
ACCOUNT = re.compile(rf"{BEFORE}(?<![a-z])(?:{_either(PEOPLE)})\s?(?::|%3a)[\s_]?{ENDS}+")
DEEDS = re.compile(rf"{BEFORE}(?<![a-z])(?:{_either(SPECIAL)})(?::|%3a)_?[^\s/|\]]+/{ENDS}+")
EMAIL = re.compile(
    r"[^\s<>@,;()]+\s?(?:@|[(\[{]\s?(?:at|a|arroba)\s?[)\]}])\s?[^\s<>@,;()]+(?:\.|\s?[(\[]dot[)\]]\s?)\w+"
)
# Any address of the web, whole: it leads to somebody's page or names their wiki.
URL = re.compile(rf"(?:(?<!\w)(?:https?:|//|www\.)|(?<=https:)//){ENDS}+")
# Ends of names of computers that are no words; of others only what a path follows.
TOPS = (
    "com org net info eu wiki social dev app io cat xyz name online site blog"
    " ad al am ba bg by ch cz dk ee es eus fi fr gal gr hr hu ie il ir is it kz lb li lt lu lv"
    " ly md mk mt nl nz pl pt ro rs ru se si sk sm sy tn tr ua uk ukr uz рф укр бг срб"  # noqa: RUF001 -- ends of names in Cyrillic
)
# A full stop without a space after it is none: of words only what looks like an address.
HOST = re.compile(
    rf"(?<![\w@.])(?:[a-z0-9\u00a1-\uffff](?:[\w-]*\w)?\.)+"
    rf"(?:(?:{'|'.join(TOPS.split())})(?![\w-])(?:[/?#]{ENDS}*)?|[a-z]{{2,}}/{ENDS}+)"
)
# @somebody, @somebody@a.server, somebody#1234, a telephone number.
HANDLE = re.compile(r"(?<!\w)@\w[\w.-]*\w(?:@\w[\w.-]*\w)?|(?<!\w)\w+#\d{4}(?!\d)")
PHONE = re.compile(r"(?<!\w)(?:\+|00)\d[\d ()./-]{6,}\d")
FINDERS = (EMAIL, ACCOUNT, DEEDS, URL, HOST, HANDLE, PHONE)
