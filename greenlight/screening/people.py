"""Words in the names of people, as data: titles, particles, spellings of one name, and the commonest names.

Surnames and given names by how common they are come from the United States Census of 1990 (package `names`),
which counts people of every origin; English short forms from the package `nicknames`. Both are read once.
"""

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Final

from nicknames import NickNamer

# Of the 88,799 surnames of the census, those that three in 100,000 people have or more.
_SURNAMES: Final = 3_600
_GIVEN_NAMES: Final = 1_200

TITLES: Final = frozenset(
    """
mr mrs ms miss dr prof professor sir lady lord madam general gen colonel col major maj captain capt lieutenant lt
brigadier admiral commander cmdr sergeant sgt marshal president minister senator governor judge justice
ambassador sheikh shaikh shaykh sheik cheikh imam mullah mulla mawlawi maulavi maulana hajji haji hajj hadji haj ayatollah hojatoleslam
sayyed sayyid seyed seyyed syed sayed engineer eng ing jr sr esq phd md hon honorable rev reverend father
don dona senor herr frau monsieur mme general-lieutenant
""".split()
)

PARTICLES: Final = frozenset(
    "oglu ogly oghlu oghly ugli ughli uli uulu ogli kizi qizi kyzy gizi gyzy kizy al el ul ad as ar az bin ibn ben bint binti von van der den de del della di da dos la le ould".split()
)

# One line is one name.
VARIANTS: Final = """
muhammad mohammad mohammed mohamed muhammed mohamad mohd muhamad mahomed mahammad mohamud
ahmad ahmed achmed akhmed ahmet
mahmud mahmoud mahmood mehmud
ali aly
hasan hassan hasssan
husayn hussein hussain husain hossein huseyin hossain hussien
yusuf yousef youssef yusef yousuf yosef
joseph josef iosif osip
ibrahim ebrahim ibraheem
abraham avraham
umar omar omer umer
uthman othman osman usman
abd abdul abdel abdal abdol abdoul
abdullah abdallah abdulla abdollah abdoullah
khalid khaled halid
said saeed saeid sayeed
rashid rasheed rachid
hamid hameed
karim kareem
jamal gamal djamal
mustafa mostafa moustafa mustapha
sulayman suleiman sulaiman soleiman suleyman solomon
ismail esmail ismael ismaeel esmaeil
yahya yahia
faisal faysal feisal
qasim qassem qasem kassem ghassem kasim
nasir nasser naser
fatima fatemeh fatimah
aleksandr alexander alexandros alexandru aleksander alexandr oleksandr aliaksandr alyaksandr
aleksey alexei aleksei alexey oleksiy oleksii alexis
reza rida ridha riza rza
qadir kader qader kadir gader
noor nur nour
hadi hedi
jafar jaafar djaafar cafer
ceyhun jeyhun jeyhoun dzheykhun
rahman rehman rahmane
yevgeniya evgeniya evgenia yevgenia eugenia yevheniya
aleksandra alexandra oleksandra aliaksandra
valeriya valeria valeriia valeryia
sergey sergei serhiy serhii siarhei siarhey sjarhej sergej
andrey andrei andriy andrii andrew
dmitry dmitri dmitriy dmitrii dmytro dmitrij zmitser dzmitry dzmitri
mikhail michael mikhaylo mykhailo mikhailo mihail michail mikhael
vladimir volodymyr uladzimir wladimir woldemar
nikolay nikolai mykola nicholas nikolaj mikalai mikalay mikola nikolaos
ivan iwan
john johann johannes
petr peter pyotr petro piotr
pavel paul pavlo
yuri yuriy yury iurii yurii juri jury
evgeny yevgeny evgeniy yevgeniy evgenii yevgeni eugene yevhen evgueni jewgeni jewgenij yauhen yauheni
igor ihor
oleg oleh aleh
viktor victor
grigory grigoriy hryhoriy gregory
konstantin constantine kostyantyn
vasily vasiliy vasyl basil
georgy georgiy georgi george heorhiy
anatoly anatoliy anatolii
vyacheslav viacheslav vjaceslav
elena yelena helen olena helena
ekaterina yekaterina catherine kateryna katerina
natalya natalia nataliya natalie
tatyana tatiana tetyana
olga olha volha
yulia julia yuliya iuliia
anna ann anne hanna
maria mariya mariia
svetlana svitlana
stephen steven stefan
thomas tomas
edward eduard
charles karl carl
david davud dawood dawud daoud
antonio anton
katherine kathryn
lee li
lu lv lyu
chang zhang
chen chan
wang wong
""".strip()

