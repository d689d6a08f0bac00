"""Words in the names of people, as data: titles, particles, spellings of one name, and the commonest names.

Surnames and given names by how common they are come from the United States Census of 1990 (package `names`),
which counts people of every origin; English short forms from the package `nicknames`. Both are read once.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from names import FILES
from nicknames import NickNamer

# Of the 88,799 surnames of the census, those that three in 100,000 people have or more.
_SURNAMES: Final = 3_600
_GIVEN_NAMES: Final = 1_200

TITLES: Final = frozenset(
    """
mr mrs ms miss dr prof professor sir lady lord madam general gen colonel col major maj captain capt lieutenant lt
brigadier admiral commander cmdr sergeant sgt marshal president minister senator governor judge justice
ambassador sheikh shaikh shaykh sheik imam mullah mulla mawlawi maulavi maulana hajji haji hajj hadji haj ayatollah hojatoleslam
sayyed sayyid seyed seyyed syed sayed engineer eng ing jr sr esq phd md hon honorable rev reverend father
don dona senor herr frau monsieur mme general-lieutenant
""".split()
)

PARTICLES: Final = frozenset(
    "al el ul ad as ar az bin ibn ben bint binti von van der den de del della di da dos la le y e ould".split()
)

# One line is one name.
VARIANTS: Final = """
muhammad mohammad mohammed mohamed muhammed mohamad mohd muhamad mehmet mahomed mahammad mohamud
ahmad ahmed achmed akhmed ahmet
mahmud mahmoud mahmood mehmud
ali aly
hasan hassan hasssan
husayn hussein hussain husain hossein huseyin hossain hussien
yusuf yousef youssef yusef yousuf yosef joseph josef iosif osip jose
ibrahim ebrahim ibraheem abraham avraham
umar omar omer umer
uthman othman osman usman
abd abdul abdel abdal abdol abdoul
abdullah abdallah abdulla abdollah abdoullah
abdurrahman abdulrahman abdelrahman abdalrahman abdolrahman abdurahman
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
aleksandr alexander aleksander alexandr oleksandr alejandro alexandre iskander aliaksandr alyaksandr alessandro
aleksey alexei aleksei alexey oleksiy oleksii alexis
sergey sergei serhiy serhii siarhei sergio serge siarhey
andrey andrei andriy andrii andrew andreas andre
dmitry dmitri dmitriy dmitrii dmytro dmitrij zmitser
mikhail michael mikhaylo mykhailo mikhailo mihail michail miguel michel mikhael
vladimir volodymyr uladzimir wladimir
nikolay nikolai mykola nicholas nikolaj mikalai nicolas
ivan john johann johannes juan jean iwan
petr peter pyotr petro piotr pedro pierre
pavel paul pavlo pablo
yuri yuriy yury iurii yurii juri jury
evgeny yevgeny evgeniy yevgeniy evgenii yevgeni eugene yevhen
igor ihor
oleg oleh aleh
viktor victor
grigory grigoriy hryhoriy gregory
konstantin constantine kostyantyn
vasily vasiliy vasyl basil
georgy georgiy georgi george heorhiy jorge
anatoly anatoliy anatolii
vyacheslav viacheslav vjaceslav
elena yelena helen olena helena
ekaterina yekaterina catherine kateryna katerina
natalya natalia nataliya natalie
tatyana tatiana tetyana
olga olha volha
yulia julia yuliya iuliia
anna ann anne hanna
maria mary mariya mariia marie
svetlana svitlana
stephen steven stefan
thomas tomas
james jim jimmy
robert bob rob bobby
william bill will willy
richard rick dick
edward eduard ed
charles carlos karl carl
francisco francis frank
daniel danny dan
david davud dawood dawud daoud
christopher chris
matthew matt mateo
anthony tony antonio anton
katherine kathryn kate
elizabeth liz
lee li
lu lv lyu
chang zhang
chen chan
wang wong
""".strip()

# What 15 or more of the 7,591 people of the Consolidated Screening List are called (retrieved 2026-07-31).
COMMON: Final = frozenset(
    """
muhammad ali abu ahmad abd aleksandr yusuf husayn hasan sergey abdullah andrey ibrahim ivan aleksey dmitry mikhail
vladimir anthony reza mahmud umar viktor luis said igor oleg jesus lopez kim hamid charles nikolay gonzalez rahman
mustafa rodriguez maria yuri saleh ismail georgy chol pavel evgeny khalid sanchez hernandez garcia elena aziz alberto
flores nasir majid petr salih manuel francisco tikriti amir sulayman perez chang abou yahya abbas khan daniel mehdi
salim olga natalya david lee din khalil martinez torres ramon mohsen karim gomez aung ri musa salah angel mario mahdi
hosein yong wang konstantin anatoly eduardo oscar denis roman ramirez javier rivera song tatyana chen salem amin
abdurrahman diaz enrique valery jong irina maksim hadi rashid felix castillo castro ho artem vyacheslav alireza vadim
jamal mansour fernandez mansur su qasim akbar il samir rafael uthman fernando habib martin rahim gutierrez boris abed
muhsin hamza min saad pak chong nam kamel romero issa anna chun alfredo vasily svetlana kirill bashir moreno raul
hector cesar alvarez meza arturo abdi vladislav ivanov ekaterina choe ilya masri walid medina asad armando shah
""".split()
)


def census_names() -> Iterator[str]:
    """The commonest surnames and given names of the census, in small letters."""
    for what, count in (("last", _SURNAMES), ("first:male", _GIVEN_NAMES), ("first:female", _GIVEN_NAMES)):
        with Path(FILES[what]).open(encoding="ascii") as file:
            for line in islice(file, count):
                yield line.split(maxsplit=1)[0].lower()


def _full_names() -> dict[str, frozenset[str]]:
    known = NickNamer()
    full = {name: frozenset((name,)) for name in known.nickname_lookup}
    return full | {short: frozenset((short, *of)) for short, of in known.canonical_lookup.items()}


# The full names that an English given name may stand for, itself among them.
FULL_NAMES: Final = _full_names()
