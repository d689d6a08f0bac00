"""Countries, provinces and cities, as data: a name with one place is not the name with another.

One line, or part of it up to a semicolon, is one place in its spellings; the first is what the others count as.
Spellings of several words are joined by a hyphen, and what stands behind a colon is Chinese.
"""

from typing import Final

PLACES: Final = """
china chinese zhongguo prc kitay people-s-republic-of-china peoples-republic-of-china republica-popular-china : 中国 中华
russia russian rossiya rossii rossiyskaya rossiyskiy rossiskoi rf rus russkaya vserossiyskiy russian-federation rossiiskaya rossiyskogo rossiyskoy rossiyskoye vserossiiskiy : 俄罗斯
iran iranian islamic-republic-of-iran islamic-republic-iran : 伊朗
usa america american us united-states : 美国
uk britain british united-kingdom great-britain england english : 英国
korea korean republic-of-korea south-korea : 韩国
dprk north-korea democratic-people-s-republic-of-korea democratic-peoples-republic-of-korea : 朝鲜
japan japanese nippon : 日本
india indian bharat : 印度
pakistan pakistani : 巴基斯坦
turkey turkish turkiye turk republic-of-turkey turkiye-cumhuriyeti
germany german deutschland deutsche allemagne alemania almanya deutscher : 德国
france french : 法国
italy italian italia : 意大利
spain spanish espana
portugal portuguese
netherlands dutch nederland holland : 荷兰
belgium belgian
switzerland swiss schweiz suisse
austria austrian osterreich
sweden swedish sverige
norway norwegian
denmark danish
finland finnish suomi
poland polish polska
ukraine ukrainian ukraina
belarus belarusian belarusskiy republic-of-belarus belorusskiy belorussian
kazakhstan kazakh republic-of-kazakhstan
uzbekistan uzbek
kyrgyzstan kyrgyz
armenia armenian
georgia georgian
azerbaijan azerbaijani
syria syrian syrian-arab-republic syrie suriye
iraq iraqi
lebanon lebanese liban
israel israeli
palestine palestinian
jordan jordanian
egypt egyptian misr
libya libyan
sudan sudanese
yemen yemeni
oman omani
qatar qatari
kuwait kuwaiti
bahrain bahraini
saudi saudi-arabia ksa
emirates uae arab-emirates
afghanistan afghan
bangladesh
myanmar myanma burma
thailand thai
vietnam vietnamese viet
cambodia cambodian
laos lao
malaysia malaysian
singapore : 新加坡
indonesia indonesian
philippines philippine
mongolia mongolian
australia australian
canada canadian
mexico mexican mexicana
cuba cuban cubana republica-de-cuba cubanas
venezuela venezuelan venezolana venezolanas venezolano venezolanos
colombia colombian colombiana
chile chilean
argentina argentine
brazil brazilian brasil
peru peruvian
bolivia bolivian
ecuador; paraguay; uruguay; panama; nicaragua
nigeria nigerian
zambia; ghana; tanzania; uganda; angola; mozambique; namibia; botswana; senegal; mali; somalia; djibouti; rwanda; cameroon; gabon; malawi; mauritius; seychelles
algeria algerian
tunisia tunisian
morocco moroccan
ireland irish
scotland scottish
iceland; luxembourg; liechtenstein; monaco; malta; macedonia; montenegro; kosovo
slovenia slovenian
albania albanian
bosnia bosnian
turkmenistan turkmen
tajikistan tajik
nepal; bhutan; maldives; brunei
srilanka sri-lanka
newzealand new-zealand
southafrica south-africa
costarica costa-rica
guatemala; honduras; salvador; belize; haiti; dominica; barbados; trinidad; bahamas; bermuda; cayman; curacao; suriname; guyana
africa african
kenya; ethiopia; zimbabwe; madagascar; jamaica; cyprus
greece greek hellenic
romania romanian
bulgaria bulgarian
serbia serbian
croatia
hungary hungarian
czech
slovakia slovak
estonia; latvia; lithuania; moldova
europe european
asia asian
asia-pacific apac
siberia siberian sibirskiy
ural urals uralskiy
crimea crimean krym krymskiy
caspian; baltic; pacific; arctic
beijing peking : 北京
shanghai : 上海
tianjin : 天津
chongqing : 重庆
shenzhen sz : 深圳
guangzhou canton : 广州
guangdong : 广东
dongguan : 东莞
zhuhai : 珠海
foshan : 佛山
huizhou : 惠州
chengdu : 成都
sichuan : 四川
hangzhou : 杭州
ningbo : 宁波
wenzhou : 温州
zhejiang : 浙江
nanjing : 南京
suzhou : 苏州
wuxi : 无锡
changzhou : 常州
nantong : 南通
jiangsu : 江苏
wuhan : 武汉
hubei : 湖北
changsha : 长沙
hunan : 湖南
hefei : 合肥
anhui : 安徽
xian : 西安
shaanxi : 陕西
shanxi : 山西
jinan : 济南
qingdao : 青岛
shandong : 山东
yantai : 烟台
dalian : 大连
shenyang : 沈阳
liaoning : 辽宁
changchun : 长春
jilin : 吉林
harbin : 哈尔滨
heilongjiang : 黑龙江
zhengzhou : 郑州
henan : 河南
shijiazhuang : 石家庄
hebei : 河北
taiyuan : 太原
kunming : 昆明
yunnan : 云南
guiyang : 贵阳
guizhou : 贵州
guian : 贵安
nanning : 南宁
guangxi : 广西
fuzhou : 福州
xiamen : 厦门
fujian : 福建
nanchang : 南昌
jiangxi : 江西
lanzhou : 兰州
gansu : 甘肃
xining : 西宁
qinghai : 青海
urumqi wulumuqi : 乌鲁木齐
xinjiang : 新疆
tibet xizang : 西藏
hainan : 海南
haikou : 海口
luoyang : 洛阳
mianyang : 绵阳
guilin : 桂林
liuzhou : 柳州
zhuzhou : 株洲
xiangtan : 湘潭
yichang : 宜昌
xiangyang : 襄阳
baotou : 包头
hohhot huhehaote : 呼和浩特
inner-mongolia neimenggu : 内蒙古
ningxia : 宁夏
yinchuan : 银川
xuzhou : 徐州
yangzhou : 扬州
zhenjiang : 镇江
yancheng : 盐城
kunshan : 昆山
changshu : 常熟
jiaxing : 嘉兴
shaoxing : 绍兴
jinhua : 金华
huzhou : 湖州
quanzhou : 泉州
shantou : 汕头
zhongshan : 中山
jiangmen : 江门
zhanjiang : 湛江
weihai : 威海
weifang : 潍坊
zibo : 淄博
daqing : 大庆
anshan : 鞍山
dandong : 丹东
jinzhou : 锦州
qinhuangdao : 秦皇岛
tangshan : 唐山
baoding : 保定
handan : 邯郸
datong : 大同
baoji : 宝鸡
xianyang : 咸阳
hanzhong : 汉中
zunyi : 遵义
wuhu : 芜湖
bengbu : 蚌埠
jiujiang : 九江
ulanqab : 乌兰察布
hongkong hong-kong hk xianggang : 香港
macau macao : 澳门
taiwan taiwanese : 台湾
taipei : 台北
moscow moskva moskovskiy moskovskaya moskvy moskovskoe moskovskoye : 莫斯科
petersburg saint-petersburg st-petersburg sankt-peterburg sankt-petersburg spb leningrad
novosibirsk
yekaterinburg ekaterinburg
kazan kazanskiy
samara; omsk; tomsk; chelyabinsk; perm; ufa; rostov; volgograd; voronezh; saratov; krasnoyarsk
irkutsk; vladivostok; khabarovsk; kaliningrad
tula tulskiy
ryazan; izhevsk; nizhny-novgorod; novgorod; murmansk; sevastopol
ulyanovsk; penza; kursk; bryansk; smolensk; tver; yaroslavl; ivanovo; vladimir; kaluga; orenburg; barnaul; kemerovo; tyumen; kurgan; rybinsk; kovrov; zelenograd; korolev; arkhangelsk; taganrog; krasnodar; stavropol; astrakhan; chita; komsomolsk; severodvinsk; dubna; sarov; gomel; brest; vitebsk; mogilev; grodno
kyiv kiev
kharkiv kharkov
odessa odesa
minsk; almaty; tashkent
tehran teheran
abu-dhabi abudhabi
ajman; fujairah; kish; karaj; bandar; bushehr; kerman; ahvaz; qom; yazd; hamadan
isfahan esfahan
shiraz; tabriz; mashhad; qeshm; dubai; sharjah; istanbul; ankara; izmir; london; paris; berlin
munich munchen muenchen
aachen; stuttgart; dresden; leipzig; bremen; karlsruhe; jena; nuremberg
cologne koln koeln
hamburg; frankfurt; dusseldorf
milan milano
rome roma
madrid; barcelona
vienna wien
zurich; geneva; amsterdam
brussels bruxelles
stockholm; warsaw; prague; budapest
belgrade beograd
sofia; athens; cairo; beirut; damascus; baghdad; karachi; lahore; islamabad; delhi
mumbai bombay
bangalore
chennai madras
tokyo; osaka; seoul; busan; pyongyang; bangkok; hanoi; jakarta; manila; sydney; melbourne; toronto
york; california; texas; havana; caracas; bogota
"""