# What 15 or more of the 7,591 people of the Consolidated Screening List are called (retrieved 2026-07-31).
COMMON: Final = frozenset(
    """
muhammad ali abu ahmad abd aleksandr yusuf husayn hasan sergey abdullah andrey ibrahim ivan aleksey dmitry
mikhail vladimir reza mahmud umar viktor luis said igor oleg jesus lopez kim hamid nikolay gonzalez rahman
mustafa rodriguez maria yuri saleh ismail chol pavel evgeny khalid sanchez hernandez garcia elena aziz
alberto flores nasir majid petr salih manuel francisco tikriti amir sulayman perez chang abou yahya abbas
khan daniel mehdi salim olga natalya david lee din khalil martinez torres ramon mohsen karim gomez aung ri
musa salah angel mario mahdi hosein yong wang konstantin anatoly eduardo oscar denis roman ramirez javier
rivera song tatyana chen salem amin abdurrahman diaz enrique valery jong irina maksim hadi rashid felix
castillo castro ho artem vyacheslav alireza vadim jamal mansour fernandez mansur su qasim akbar il samir
rafael uthman fernando habib martin rahim gutierrez boris abed muhsin hamza min saad pak chong nam kamel
romero issa anna chun alfredo vasily svetlana kirill bashir moreno raul hector cesar alvarez meza arturo
abdi vladislav ivanov ekaterina choe ilya masri walid medina asad armando alejandro antonio carlos gennady
hafiz hyok jafar javad john jorge jose juan miguel morteza rida salazar win
    """.split()
)


# Men's names of which the women's are made, beside those of `VARIANTS` and the census.
MEN: Final = frozenset(
    """
valeriy valery valerii yevgeniy evgeniy anatoliy yuliy viktoriy vitaliy gennadiy arkadiy stanislav vladislav yaroslav
miroslav rostislav vyacheslav valentin svyatoslav bronislav lyubomir radoslav kamil jamil gamil rashid nadir amin latif
farid hamid aziz salim samir munir habib khalid walid wahid majid rafiq zahid nabil said saeed shahid karim rahim rasul
kadir amir bashir basir nasir tahir zahir zakir jalil khalil adil nazir murad shakir malik sadiq zarif sharif latif
kamal kamel jalal bilal hilal tamim hakim halim naim nasim wasim daler rustam timur dinar ruslan aydar ilnur ilgiz ravil ramil kirill bogdan denis roman
""".split()
)


def _shares(what: str, count: int) -> dict[str, float]:
    """The commonest names of a list of the census, in small letters, and the share of people who have them."""
    with (files("names") / f"dist.{what}").open(encoding="ascii") as file:
        lines = [line.split(maxsplit=2) for line in islice(file, count)]
    return {name.lower(): float(percent) / 100 for name, percent, _ in lines}


# The commonest names of the census, and who has them.
SURNAMES: Final = _shares("all.last", _SURNAMES)
_OF_MEN, _OF_WOMEN = (_shares(f"{whose}.first", _GIVEN_NAMES) for whose in ("male", "female"))
GIVEN_NAMES: Final = {
    name: (_OF_MEN.get(name, 0.0) + _OF_WOMEN.get(name, 0.0)) / 2
    for name in _OF_MEN.keys() | _OF_WOMEN.keys()
}


def share_called(one: str, other: str) -> float:
    """The share of people who have one word as a given name and the other as their surname, 0 to 1."""
    return max(
        GIVEN_NAMES.get(given, 0.0) * SURNAMES.get(surname, 0.0)
        for given, surname in ((one, other), (other, one))
    )


