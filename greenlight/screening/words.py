"""Common words in the names of organisations, as data: how little each of them says about who it is.

One line, or part of it up to a semicolon, is one word in its spellings: the first is what the others count as,
whether plural, abbreviation, transliteration from Russian, or translation. What stands in no line is distinctive. The classes follow the
number of organisations on the Consolidated Screening List (retrieved 2026-07-31; the 10,206 entries of type
Entity and those of the Entity List) that have the word in any of their names. They were corrected by hand where
a frequent word is somebody's own name (`huawei`, `gazprom`) or a rare one is everybody's (`bakery`).
"""

from typing import Final

# Said by so many names (over 200 organisations of the list, or no more than grammar) that they tell nothing.
NOTHING: Final = """
and et und y i ve e wa
of de des du del der di da do dos
the la le les el los las al
for fur para pour dlya
in at on to by from with lil wal
s a an
no number num nr nomer
company co companies kompaniya kompaniia kompania compania compagnie cia firma firm sherkat sherkate sirketi kompaniyasi kaisha hoesa shirkat sharikat sharika
corporation corp corporate korporatsiya korporatsiia corporacion
limited ltd
incorporated inc
liability; joint; stock
named after imeni im
llc ooo
jsc ao aktsionernoe aktsionernoye obshchestvo obschestvo obshestvo kabushiki otvetstvennostyu ogranichennoi ogranichennoy
public publichnoe publichnoye
open otkrytoe otkrytoye otkrytogo
closed zakrytoe zakrytoye
unitary unitarnoe
anonim anonima anonyme
gesellschaft mit beschrankter haftung
sahami khass
youxian gongsi gufen zeren
oao zao pao pjsc ojsc cjsc gmbh ag bv nv plc llp pte pty pvt sdn bhd fze fzco fzc fz dmcc sal sarl sas srl spa sro doo ood eood ltda lda sti publ tbk
entity
"""

# Over 100 organisations: what nearly everyone may add or leave out.
FAINT: Final = """
group groups grp jituan gruppa grupp grup grupo groupe gruppe gruppo
international intl int internacional internationale internazionale mezhdunarodny mezhdunarodnaya uluslararasi
technology tech technologies technol tec keji jishu tekhnolodzhi technique techniques tekhnologii tekhnologiya tekhnologiia teknoloji tecnologia tecnologias technologie technological tekhnologicheskii tekhnologicheskoe teknik teknolojileri technologia teknologi tekhniki
holding holdings hldgs hldg kholding holdinq
trading trade traders trader trdg tic maoyi torgovaya torgovy torgovo treid treyd ticaret tejarat tijarat comercial comercializadora handel handels boeki shoji muyok mooyok tejari
general gen genel
services service svc svcs servis servicios servicio dienst
global
enterprise enterprises entpr ent predpriyatie predpriyatiye predpriiatie empresa empresas entreprise unternehmen
industry industries ind inds industrial sanayi san sanat sanaye promyshlennost promyshlennaya promyshlenny industrie industria industrias sanayii promyshlennosti promyshlennykh kogyo sangyo sangyong kongop saneop sanop
business biz
commercial kommercheski kommerchesky commerce
development dev entwicklung razvitie razvitiya desarrollo desarrollos develop developing
organization organisation org organizatsiya
association assoc assn assotsiatsiya verein obedinenie obyedinenie obyedineniye asociacion
private privada privado chastnoe chastny
solutions solution resheniya soluciones
state gosudarstvennoe gosudarstvenny gosudarstvennaya gos devlet owned estatal staatliche gosudarstvenniy
concern kontsern konzern konsern konserni
federal fed federalnoe federalnoye federalny
new novy novaya novoe
"""

