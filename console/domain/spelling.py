"""French words with two spellings in use, most of them since the rectifications of 1990.

Written without accents, since the search has removed them by then; that alone unites most pairs
(évènement and événement, aout and août, aigüe and aiguë). One of each pair stands for both. Words
whose other spelling is also another word (supporter, squatter) are left alone.
Source of the rules: Conseil supérieur de la langue française, «Les rectifications de l'orthographe»,
Journal officiel de la République française, documents administratifs, no 100, 6 December 1990.
"""

from __future__ import annotations

_PAIRS = """
ognon oignon | ognons oignons | nenufar nenuphar | nenufars nenuphars | clef cle | clefs cles
relai relais | asseoir assoir | rasseoir rassoir | surseoir sursoir | doucatre douceatre
doucatres douceatres | absout absous | dissout dissous | exema eczema | exemas eczemas
bonhommie bonhomie | boursouffler boursoufler | boursouffle boursoufle | boursouffles boursoufles
boursoufflure boursouflure | boursoufflures boursouflures
cahutte cahute | cahuttes cahutes | charriot chariot | charriots chariots
combattif combatif | combattifs combatifs | combattive combative | combattives combatives
combattivite combativite | imbecillite imbecilite | imbecillites imbecilites
persiffler persifler | persifflage persiflage | prudhommal prudhomal | prudhommie prudhomie
ventail vantail | ventaux vantaux | corolle corole | corolles coroles | girolle girole
girolles giroles | fumerolle fumerole | fumerolles fumeroles | guibolle guibole | guibolles guiboles
frisotter frisoter | ballotter balloter | ballottage ballotage | ballottages ballotages
cachotterie cachoterie | cachotteries cachoteries | cachottier cachotier | cachottiere cachotiere
grelotter greloter | mangeotter mangeoter | levraut levreau | levrauts levreaux
joaillier joailler | joailliers joaillers | joailliere joaillere | joaillieres joailleres
marguillier marguiller | marguilliers marguillers | quincaillier quincailler
quincailliers quincaillers | quincailliere quincaillere | serpilliere serpillere
serpillieres serpilleres | dentelliere denteliere | dentellieres dentelieres
lunettier lunetier | lunettiers lunetiers | prunellier prunelier | prunelliers pruneliers
interpeller interpeler | interpelle interpele | interpelles interpeles | interpellee interpelee
interpellees interpelees | interpellent interpelent | interpellait interpelait
interpellaient interpelaient | interpellez interpelez | interpellons interpelons
interpellant interpelant | interpellation interpelation | interpellations interpelations
pagaie pagaille | pagaye pagaille | bizuth bizut | bizuths bizuts | acuponcture acupuncture
acuponcteur acupuncteur | acuponctrice acupunctrice | cuiller cuillere | cuillers cuilleres
parafe paraphe | parafes paraphes | parafer parapher | phantasme fantasme | phantasmes fantasmes
gaiment gaiement | payement paiement | payements paiements | tzigane tsigane | tziganes tsiganes
yoghourt yogourt | yoghourts yogourts | maffia mafia | maffias mafias | leader leadeur
leaders leadeurs | maximums maxima | minimums minima | matches matchs | sandwiches sandwichs
flashes flashs | soul saoul | souls saouls | soule saoule | soules saoules
"""

_TWO_WORDS = """
autoecole auto ecole | autoecoles auto ecoles | autostop auto stop | bassecour basse cour
bassecours basses cours | brisetout brise tout | chauvesouris chauve souris | contrattaque contre attaque
contrattaques contre attaques | contrattaquer contre attaquer | contrexemple contre exemple
contrexemples contre exemples | contrindication contre indication
contrindications contre indications | contrappel contre appel | contremploi contre emploi
croquemonsieur croque monsieur | croquemadame croque madame | croquemort croque mort
croquemorts croque morts | entretemps entre temps | faitout fait tout | faitouts fait touts
fourretout fourre tout | hautparleur haut parleur | hautparleurs haut parleurs | hotdog hot dog
hotdogs hot dogs | mangetout mange tout | millefeuille mille feuille | millefeuilles mille feuilles
millepatte mille pattes | millepattes mille pattes | passepartout passe partout
piquenique pique nique | piqueniques pique niques | piqueniquer pique niquer | platebande plate bande
platebandes plate bandes | porteclef porte cle | portecle porte cle | portecles porte cles
portemonnaie porte monnaie | portemonnaies porte monnaies | portevoix porte voix
potpourri pot pourri | potpourris pots pourris | prudhomme prud homme | prudhommes prud hommes
quotepart quote part | quoteparts quote parts | sagefemme sage femme | sagefemmes sages femmes
tamtam tam tam | tamtams tam tams | tirebouchon tire bouchon | tirebouchons tire bouchons
vatout va tout | weekend week end | weekends week ends
"""

_DOUBLED = """
amoncell bossell bottell carrell chancell craquell crenell cuvell denivell ensorcell epannell etincell
fusell grommell harcell javell jumell morcell musell nivell pommell ressemell renouvell ruissell
briquett cachett caquett colett decachett empaquett epoussett etiquett feuillett moquett parquett
"""
"""Beginnings of verbs in -eler and -eter: «renouvèle» since 1990, «renouvelle» before, and the nouns
in -ment with them. A word that begins so loses one of the two last letters."""


def _table(pairs: str) -> dict[str, str]:
    entries = (entry.split(maxsplit=1) for line in pairs.splitlines() for entry in line.split("|"))
    return {entry[0]: entry[1].strip() for entry in entries if entry}


WORDS: dict[str, str] = _table(_PAIRS) | _table(_TWO_WORDS)
"""Unaccented word → the unaccented word or words that stand for it."""

DOUBLED = frozenset(_DOUBLED.split())