# One line is a given name, in the spelling that the others of `VARIANTS` count as, and its short forms.
SHORT_FORMS: Final = """
aleksandr sasha sascha shura sanya alik
aleksandra sasha sascha shura sanya asya
aleksey alyosha alesha lyosha lesha
anatoly tolya tolik
andrey andryusha dyusha
anna anya annushka nyura
arkady arkasha
boris borya
valentin valya
valentina valya
valery valera
valeriya lera
vasily vasya
viktor vitya
viktoriya vika
vitaly vitalik vitya
vladimir volodya vova vladik volodia
vladislav vlad slava vladik
vyacheslav slava
yaroslav slava yarik
rostislav slava rostik
stanislav stas slava
georgy zhora gosha goga
grigory grisha
gennady gena
dmitry dima mitya dimon dimitri
evgeny zhenya zhenia jenya
yevgeniya zhenya zhenia jenya
ekaterina katya katia katyusha
elena lena alyona alena lyolya
elizaveta liza
ivan vanya vania
igor gosha igoryok
irina ira
ilya ilyusha
konstantin kostya kostia
leonid lyonya lenya
lyudmila lyuda luda mila
lyubov lyuba luba
maksim maks max
margarita rita
maria masha mariyka manya marusya
mikhail misha mischa
nadezhda nadya nadia
natalya natasha nata natascha
nikolay kolya kolia
oksana ksyusha
ksenia ksyusha
olga olya olia
pavel pasha pavlik
petr petya
polina polya
roman roma
rodion rodya
semyon syoma
sergey seryozha serezha seryoga
sofia sonya
svetlana sveta lana
stepan styopa stepa
tatyana tanya tania
timofey tima
fyodor fedya
eduard edik
yulia yulya
yuri yura yurik
yakov yasha
lev lyova leva
jose pepe chepe pepito
ivan juanito
francisco paco pancho curro kiko
ignacio nacho
manuel manolo manu
enrique quique kike
jesus chucho chuy
guillermo memo guille
alberto beto
roberto beto
alejandro ale alex
eduardo lalo edu
rafael rafa
ricardo richi
fernando nando
hernando nando
gustavo tavo
mauricio mauro
luis lucho
sergio checo
gregorio goyo
refugio cuco
rosario charo
dolores lola
concepcion concha conchita
consuelo chelo
mercedes merche meche
guadalupe lupe lupita
isabel chabela isa
maria maruja mari
teresa tere
graciela chela
antonio tono toni tonio
vicente chente
giuseppe beppe peppe pino
giovanni gianni nanni
luigi gigi
francesco franco cecco
salvatore toto
domenico mimmo
stefan istvan pista
jozsef joska
laszlo laci
ibrahim ibo brahim
muhammad mo moh mamadou
abdullah abdo abdou
heinrich heinz heiner
johannes hans hannes
joachim jochen achim
friedrich fritz fiete
wilhelm willi willy
josef sepp jupp beppo
margarethe grete gretel
katarzyna kasia
malgorzata gosia
aleksandr olek
jan janek jas
stanislav staszek stach
tadeusz tadek
jerzy jurek
krzysztof krzysiek
grzegorz grzesiek
zbigniew zbyszek
""".strip()

# What the package has of old registers, in both directions: nobody called Robert goes by Bill today.
_NOT_SHORT: Final = frozenset({frozenset({"bill", "robert"}), frozenset({"billy", "robert"})})


def _full_names() -> dict[str, frozenset[str]]:
    known = NickNamer()
    full: defaultdict[str, set[str]] = defaultdict(set)
    for short, of in known.canonical_lookup.items():
        full[short].update(name for name in of if frozenset((short, name)) not in _NOT_SHORT)
    for line in SHORT_FORMS.splitlines():
        name, *forms = line.split()
        for form in (name, *forms):
            full[form].add(name)
    for name in (*known.nickname_lookup, *full):
        full[name].add(name)
    return {name: frozenset(of) for name, of in full.items()}


# The full names that a given name may stand for, itself among them.
FULL_NAMES: Final = _full_names()


_MENS: Final = MEN | frozenset(VARIANTS.split()) | frozenset(FULL_NAMES)


@lru_cache(maxsize=16_384)
def of_two_sexes(one: str, other: str) -> bool:
    """Tell whether one name is a man's and the other what is made of it for a woman, as Valeriy and Valeriya."""
    man, woman = sorted((one, other), key=lambda name: name[-1:] == "a")
    if woman[-1:] != "a" or man not in _MENS:
        return False
    stem = man[:-1] if man[-1] in "yio" else man
    return woman in (f"{man}a", f"{stem}a", f"{stem}ia", f"{stem}iya", f"{stem}ya")