# Over 30 organisations: what kind of business it is.
KIND: Final = """
management mgmt mgt upravlenie upravlyayushchaya
investment investments invest investitsii investitsionnaya inversiones yatirim
system systems sys sistema sistemy sistem sistemi
research res issledovatelski issledovatelskiy issledovatelskii forschung ricerca investigacion investigaciones arastirma tahghighat pazhouheshi recherche recherches science sciences scientific sci nauka nauki nauk nauchny nauchno nauchnoe nauchnaya ciencia ciencias wissenschaft wissenschaften elm
institute inst institut instituto enstitusu
center centre ctr cent tsentr centro zentrum merkez merkezi markaz
academy acad akademiya akademii academia
university univ universitet universitesi universite universidad universitat universitaet universita daneshgah universiti
laboratory lab labs laboratories laboratoriya
production prod proizvodstvo proizvodstvennoe proizvodstvennaya proizvodstvenny proizvodstvenno produktion uretim
manufacturing mfg manuf manufacture manufacturer manufacturers manufacturas
plant zavod zavody works werk werke factory fac fabrika fabrik factories usine fabrica fabricas planta mill zavoda fabrikasi fabrikasy karkhane
equipment equip eqpt oborudovanie ausrustung
engineering eng engr engg inzhiniring muhendislik ingenieria ingenierie engrg engrng engin inzhenerny inzhenernaya
electronic electronics electron elec electr dianzi elektronika elektronny elektronik elektroniks electronica elektronnoy elektronnaya elektronnoe elektroniki elektronische electronico electronicos electronique denshi
electric electrical elektrik elektro elektrotekhnicheskiy elektrotekhnichesky electrico electrica eletrica elektrische denki
information info informatsionnye informatica informaticas informatik informatsionny informatsionnaya bilisim informatique informatics
communication communications comm comms commun svyaz
national natl nat nac nacional natsionalny natsionalnaya milli nationale
design konstruktorskoe konstruktorskoye konstruktorsko
bureau byuro biuro buro buero
department dept otdel
ministry min ministerstvo
committee komitet
administration admin
branch br filial sucursal niederlassung zweigniederlassung
office ofis
representative representation predstavitelstvo vertretung representacion delegation
shipping navigation denizcilik sudokhodnaya sudokhodstvo naviera reederei schiffahrt schifffahrt armateurs keshtirani kashtirani
logistics logistic logistik logistika logistique logistica lojistik
transport transportation trans transportes transporte nakliyat
construction constr stroitelnaya stroitelny insaat constructora bau building
materials material materialy
products product produkty
import imports imp ithalat importadora importing
export exports exp ihracat exporting exportadora
bank bk banka banque banco bankasi banking banki bankasy bankas ab akb unhaeng eunhaeng
fund fond fondo funds
foundation fdn foundations stiftung stichting vakfi fundacion
society soc
union soyuz
partners partner partnership
consulting consultants consultancy danismanlik konsalting
agency agencies agentstvo
security sec bezopasnost
machinery mach mashinostroitelny mashinostroitelnyi maschinen maschinenbau machine machines makina makine mashin mashiny machine-building machinebuilding mashinostroenie mashinostroeniya mashinostroyeniya mechanical-engineering maquinaria maquinas kikai kigye mashinostroitelnaya mashinostroitelnoe sudomashinostroitelny
mechanical mech mekhanicheskii mekhanicheskiy mechanics
technical tekhnicheski tekhnicheskiy tekhnicheskaya technics tekhnika technik technische technischer technisches tecnico tecnica hochschule tekhnicheskogo
instrument instruments instrumentation pribor pribory priborov priborostroenie priborostroeniya priborostroyeniya instrument-making instrument-building instruments-making priborostroeniye
power
oil neft neftyanaya petrol neftyanoy neftyanoi neftyanoe
gas gaz
petroleum petro
petrochemical petrochemicals petrochem neftekhim
chemical chem chemicals khimicheskiy khimiya kimya chimie quimica quimicas quimico khimicheskaya khimicheskoe chemie chemische khimichesky khimicheskii kagaku shimiaee shimiayi shimiaei shimiyaei
metal metals metall metalicas metalica metalurgica metales
steel stal
mining mineral minerals minera mineria bergbau madencilik gornaya gornodobyvayushchaya mine mines shakhta shakhty rudnik
marine maritime morskoi maritimo maritima maritimos maritimas morskaya morskoy
aviation avia aviatsionny aviatsionnaya aero havacilik aviatsiya aeronautica aeronautico luftfahrt
aircraft; aerospace uzay aeroespacial raumfahrt
airlines airline aviakompaniya airways havayollari air avialinii aerolineas aerovias
shipbuilding sudostroitelny sudostroenie shipbuilders
shipyard yard verf verfi shipyards sudoverf werft astillero astilleros tersane tersanesi zosen zosensho
ship ships
repair repairs remontny aviaremontny remontnoe
digital
network networks net
software soft
computer computers computing comp
data
semiconductor semiconductors semi
microelectronics microelectronic mikroelektronika
estate; real
central tsentralny tsentralnoe tsentralnaya centrale tsentralnyy centralny
complex kompleks
combine kombinat
special spetsialnoe specialized spetsialny spezial especial spetsialnogo specialised
precision tochny tochnoy prazision prazisions praezision; advanced
united obedinennaya obyedinennaya
integrated
innovation innovations innovative
resources resource
supply supplies snab
auto automobile automotive avto otomotiv avtomobil avtomobilny automotriz automotor avtomobilestroeniya
motor motors
vehicle vehicles
device devices
component components komponent komponenty
parts
automation automatics avtomatika avtomatiki automated
control controls
process processing
project projects proekt
house dom
store stores shop
brothers bros hermanos hnos gebruder gebr freres fratelli kardesler irmaos
sons
associates assocs
distribution distributor distributors distribuidora distribuidor distribucion
wholesale wholesalers
market marketing
sales
exchange obmen sarafa sarrafa sarafi sarrafi saraf
environmental
defense defence oborona oborony savunma defensa verteidigung oboronny oboronnaya
military voenno
intelligent intelligence smart
institution institutions uchrezhdenie establishment est
foreign dis vneshneekonomicheskoe overseas
lines line
aeronautics aeronautical
avionics; biomedical
combined combination
professional; universal; modern; creative
operating operation operations operator
maintenance; infrastructure
facilities facility
procurement
contracting contractors contractor
forwarding
brokerage broker brokers
factoring faktoring
merchant merchants
commodities commodity
goods
application applications
integration
element elements
club; board; council; commission; authority; directorate; division; unit; team; head; main
subsidiary; subordinate
budgetary byudzhetnoe
autonomous avtonomnaya
municipal municipality
government governmental
world; high; multi; micro; electro
geological geology geo
drilling; exploration
refining refinery
cooperative cooperation
alliance
platform platforms
series
loan loans mortgage mortgages
"""

