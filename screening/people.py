"""Words in the names of people, as data: titles, particles, and spellings of one given name."""

from typing import Final

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
