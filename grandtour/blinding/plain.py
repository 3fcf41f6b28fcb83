"""Names that are words as well: only with a capital do they name somebody.

To hide such a word in lower case would not hide a name but tell it: who reads 'I ▇▇▇ teach'
knows that somebody is called Will. Names that are no words are hidden however they are written.
"""

import re

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
# What begins sentences, and could be a short name with an ending, or one in another script; none
# of them is a name as people write it. The small words of English, German, French, Spanish, Italian and Portuguese, Dutch and the
# north, Polish, Czech and Slovak, the South Slavs, Turkish, Finnish, Russian and Ukrainian.
BEGINNINGS = """
a about after again ago all also although always am among and annual any anyone are art as
ask at back be been best better both but by can come dear did do does done each early even
ever every few find first for from get give go good had has have he hello help her here hi his
how however i if in instead into is it its just keep last lately later lead learn less let lets
like line little live many me mine more most much must my name near need never new next nine
no none not now of off often ok old on once one online only open or other others our out over own
part past please put read same see set she should show since so some soon still such sure take
talk tell ten than thank thanks that the their them then there these they this those through time
to today too try two under until up us use used very was we well were what when where whether
which while who why wish with work would yes yet you your
aber alle allein alles als also am ander andere auch auf aus bald bei beide besser bis
bitte da dabei dafur dagegen daher damals damit danach danke dann daran darauf darin darum das
dass davon dazu dein dem den denn der deren des dich die dies diese dieser dir doch dort du durch
eher ein eine einem einen einer eines einige einmal er erst es etwa etwas euch fast fur gab ganz
gar gegen gehe gemeinsam genau gern gerne gib gilt gibt gut habe haben hat heute hier hin ich ihm
ihn ihr ihre im immer in innen ins ist ja je jede jeder jedes jene jetzt kann kein keine klar
komm kurz lange leben leider lern lese los mache mal man manche mehr mein meine meist mich mir
mit muss nach nein nicht nichts nie nimm noch nun nur ob oben oder oft ohne per sage schon sehr
seid sein seine seit selbst sich sie sind so sogar soll sonst spater statt stets uber um und uns
unser unten unter viel viele vom von vor war was weder wegen weil wem wen wenig wenn wer werde
wie wieder wir wo wohl wollen zu zum zur zwei zwar
ainsi alors apres au aucun aussi autre aux avant avec avoir bien car ce cela celle celui ces cet
cette chacun chaque chez ci comme comment contre dans de deja depuis des deux dire donc du elle
elles en encore enfin entre est et ete etre eux faire fait faut il ils ici je jamais la le
leur leurs loin lors ma mais mal malgre meme merci mes moi moins mon ne ni non nos notre
nous on ou oui par parce parfois pas pendant peu peut plus pour pres puis quand que quel quelle
qui quoi rien sa sans se selon ses si sinon soit son sont souvent sous sur ta tant tel tes toi
ton tot tous tout toute toutes tres trop tu un une va vers voici vous vu
ahora al algo alguien alguna ama antes aqui asi aun aunque ayer bueno cada casi como con contra
cosa cual cuando cuanto dar de debe del dentro desde despues dia donde dos el ellas ellos en
entre era es esa ese eso esta estas este esto estos falta fue gran ha hace hacer hacia han hasta
hay hoy igual la las le lo los luego mar mas me mejor menos mi mia mientras mio mis misma
mismo mucha mucho muy nada nadie ni no nos nunca o os otra otras otro otros para pero poca poco
por porque primero pues que quien quiza sal sala se sea segun sera si siempre sin sino sobre sola
solo son su sus tal tambien tan tanto te tiene toda todas todo todos tras tu un una unas uno unos
va van varias vez vida y ya yo
ai alle allo allora altra altre altri altro anche ancora appena bene che chi ci cioe come
con cosi cui da dai dalla dalle degli dei del della delle dello di dopo dove dunque e ecco ed
era fa fra gia giu gli grazie ha hai hanno ho il in insieme invece io la le lei loro lui
ma male mani me meglio meno mentre mi mia miei mio molta molte molti molto ne nei nel
nella no noi non nuova nuovo ogni oggi oltre ora per perche pero piu poco poi poiche prima puo
qua quale quasi quelle quello questa questo qui sala sale se sei senza si sia siamo solo
sono sotto spesso sta stessa stesso su sua sul sulla suo tanta tante te ti tra troppo tu tua
tutte tutti tutto un una uno va
ao aos apenas aqui ate bem cada com como da das de depois do dos e ela elas ele eles em era essa
esse esta este eu foi ha isso isto ja la mais mas mesmo meu mim minha muito na nao nas nem no nos
nossa nosso num o onde os ou para pela pelo por porque pra quando que quem se seja sem ser seu so
sua tal tambem tem ter toda todas todo todos tudo um umas uns voce
aan al alles als altijd bij daar dat de den der deze die dit doen door dus een er
geen haar had heb heeft hem het hij hoe iets ik ins is ja je kan maar meer men met mijn moet na
naar niet nog nu of om omdat onder ons ook op over te toen tot uit van veel voor waar want wat we
wel wie wij zal ze zelf zich zij zijn zo zonder
aldrig allt alltid alt altid andra andre annan annat att av bara bli da de dem den denna der
det detta dig din dit du eller en enda ene er et ett for fra fran ganska gor ha han har
hej her hon hos hur hva hvad hvem i igen igjen ikke ingen inget inte ja jag jeg just kan
kanske kom lite man mange mat med mellan men mer mest mig min mina mine mit mitt mot mycket nagon
nar ni nog nogle noen nu nya och og om oss pa paa samma samme sen ser sig sin sit sitt ska
skal som til till under upp ut uten utan vad van var vara vart ved vem vet vi vid vil vill
aby albo ale ani az bardzo bez by byc byl byla bylo byt co czasem czy dalej dla dlatego
do dobra dobre dobry duzo gdy gdzie go i ich ile im inne inni inny ja jak jaka jaki jako je
jego jej jest jeszcze jesli juz kazda kazdy kiedy kilka kto kuda lub ma mali mala male malo maly
mam mamy mi mnie moga moge moi moja moje moze mozna moj my na nad nas nasz nasza nasze ni nic
nich nie nigdy nim niz no nowa nowe nowy o obok od on one oni ono oprocz oraz ot pan pani po
pod podczas potem pracy prawie proste przed przez przy raz razem sa sama same samo sie
sila skad swoj ta tak takze tam te tego tej tez to toby trudno trzeba tu tutaj tych tylko tym u w
wam wasz wiec wiele wszyscy wy z za zanim zas zawsze ze zeby
ackoli aj ak ako aku ale alebo az bych byl byla byli byt co dnes do ho hoc i jak jaka
jake jako je jedna jeho jej jen jenom jeste ji jich jim jsem jsme jsou k kam kazda kazdy kde kdo
kdyz kto ktera ktere ktory ku len ma mal mame mam mezi mi misto mne moc moj moje moze muj muze my
na nad nas nase ne nebo nech neco nekdo nekdy nic nie nove o od on oni ono pak pan po pod
pokud potom prace prave pre pred pri pro proc proto s sa sama samo se si skoro sme snad
so som spolu stale su sve svoje ta tak take taky tam te ted tedy ten tento ti to toto tu tuto tva
ty u uz v vam vas ve vela velmi vsak vsetci vy vzdy z za zda ze
ako ako bez bi bila bili bilo biti brez ce cetudi co da danas do dok dom dva ga i
ili ima imam ista isti ja jako jasno je jedan jedna jer jos ju ka kad kada kaj kako kao ki ko
koja koje koji kot kroz mali mala malo me meni mi mir mislim moj moja moje mogu mora moze mu na
nad nama nas nasa nase ne neka neke neki nema ni nije nikad nista nju no nove o ob od oko on
one oni ono onda opet osim ova ove ovo pa po pod pored posle potem prije prva rad
radimo radio s sa saj sada sama same samo sebe sem si smo so sta sto su sva svaka
svaki sve svi ta tada taj tako tam te tek ti to toda tu u uvek uz v vam vas ve vec veliko
vise vrlo za zato ze zelo zbog
ama ancak ara arada asla az bana bazen bazi bende beni benim bir biraz biri biz bize bizi
bu buna bunu burada cok cunku da daha de degil diger diye dolu en eski evet fakat gene gibi gore
hangi hem hemen hep hepsi her hic hicbir icin ile ilk ise iste iyi kac kadar kendi ki
kimi mi mu ne neden nasil niye o olan olarak olsa once onlar onu orada oysa sana sen seni siz
son sonra su sure tek tum tam uzun var ve veya ya yani yeni yine yok
ainoa aina ei eika ellei emme en ensin entinen eri et han haneen he helppo hyva ihan ilman itse
ja joka jokin jolla jos joten ken koko kuka kukin kun kuin kuten lisaa mika mina minka missa
mista mita moni muu mutta myos ne niin niita noin nyt olen olla on oma oman onko osa ota saa
se sen siis silla sita tai tama tassa te toki vaan vain vai viela voi yksi
а без более больше был была были было быть в вам вас вдруг ведь весь вместе вне во вот
все всегда всего всем всех всю вся вы где да даже дали даль данные для до дом дома
другие друг его ее если есть еще же за завтра затем здесь зимой знаю и иди идем из или им иногда
иная иные их к каждая каждый как какая какие какой ко когда кое коль кому кроме кто куда летом ли
либо лишь любая любой мало мама между меня мимо мир мне много мои мой моя мы на
надо наконец нам нами нас наш наша наше наши не него нее некто нельзя нет ни никогда никто ним
них ничего но новая новые ну нужно о об обе один одна одни одно около он она они оно от очень пар
пара перед по под пока после потом потому поэтому почему почти при про прямо пусть раз раньше рано
рады роль с сам сама само самое самой самом самым свои своя себе себя сила скоро
сначала со снова стал стали та так также такая там тема тем теперь то тогда того тоже той том
только том тот трудно туда тут ты у уже хотя хорошо целая часто чаще чего чем через что чтобы эта
эти это этой этом этот эту я
або адже але ані без би більше був була були було бути в вам вас ваш весь вже ви від він вона вони
воно всі все всього де для до дуже день його її їх з за завжди зараз звідки зі і із
іноді ін інша інше інші й кого кожен кожна коли кому краще крім куди лише люди ма майже мало
мати ми між мене мені мир моя мої мій на навіть над нам нами нас наша наше наші не нема немає
ним них ні ніхто ніколи нова нове ну о обидва один одна одне ось от перед перша під після по поки
потім потрібно при про проте раді раз разом рано сам сама саме самій свої своя себе
сила скрізь собі спершу та так така також там твоя те тема тепер ти тими то тоді того той тому
треба тут у увесь усе усі хай хоч хто це цей ця ці через чи чому ще що щоб що як яка який які якщо
без беше би бил била били било в вас ваш вече все всеки вие винаги всички го да дали до докато
един една едно за защо и или им има как както какво като кога което която които който къде ли
между ме мен ми много мога може мой моя му на над най нас наша не него нея ние никой нищо но някой
нещо о обаче от още пак по под после преди през при са само се сега след също си сме съм така тази
там те тези ти това тогава този той тук тя у че ще
а без бих био била били било бити ви воз где да данас до док ево за зашто зато и из
или има исто ја јако је један једна јер још ка када како као ко која које који код ли мали мало ме
међу мене ми мир мој моја моје на над нам нама нас наш не нема ни није нико но нова о од око он она
они оно опет осим ова овај ови ово па по под поред после преко при рад рано са сад сам
само сви све свака сваки се себе си смо су та тада тај так тако там те тек то том ту у
уз увек у че често што
anders bo dal else hala hans inga inna jo les li luce mare marine nam nova ole ona vita will
"""  # noqa: RUF001 -- other alphabets
# Of more than one country: somebody who writes of Latin America tells of no country. As fold()
# writes it, and with whatever ends it.
OF_MORE = """
latin america;south america;north america;central america;meso america;america latina
america del;america do;america central;amerique latine;amerique du;amerique centrale
america centrale;latinska amerika;lateinamerika;sudamerika
"""
ANY_OF_MORE = "|".join(filter(None, re.split("[;\n]", OF_MORE)))
WIDER = re.compile(rf"(?<!\w)(?:{ANY_OF_MORE})\w*(?:\s(?:sur|sul|sud|norte|nord)(?!\w))?")
COMMON = frozenset(fold(BEGINNINGS).split())
PLAIN = frozenset([*PEOPLE.split(), *PLACES.split(), *PEOPLES.split(), *COMMON])
# Parts of a name that name nobody by themselves.
PARTS = """
da de del den der des di do dos du e el la las le les lo los van von vom zu zum zur y i et
af av al ap ab bin ben ibn bint abu abd mac mc san santa st ter ten te ou und and of the
jr sr dr ii iii iv
"""
PARTICLES = frozenset(PARTS.split())