# Over 10 organisations: they describe, and two names with different ones are likely two.
DESCRIBING: Final = """
telecommunication telecommunications telecom telekom telekommunikatsii
energy energo energia energiya enerji energie energeticheskaya
insurance ins strakhovaya strakhovanie sigorta seguros versicherung
finance financial fin finans finansovaya finanzas finanz finances
capital kapital
media
rental leasing lizing
property properties gayrimenkul
hotel hotels resort
medical med medikal
pharmaceutical pharm pharma pharmaceuticals farma ilac
food foods gida alimentos
textile textiles tekstil
tourism travel turizm
mobile
satellite satellites sputnik
optical optics optik opticheskiy optiko optico optische
optoelectronics optoelectronic
laser lasers lazer
radar radars
radio
nuclear yadernyy
atomic atom
missile missiles
rocket raketa raketny raketnaya raketno
space kosmos kosmicheskiy kosmicheskaya kosmicheskikh
helicopter helicopters vertolet vertolety vertoletny helikopter hubschrauber helicopteros
engine engines motorostroitelny dvigateley dvigatel dvigateli motorostroitelnoe
physics fizika fiziki physical
chemistry
biological biology
biotechnology biotech
robotics robot robots
cloud; quantum
railway railways rail
road roads
port seaport
airport aeroport
terminal
cargo freight
express; sea
ocean oceans
river; land; water
coal ugol ugolnaya
gold
diamond diamonds
aluminum aluminium
copper
cement siman
glass; rubber
plastic plastics plastik
paper
wood timber
fishing fisheries
fish; bakery; cosmetics
jewellery jewelry
school; hospital; church; court; police; army
force forces
guard guards
navy naval
television tv
broadcasting broadcast
news; press; publishing
culture cultural
education educational
training
charity charitable
relief; credit; savings; trust
asset assets
securities
payment payments
money; currency
people peoples
popular
revolutionary revolution
islamic islami islamiya
republic respublika respubliki
experimental opytno opytny
agricultural agriculture agro agricola agropecuaria selskokhozyaystvenny
testing test tests
electromechanical elektromekhanicheskiy elektromekhanicheskii; electricity
metallurgical metallurgy metallurgichesky metallurgicheskii metallurgicheskiy
armored armoured
unmanned bespilotnye
tactical; strategic; reconnaissance; domestic
economic economy
political; social
human humanitarian
welfare
pension pensionny
studio
restaurant catering
farm farms farming
fruit fruits fruktovy fruktovaya frukty
forest forestry
printing
fuel fuels combustibles
carbon
photonics photonic
polymer polymers
powder porokhovoy porokhovoi
bearing bearings
cartridge cartridges patronny
tool tools
spare; additive; solar; wind; thermal; hydro; retail; fashion
clothing garment garments
shoes footwear
furniture; flight
drone drones uav
tanker tankers
vessels; heavy; light; chain
simulation simulator
wireless; broadband; internet; web; online
game games
architecture; college; museum; library
theater theatre
sport sports
football; women; youth; children; workers; veterans; settlement; district; city
province provincial
regional region
measurement measuring
weapons weapon arms oruzheyny oruzhie silah waffen armas
ammunition munitions munition boepripasy muhimmat
tractor tractors traktor traktorny
turbine turbines
pump pumps
pipe pipes
pipeline pipelines
valve valves
cable cables kabel
battery batteries
storage
supercomputer supercomputing
circuit circuits
chip chips
sensor sensors
"""

# Names that exclude each other: who has one of a line is not who has another of it.
DIRECTIONS: Final = """
north northern severny severnaya severo nord norte
south southern yuzhny yuzhnaya yuzhno sud sur
east eastern vostok vostochny vostochnaya ost este oriental
west western zapad zapadny zapadnaya
northeast northeastern north-east north-eastern severo-vostochny severo-vostochnaya severo-vostochnoe severo-vostok
northwest northwestern north-west north-western severo-zapadny severo-zapadnaya severo-zapadnoe severo-zapad
southeast southeastern south-east south-eastern yugo-vostochny yugo-vostochnaya yugo-vostochnoe yugo-vostok
southwest southwestern south-west south-western yugo-zapadny yugo-zapadnaya yugo-zapadnoe yugo-zapad
middle
far dalnevostochny
upper; lower
"""

# Titles that ships are named with, in two languages.
SHIPS_TITLES: Final = {
    "kapitan": "captain",
    "akademik": "academician",
    "inzhener": "engineer",
    "doktor": "doctor",
    "komandir": "commander",
}
