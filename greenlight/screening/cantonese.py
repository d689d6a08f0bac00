"""Syllables of Chinese names: those of pinyin, and what Hong Kong's spellings of Cantonese are in it, as data.

The Cantonese table was made, once, with the packages `cantonese-romanisation` 1.0.5 and `pypinyin` (both under the
MIT license) of the 4,075 characters that the first level of GB 2312 has, of which names are made: for each
spelling the readings of the characters spelt so, the commonest first, five at most.
"""

from typing import Final

PINYIN: Final = frozenset(
    """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha
chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun
cuo da dai dan dang dao de deng di dian diao die ding diu dong dou du duan dui dun duo e ei en er fa fan fang fei
fen feng fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao
he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan
jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng
li lia lian liang liao lie lin ling liu long lou lu luan lue lun luo ma mai man mang mao me mei men meng mi mian
miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu
nuan nue nuo o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie
qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se
sen seng sha shai shan shang shao she shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su
suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei
wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong
you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu
zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
""".split()
)

CANTONESE: Final = """
aai=ai aak=e/wo aan=an aap=ya aat=ya/e/dai ah=ya/a ak=e/wo am=chang/an/yan ar=ya/a ark=e/wo arn=an arp=ya
art=ya/e/dai at=ya/e au=ou/gou/xu/wu/wa baai=bai/pai baak=bai/bo/wan/po baan=ban baang=beng baat=ba baau=bao
bai=bi/bai bak=bei ball=bo/po bam=pang/beng ban=bin/ben/pin bang=beng/ping bark=bai/bo/wan/po barn=ban barng=beng
bart=ba bat=ba/bi/bu bau=bao bay=bi/bei/mi/bai/pi beah=bai/pi beh=bai/pi bei=bi/bei/mi/bai/pi beng=bing bick=bi/po
bik=bi/po bin=bian bing=bing/beng/ping bit=bie/bi biu=biao bo=bu/bao/pu boh=bo/po bok=bo/bao/pu/fu bong=bang/pang
booi=bei/huai/pi/pei book=pu/bo boon=ban/pan/ben/pang boot=bo bor=bo/po bork=bo/bao/pu/fu buck=bei
bui=bei/huai/pi/pei buk=pu/bo bum=pang/beng bun=bin/ben/pin bung=beng/ping but=ba/bi/bu bye=bai/pai card=ka
cha=cha/zha chaai=chai/cai/cha chaak=cha/ce/chai/zei/zha chaam=can/chan/chen/shan chaan=chan/can chaang=cheng
chaap=cha chaat=shua/cha/ca/ta chaau=chao chai=qi/qie chak=ze/di cham=can/chen/chan/zha/za chan=chen/zhen/qin
chang=ceng chap=ji chark=cha/ce/chai/zei/zha charm=can/chan/chen/shan charn=chan/can charng=cheng charp=cha
chart=shua/cha/ca/ta chat=qi chau=chou/qiu/xiu/zou/jiu chea=che/xie/duo/qie/she cheh=che/xie/duo/qie/she chek=chi
cheng=jing/qing/zheng cheong=chang/qiang/chuang cheuk=zhuo/chuo/shao cheung=zhang/chang/qiang/xiang/jiang
chi=zhi/ci/zi/chi/shi chik=zhi/xi/qi/chi/zhe chim=qian/jian/xian chin=qian/jian/zhan/chan
ching=cheng/qing/jing/zheng/zhen chit=che/qie/she/zhe chiu=qiao/chao/zhao/xiao/jiao cho=zao/cao/cu/cuo
choh=chu/cuo/zuo choi=cai/sai chong=zhuang/cang/chuang/zang/chang chor=chu/cuo/zuo chow=zhou/zou choy=cai
chu=zhu/chu chue=chu/shu/zhu/ning chuen=chuan/quan/cun/zan/cuan chuet=cuo/zhuo chui=cui/chui/qu/chu/sui
chuk=chu/cu/shu/xu/su chum=can/zhen/chen/chan/zha chun=jin/chen/jun/zhen/xun chung=zhong/cong/zong/chong/song
chut=chu cut=ke daai=dai/da daam=dan daan=dan daap=da/ta/die daat=ta/da dai=di/da/dai/li dak=de/te dam=dan dan=dun
dang=deng darm=dan darn=dan dart=ta/da dat=tu dau=dou/jiu deah=die deh=die dei=di dek=di deng=ding deuk=zhuo/zuo
dick=di/de dik=di/de dim=dian din=dian/tian/ding ding=ding/ting dip=die dit=die/zhi diu=diao/diu do=dao/du/dou
doh=duo/tuo doi=dai dok=du dong=dang dor=duo/tuo dork=du duck=de/te duen=duan duet=duo duk=du dum=dan dung=dong/tong
dut=tu fa=hua faai=kuai/wa/gui faan=fan/ban faat=fa fai=fei/kuai/hui/wa/gui fan=fan/fen/xun/hun/ti farn=fan/ban
fart=fa fat=fa/fu/ku/sheng/hu fau=fu/pou/bu/fou fe=fei feh=fei feng=fan/ban fit=fu fo=huo/ke foh=huo/ke fok=jue/huo
fong=fang/huang/kuang foo=fu/hu/ku/kua/pu fooi=hui/kui fook=fu foon=kuan/huan foot=kuo for=huo/ke fork=jue/huo
fu=fu/hu/ku/kua/pu fui=hui/kui fuk=fu fun=fen/xun/hun/ti fung=feng/peng fut=fa/fu/ku/sheng/hu ga=jia/ga/ka
gaai=jie/jia/sheng/kai gaak=ge gaam=jian gaan=jian gaang=geng/jing gaap=jia/ge/ha gaau=jiao/gao/jue/xiao gai=ji
gak=ge gam=gan/jin gan=jin/gen gang=geng/jing gap=ge/ha/ji gar=jia/ga/ka gark=ge garm=jian garng=geng/jing
garp=jia/ge/ha gat=ji/ju/ge/qi gau=jiu/gou gei=ji/qi/zhi geng=jing geuh=ju geuk=jiao geung=jiang/qiang geur=ju
gik=ji gim=jian gin=jian/gan ging=jing/jin gip=jia/jie/se git=jie/xie giu=jiao/qiao go=gao goh=ge/he goi=gai/he
gok=ge/he/jue/jiao gon=gan/han gong=gang/jiang goo=gu goon=guan gor=ge/he gork=ge/he/jue/jiao got=ge/ga
guen=juan/quan gui=ju/che/qu guk=ju/qu/gu gum=gan/jin gun=jin/gen gung=gong/gan/gang gup=ge/ha/ji gut=ji/ju/ge/qi
gwa=gua/kua gwaai=guai gwaan=guan/lun gwaat=gua gwah=gua/kua gwai=gui/ji/kui gwan=jun/gun gwang=hong
gwat=jue/ku/gu/hua gwik=xi gwing=jiong gwoh=guo/ge gwok=guo/kuo gwong=guang gwoon=guan ha=xia/ha/sha
haai=xie/hai/kai haak=hu/xia/ke/he/ka haam=xian/han haan=xian haang=keng/hang/xing haap=xia/jia/qia/ke/he
haau=xiao/kao/qiao/jiao/hou hai=xie/hai/xi/kai hak=ke/xia/he/hei ham=han/kan/ke/qian/xian han=hen/xian/ken
hang=heng/xing/ken/hen/jing hap=he/qia/ke/jia/ha hark=hu/xia/ke/he/ka harm=xian/han harn=xian harp=xia/jia/qia/ke/he
hat=he/qi/xia/chi/xi hau=hou/xiao/kao/qiao/jiao hay=xi/qi/hei hei=xi/qi/hei hek=chi heng=qing heuh=xue/xu
heung=xiang/shang hey=xi/qi/hei him=qian/xian hin=xian/qian/jian/yan/xuan hing=qing/xiong/xing/ting hip=xie/qie/qian
hit=xie hiu=qiao/jiao/xiao ho=hao/he/ke/chang/gao hoh=he/ke/chang hoi=hai/kai hok=xue/ke/he hom=han/kan/ke/qian/xian
hon=han/chang/kan hong=kuang/xiang/kang/hang/ang hop=he/qia/ke/jia/xia hor=he/ke/chang hork=xue/ke/he hot=he/ke
hou=hou/kou huen=quan/xuan huet=xue hui=xu/qu huk=ku hum=han/kan/ke/qian/xian hung=hong/xiong/kong/gong
hup=he/qia/ke/jia/ha hur=xu hut=qi/he/xia/chi/xi ip=ye ja=zha/cha/za/zan/la jaai=zhai jaak=ze/zhai/di/za/zhi
jaam=zhan/can/zha/zan jaan=zan/zhan/zhuan jaang=zheng jaap=za/zha/xi/ji jaat=zha/ya jaau=zhao/zhou/chao/zhua
jai=ji/zhi/zai/che jak=ce/ze jam=zhen/zha/za/zen/jin jan=zhen jang=zheng/zeng/ceng/seng jap=zhi
jar=zha/cha/za/zan/la jark=ze/zhai/di/za/zhi jarm=zhan/can/zha/zan jarng=zheng jarp=za/zha/xi/ji jat=zhi/ji/zhe
jau=zhou/zou/jiu/xiu je=zhe/jie/xie jeh=zhe/jie/xie jek=zhi/ji/xi jeng=jing/zheng jeuk=zhuo/jue/que/zhu/zhe
jeung=zhang/jiang/xiang ji=zhi/zi/si/zai jick=ji/zhi/xi/zhe/zi jik=ji/zhi/xi/zhe/zi jim=zhan/jian
jin=jian/zhan/nian/chan/dian jing=zheng/jing/zhen jip=jie/zhe jit=jie/zhe jiu=jiao/zhao/chao jo=zao/zu/zuo
joh=zuo/zu/zhu joi=zai/zi jok=zuo/zao jong=zhuang/zang/cang jor=zuo/zu/zhu jork=zuo/zao ju=zhu jue=zhu
juen=zuan/zhuan/zan/tuan/chuan juet=zhuo/duo/jue/zhui/shun jui=zhui/ju/zui/xu/chui juk=zhu/chu/zhuo/zu/zhou
jum=zhen/zen/jin/qin jun=jin/jun/zhun/dun/zun jung=zhong/zong/song jup=zhi jut=zhi/ji/zhe/zu ka=jia/ka kaai=kai
kaang=ken kaat=ka kaau=kao kai=jie/ji/xi/jia/qi kak=ge kam=gan/jin/qin kan=jian/jin/gen/qin kang=geng/jing/ken
kap=jia/ji/xi/gei kar=jia/ka kat=ke kau=jiu/gou/kou/qiu ke=jia/que/qi kee=ji keh=jia/que/qi kei=qi/ji kek=ju
keuk=que keung=jiang/qiang ki=ji/qi kik=ji kim=jian/qian/zhen kin=jian/gan king=jing/qing/qiong/jin kip=jia/jie/se
kit=jie/xie kiu=jiao/qiao ko=gao/ge/he koh=ge/he koi=gai/ke/he/kai kok=ge/que/he/jue/jiao kon=gan/han
kong=gang/kang/jiang/kuang/ang koo=gu kooi=hui/kuai/gui/kui koon=guan koot=shi/kuo/huo kot=ge/ga ku=gu kuen=quan
kuet=jue/gui/que kui=ju/qu/che kuk=ju/gu/qu kum=gan/jin/qin kung=gong/gan/gang/qiong kut=shi/kuo/huo kwa=kua/gua
kwaang=kuang/guang kwai=gui/kui/ji/xie/qi kwan=kun/jun/gun/qun/guan kwik=xi kwo=guo/ge kwoh=hao kwok=kuo/guo
kwong=kuang/guang/kuo kwui=hui/kuai/gui/kui laai=la/lai laak=lei/le laam=lan/kan/jian laan=lan laang=leng laap=la/li
laat=la laau=mao/lao lai=li/la/lai lak=lei/le lam=lan/lin/kan/jian lap=la/li larn=lan lat=shuai lau=liu/lou/lu
law=luo/lou le=li lee=li/ni/lu/nin/er leh=li/ne lei=li/ni/er/mi/lu leng=ling leuk=lue/liao
leung=liang/jing/lia/niang li=li/mi lik=li lim=lian lin=lian/nian ling=ling/leng/lian/ning/lin lip=nie/lie lit=lie
liu=liao/niao/liu/le/lao lo=lu/lao loh=luo/lou loi=lai lok=luo/ge/lao/hao/le long=lang/liang luen=luan/lian luet=lie
lui=lei/lu/li/luo/nu luk=lu/liu lum=lin lun=lun/lin/luan lung=long/gang/nong lup=la/li lut=lu/li/shuai maai=mai/li
maan=man/wan maang=meng/mang maau=mao/mu mai=mi/mai/li mak=mo/mai/wan man=man/wen/min/wan/mang mang=meng/mang
mao=mao/mu mat=wu/mi/wa mau=mou/mao/mu/miu/pi meah=wai meh=wai mei=mei/mi/wei meng=ming mik=mi min=mian
ming=ming/min mit=mie miu=miao mo=wu/mu/mao/mo/mei moh=mo/me mok=mo/bo/mu mong=wang/mang mooi=mei moon=men/man
moot=mo/mei mor=mo/me mui=mei muk=mu mung=meng mut=mo/mei naai=nai naam=nan naan=nan naap=na naau=nao nai=nai/ni
nam=nan nang=neng nap=wu/wa/ao/li nau=niu/xiu neh=ne nei=ni/mi/nin/er/ne neung=niang ng=wu nga=ya/wa ngaai=ai/ya
ngaak=ka/e/ni ngaam=yan/ai ngaan=yan/an ngaang=ying ngaat=nie ngaau=yao/xiao ngai=wei/yi/ni/er ngam=yan/ai
ngan=yan/yin/ren ngat=qi/nie/ge/yi ngau=ou/gou/niu nget=nie ngit=nie ngo=e/ao/wo/o/ai ngoh=e/wo/o ngoi=dai/ai/he/wai
ngok=yue/le/e ngon=chang/an ngong=ang ngor=e/wo/o ni=ni/mi/nin/er/ne nik=ni nim=nian nin=nian/nie nip=nie niu=niao
no=nu/nao noh=nuo/na noi=nai/nei nok=nuo nong=rang/nang nor=nuo nuen=nen/nuan nui=nu/nei num=lin nun=neng nung=nong
o=ao/wu oh=a/o/ke oi=ai/he/wai ok=e/le on=an/ang ong=ang or=a/o/ke pa=pa/ba paai=pai paak=po/pa/bo/pai/bai
paan=pan/ban paang=peng/bang paau=pao/bao pai=pai/pi pak=bo/bai/po/pa/wan pan=pan/pin/pen/bin/ping
pang=peng/ping/bang park=po/pa/bo/pai/bai pat=pi pau=bao peah=bai/pi peh=bai/pi pei=pi/pei/huai/bei/fou pek=pi
peng=ping pik=pi pin=pian/bian ping=ping/peng/pin/bing/cheng pit=pie piu=piao po=pu/pao/fu/bao poh=po/ke
pok=pu/po/bo pong=bang/pang pooi=pei/huai/bei/pai pook=pu poon=pan/pin/pen poot=po por=po/ke pui=pei/huai/bei/pai
puk=pu pun=pan/pin/pen pung=peng put=po sa=sha/sa/shua saai=shai saak=suo saam=can/san/chen/shan
saan=shan/san/shuan/zan/zha saang=sheng saap=se/ji saat=sha/sa saau=shao sai=shi/xi/qi/yi/si sak=cai/sai
sam=shen/can/chen/xin/san san=shen/xin/chen sang=sheng/ceng sap=shi/se/shen sat=shi/sha/sa/zao/se
sau=shou/xiu/sou/chou/qiu se=she/xie seh=she/xie sei=si sek=shi/shuo/xi seng=xing/sheng seuk=shao/xue/shuo
seung=xiang/shang/chang/shuang sham=shan shan=shan/san/shuan/zha/cuan shat=shi/se/xi shau=shou/sou/xiu/shao/chou
shek=shi/shuo/xi sheng=xing sheung=xiang/shang/chang/shuang shim=shan/chan shin=dan shing=cheng/sheng ship=she
shiu=shao/zhao shue=shu shui=sui/xu/shui/chui/shuai shuk=shu shum=chen/shen shun=xun/chun/shun/xin/sun
shut=shi/se/xi si=shi/si/yi/cha/zhi sik=shi/xi/se/la sim=shan/chan sin=xian/shan/dan/xuan/xi sing=sheng/xing/cheng
sip=she/se sit=xie/qi/shi/qie/she siu=xiao/shao/zhao/tiao so=su/sao/shu/xu/shuo soh=suo/shu/sha soi=sai/si
sok=su/suo/shuo song=sang/shuang sor=suo/shu/sha sue=shu suen=xuan/suan/sun/shun/zhuan suet=shuo/xue
sui=sui/xu/shui/shuai/cui suk=shu/su/suo sum=xin/sen/shen sun=shen/xin/chen sung=song/cong/chong
sut=shi/shu/xu/lu/se sze=shi/si/yi/cha/zhi taai=tai/dai taam=tan/dan taan=tan/dan taap=ta taat=ta tai=ti/tai/di/da
tak=de/te tam=tan/dan tan=dan/tan/tun/tui tang=teng/deng tao=tao/tu/chu/cha/dao tap=he tart=ta tat=da tau=tou tek=ti
teng=ting teuh=tuo tick=ti tik=ti tim=tian tin=tian/dian tip=tie tit=die/tie tiu=tiao/diao to=tao/tu/chu/cha/dao
toh=tuo/duo toi=tai/dai tok=tuo tong=tang tsai=ji tsam=qin tsang=zheng/zeng/ceng/seng tsau=jiu/zou tse=xie
tsik=ji/xi/qi tsim=jian/zhan tsing=qing tsoi=cai/sai tsui=cui/qu/xu/chu/sui tsun=xun/zhen tsz=ci/si/zi
tuen=tuan/tun/duan/dun tuet=tuo tuk=du/tu tun=dun tung=tong/dong/cong/teng/chuang uk=wu um=chang/an/yan ung=weng
wa=hua/wa/gua waai=huai/wai waak=hua/huo/gua waan=wan/huan/hai waang=heng waat=hua/wa/wo wah=hua wai=wei/hui/yi
wak=hua/huo/gua wan=yun/hun/wen/huan/wan wang=hong wat=he/wei/qu/yu wik=yu wing=yong/rong/ying wo=wo/he/huo/mao/guo
woh=wo/he/huo/mao/guo wok=huo wong=huang/wang woo=hu/wu/e/yu wood=huo wooi=hui/huai woon=wan/huan/yuan woot=huo
wu=hu/wu/e/yu wui=hui/huai ya=ye yaai=zhuai/ye yai=zhuai/ai/ye yam=yin/ren/qin/lin yan=yin/ren/xin/er/ting
yap=yi/ru/qi yat=yi/ri yau=you/qiu/rou/ang/xiu ye=ye/re yeah=ye/re yee=yi/er/ai/ni yeh=ye/re yeng=ying
yeuk=yao/yue/ruo/nue yeung=yang/rang/ang/niang yi=yi/er/ai/ni yik=yi/ye/ni yim=yan/ran/an/xian
yin=yan/xian/ran/nian/yuan ying=ying/xing/reng/ning/ren yip=ye/nie yit=nie/ye/re yiu=yao/rao/me yoh=yo yu=yu/ru/xu
yue=yu/ru/xu yuen=yuan/wan/xuan/xian/ruan yuet=yue/yu/yi/xue yui=rui/yi yuk=yu/ru/xu/wo/rou yum=yin/ren/qin/lin
yun=run yung=yong/rong/weng
"""
