"""What people of a country, and what is theirs, are called in English, German, Spanish, French.

Languages are named after CLDR elsewhere; these are the people and the adjectives of Europe and
its neighbours. An ending may follow each (polnisch, polnischen), and accents do not matter.
'English' is not among them: everybody here says which languages they speak.
"""

DEMONYMS = {
    code: words.split(";")
    for code, words in {
        "AD": "Andorran;Andorraner;andorranisch;andorrano;andorran",
        "AL": "Albanian;Albaner;albanisch;albanés;albanesa;albanais",
        "AM": "Armenian;Armenier;armenisch;armenio;arménien;arménienne",
        "AT": "Austrian;Österreicher;österreichisch;austríaco;autrichien;autrichienne",
        "AZ": "Azerbaijani;Azeri;Aserbaidschaner;aserbaidschanisch;azerbaiyano;azerbaïdjanais",
        "BA": "Bosnian;Bosnier;bosnisch;Herzegovinian;bosnio;bosniaco;bosnien;bosnienne",
        "BE": "Belgian;Belgier;belgisch;Flemish;Walloon;belga;belge;flamand;wallon",
        "BG": "Bulgarian;Bulgare;bulgarisch;búlgaro;bulgare",
        "BY": "Belarusian;Belarusse;belarussisch;weißrussisch;bielorruso;biélorusse;bélarusse",
        "CH": "Swiss;Schweizer;schweizerisch;suizo;suiza;suisse",
        "CY": "Cypriot;Zyprer;Zypriot;zyprisch;chipriota;chypriote",
        "CZ": "Czech;Tscheche;Tschechin;tschechisch;Bohemian;checo;checa;tchèque",
        "DE": "German;Deutsche;Deutscher;deutsch;alemán;alemana;allemand",
        "DK": "Danish;Dane;Däne;Dänin;dänisch;danés;danesa;danois",
        "DZ": "Algerian;Algerier;algerisch;argelino;algérien;algérienne",
        "EE": "Estonian;Estin;estnisch;estonio;estonien;estonienne",
        "EG": "Egyptian;Ägypter;ägyptisch;egipcio;égyptien;égyptienne",
        "ES": "Spanish;Spaniard;Spanier;spanisch;español;española;espagnol;Catalan;Basque",
        "FI": "Finnish;Finn;Finne;Finnin;finnisch;finlandés;finlandesa;finés;finlandais",
        "FO": "Faroese;Färinger;färöisch;feroés;féroïen;féroïenne",
        "FR": "French;Frenchman;Franzose;Französin;französisch;francés;francesa;français",
        "GB": "British;Briton;Scottish;Scot;Scotsman;Welsh;Brite;Britin;britisch;Schotte;"
        "schottisch;walisisch;británico;escocés;galés;britannique;écossais;gallois",
        "GE": "Georgian;Georgier;georgisch;georgiano;géorgien;géorgienne",
        "GR": "Greek;Grieche;Griechin;griechisch;griego;griega;grec;grecque",
        "HR": "Croatian;Croat;Kroate;Kroatin;kroatisch;croata;croate",
        "HU": "Hungarian;Magyar;Ungar;Ungarin;ungarisch;húngaro;hongrois",
        "IE": "Irish;Irishman;Irishwoman;Ire;Irin;irisch;irlandés;irlandesa;irlandais",
        "IL": "Israeli;israelisch;israelí;israélien;israélienne",
        "IS": "Icelandic;Icelander;Isländer;isländisch;islandés;islandesa;islandais",
        "IT": "Italian;Italiener;italienisch;italiano;italien;italienne;Sicilian;Sardinian",
        "KZ": "Kazakh;Kasache;kasachisch;kazajo;kazakh",
        "LB": "Lebanese;Libanese;libanesisch;libanés;libanais",
        "LI": "Liechtensteiner;liechtensteinisch;liechtensteiniano;liechtensteinois",
        "LT": "Lithuanian;Litauer;litauisch;lituano;lituanien;lituanienne",
        "LU": "Luxembourgish;Luxembourger;Luxemburger;luxemburgisch;luxemburgués;"
        "luxembourgeois",
        "LV": "Latvian;Lette;Lettin;lettisch;letón;letona;letton",
        "LY": "Libyan;Libyer;libysch;libio;libyen;libyenne",
        "MA": "Moroccan;Marokkaner;marokkanisch;marroquí;marocain",
        "MC": "Monegasque;Monégasque;monegassisch;monegasco",
        "MD": "Moldovan;Moldavian;Moldauer;moldauisch;moldawisch;moldavo;moldave",
        "ME": "Montenegrin;Montenegriner;montenegrinisch;montenegrino;monténégrin",
        "MK": "Macedonian;Mazedonier;mazedonisch;nordmazedonisch;macedonio;macédonien",
        "MT": "Maltese;Malteser;maltesisch;maltés;maltesa;maltais",
        "NL": "Dutch;Dutchman;Netherlander;Holländer;Niederländer;niederländisch;holländisch;"
        "neerlandés;holandés;holandesa;néerlandais;hollandais;Frisian",
        "NO": "Norwegian;Norweger;norwegisch;noruego;noruega;norvégien;norvégienne",
        "PL": "Polish;Pole;Polin;polnisch;polaco;polaca;polonais;Silesian;Kashubian",
        "PS": "Palestinian;Palästinenser;palästinensisch;palestino;palestinien;palestinienne",
        "PT": "Portuguese;Portugiese;Portugiesin;portugiesisch;portugués;portuguesa;portugais",
        "RO": "Romanian;Rumäne;Rumänin;rumänisch;rumano;rumana;roumain",
        "RS": "Serbian;Serb;Serbe;Serbin;serbisch;serbio;serbia;serbe",
        "RU": "Russian;Russe;Russin;russisch;ruso;rusa;russe;Tatar",
        "SE": "Swedish;Swede;Schwede;Schwedin;schwedisch;sueco;sueca;suédois",
        "SI": "Slovenian;Slovene;Slowene;Slowenin;slowenisch;esloveno;eslovena;slovène",
        "SK": "Slovak;Slowake;Slowakin;slowakisch;eslovaco;eslovaca;slovaque",
        "SM": "Sammarinese;san-marinesisch;sanmarinense;saint-marinais",
        "SY": "Syrian;Syrer;syrisch;sirio;siria;syrien;syrienne",
        "TN": "Tunisian;Tunesier;tunesisch;tunecino;tunisien;tunisienne",
        "TR": "Turkish;Turk;Türke;Türkin;türkisch;turco;turca;turque",
        "UA": "Ukrainian;Ukrainer;ukrainisch;ucraniano;ucraniana;ukrainien;ukrainienne",
        "UZ": "Uzbek;Usbeke;usbekisch;uzbeko;ouzbek",
        "XK": "Kosovar;Kosovan;Kosovare;kosovarisch",
    }.items()
}
