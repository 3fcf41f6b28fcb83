"""Names that are words as well: only with a capital do they name somebody.

To hide such a word in lower case would not hide a name but tell it: who reads 'I ▇▇▇ teach'
knows that somebody is called Will. Names that are no words are hidden however they are written.
"""

import re
from pathlib import Path

from capx.folding import fold

# Of people in English, German, Spanish and French, as fold() writes them.
PEOPLE = """
ali alla ben dan ella mai sam sami
will mark rose grace hope faith joy may june april august art bill chase dawn drew frank gene
grant guy jack lane miles penny pat ray rich rob sue summer autumn victor ward wade max sky ivy
lily daisy ruby amber iris olive heather holly ginger hazel pearl crystal chance earnest eve
angel melody harmony harp hunter mason carter cooper baker cook king queen prince bishop pope
brown white black green gray grey young long short stone wood woods hill field fields ford bush
rice day love price church english french german bell bird bond bridge brook brooks burns case
cross dale fox glass gold golden hall hand hart hay head home house hunt knight lamb land law
little low major march moon moss nail north page park parks payne pool power rain read reader
reed rivers rush sharp small snow sparks spring steel street sweet swift temple train wall
waters way wells west wild winter wise wolf words worth art man men an in so do no my he she we
to it us ok us me be by at as is if of on or up go ed al
ernst klein gross lang kurz schwarz weiss braun jung alt neu reich sommer herbst stark weise
froh gut bald rot blau grun kalt warm fest frei fein hell hart heil
rosa luz sol mar paz cruz flores leon blanco blanca rubio moreno delgado bueno santos campos
alba clara dolores pilar esperanza consuelo mercedes luna cielo rico bravo fuentes rios torres
rey reyes casas casa iglesias calvo vega prado nieves estrella gloria victoria libertad real
rose claire blanche pierre petit petite grand grande blanc noir roux fleur marin lumiere jolie
doux fort mer ange reine roi bon belle clair avril
"""
# Of countries, languages and cities.
PLACES = """
turkey china chad jersey guinea polish chile man reading bath nice split tours essen hamm cork
derby deal sandwich ware mobile orange bar wells bury hull lens gap vienne troyes brest angers
bitter halle singen hof leer rust wiesen bergen baden lugo mulas palma granada salamanca baza
reunion
"""
# Words of a country's people that are words of other languages as well.
PEOPLES = "finn ire scot pole polin turk turke dane este lette"
# Of more than one country: somebody who writes of Latin America tells of no country. As fold()
# writes it, and with whatever ends it.
OF_MORE = """
latin america;south america;north america;central america;meso america;america latina
america del;america do;america central;amerique latine;amerique du;amerique centrale
america centrale;latinska amerika;lateinamerika;sudamerika
"""
ANY_OF_MORE = "|".join(filter(None, re.split("[;\n]", OF_MORE)))
WIDER = re.compile(rf"(?<!\w)(?:{ANY_OF_MORE})\w*(?:\s(?:sur|sul|sud|norte|nord)(?!\w))?")
BEGINNINGS = Path(__file__).with_name("beginnings.txt").read_text(encoding="utf-8")
COMMON = frozenset(
    fold(" ".join(line for line in BEGINNINGS.splitlines() if line[0] != "#")).split()
)
PLAIN = frozenset([*PEOPLE.split(), *PLACES.split(), *PEOPLES.split(), *COMMON])
# Parts of a name that name nobody by themselves.
PARTS = """
da de del den der des di do dos du e el la las le les lo los van von vom zu zum zur y i et
af av al ap ab bin ben ibn bint abu abd mac mc san santa st ter ten te ou und and of the
jr sr dr ii iii iv
"""
PARTICLES = frozenset(PARTS.split())
