"""Chinese words for kinds of business and what they mean, names of firms, and surnames, as data; places are in
`places`.

All of it in simplified characters, to which others are converted first. What is in no table is read out in
pinyin. A hyphen before a word says that it stands behind something.
"""

from typing import Final

TERMS: Final = """
股份有限公司=company 有限责任公司=company 有限公司=company 集团公司=group 总公司=corporation 分公司=branch 子公司=subsidiary 公司=company
技术=technology 科技=technology 科学=science 工艺=technology
集团=group 控股=holding 国际=international 全球=global 环球=global 国家=national 中央=central 总=general
贸易=trade 商贸=trade 商务=business 商业=commercial 进出口=import/export 进口=import 出口=export 外贸=foreign/trade
实业=industry 工业=industry 产业=industry 企业=enterprise 开发=development 发展=development 服务=service
投资=investment 管理=management 资产=asset 金融=finance 财务=finance 银行=bank 保险=insurance 证券=securities 基金=fund 信托=trust 资本=capital
电子=electronic 电气=electric 电器=electric 电力=power 电信=telecommunication 通信=communication 通讯=communication 移动=mobile 联通=unicom 电脑=computer
信息=information 网络=network 软件=software 数据=data 数字=digital 数码=digital 数位=digital 积体电路=integrated/circuit 积体电路制造=semiconductor/manufacturing 软体=software 网路=network 资讯=information 雷射=laser 奈米=nano 纳米=nano 计算机=computer 计算=computing 云计算=cloud/computing 云=cloud
智能=intelligent 智慧=intelligent 人工智能=artificial/intelligence 机器人=robotics 自动化=automation 系统=system 终端=device 设备=equipment 器材=equipment 装备=equipment
半导体=semiconductor 集成电路=integrated/circuit 微电子=microelectronics 芯片=chip 光电=optoelectronics 光学=optical 光电子=optoelectronics 激光=laser 雷达=radar 卫星=satellite 导航=navigation 传感器=sensor
航空=aviation 航天=aerospace 宇航=aerospace 飞机=aircraft 发动机=engine 直升机=helicopter 无人机=unmanned/aircraft 火箭=rocket 导弹=missile
船舶=shipbuilding 造船=shipbuilding 航运=shipping 海运=shipping 物流=logistics 运输=transport 铁路=railway 铁道=railway 港口=port 海洋=ocean 远洋=ocean
石油=petroleum 天然气=gas 石化=petrochemical 化工=chemical 化学=chemistry 能源=energy 核工业=nuclear/industry 核=nuclear 煤炭=coal 矿业=mining 钢铁=iron/steel 特钢=special/steel 不锈钢=stainless/steel 钢管=steel/pipe 冶金=metallurgical 有色金属=nonferrous/metal 矿产=mineral 铝业=aluminum/industry 铜业=copper/industry 煤电=coal/power 油气=oil/gas 石油天然气=petroleum/gas 水利水电=water/hydropower 轻工=light/industry 粮油=grain/oil 土木工程=civil/engineering 机械电子=machinery/electronic 机械设备=machinery/equipment 仪器仪表=instrument 金属=metal 材料=materials
机械=machinery 机电=electromechanical 机床=machine/tool 精密=precision 仪器=instrument 仪表=instrument 汽车=auto 制造=manufacturing 生产=production 加工=processing 工厂=factory -厂=factory
工程=engineering 建设=construction 建筑=construction 设计=design 咨询=consulting 研究院=institute/research 研究所=institute/research 研究中心=research/center 研究=research 中心=center 实验室=laboratory
大学=university 学院=college 科学院=academy/science 医院=hospital 医疗=medical 医药=pharmaceutical 制药=pharmaceutical 生物=biological 生物技术=biotechnology 基因=genomics
食品=food 纺织=textile 农业=agricultural 环境=environmental 安全=security 国防=defense 军事=military 兵器=weapons 武器=weapons
高科技=high/technology 高新=high/technology 新区=new/district 分行=branch 有限=limited -局=bureau -部=department -省= -市= -区= -县=
东方=east 南方=south 北方=north 西方=west 西部=west 中国=china 中科院=china/academy/science 航空航天=aeronautics/astronautics 航天科工=aerospace/science/industry 航天科技=aerospace/science/technology
中国电科=china/electronic/technology/group 中国航发=aero/engine/china 中国中车=crrc 中国石化=sinopec 中国石油=petroleum/china 中核集团=china/national/nuclear
重工=heavy/industry 重工业=heavy/industry 重型=heavy 海事=maritime 特种=special 联合=united 通用=general 稀土=rare/earth 电缆=cable 轴承=bearing 玻璃=glass 塑料=plastic 橡胶=rubber 造纸=paper 印刷=printing 服装=clothing
水泥=cement 煤=coal 黄金=gold 邮政=post 电视=television 广播=broadcasting 新闻=news 出版=publishing 教育=education 文化=culture 旅游=tourism 酒店=hotel 地产=real/estate 房地产=real/estate 租赁=leasing
供应链=supply/chain 工贸=industry/trade 科贸=technology/trade 经贸=economic/trade 电机=motor 电池=battery 新能源=new/energy 新材料=new/materials 光伏=photovoltaic 风电=wind/power 核电=nuclear/power 水电=hydro/power 阀门=valve 管道=pipeline 工具=tool
科创=technology/innovation 创新=innovation 光学仪器=optical/instrument 光机所=institute/optics 物理=physics 理工=science/technology 微波=microwave 红外=infrared 声学=acoustics 力学=mechanics 民航=civil/aviation 船厂=shipyard 船务=shipping 空间=space 宇宙=space
"""

# What firms and universities call themselves in Latin letters, where that is no reading of it.
OWN_NAMES: Final = """
海康威视=hikvision 中兴通讯=zte 大疆=dji 海能达=hytera 联想=lenovo 寒武纪=cambricon 旷视=megvii 商汤=sensetime 依图=yitu 云从=cloudwalk 中芯国际=smic 宇视=uniview 比亚迪=byd 小米=xiaomi 字节跳动=bytedance 腾讯=tencent 阿里巴巴=alibaba 百度=baidu 京东方=boe 宁德时代=catl 海尔=haier 海信=hisense 格力=gree 美的集团=midea/group 中远海运=china/ocean/shipping 兆易创新=gigadevice 龙芯=loongson 龙芯中科=loongson
长江存储=yangtze/memory 长鑫存储=changxin/memory 中科曙光=sugon 曙光信息=dawning/information 飞腾=phytium 申威=sunway 美亚柏科=meiya/pico 科大讯飞=iflytek 讯飞=iflytek 海思=hisilicon 浪潮=inspur 华大基因=bgi 北方华创=naura 兆芯=zhaoxin 海光=hygon 摩尔线程=moore/threads 壁仞=biren 景嘉微=jingjia/microelectronics 紫光展锐=unisoc 紫光=unigroup 达闼=cloudminds 云天励飞=intellifusion 东方网力=netposa 奇虎=qihoo 上海微电子装备=shanghai/micro/electronic/equipment
中航工业=avic 中国航空工业=china/aviation/industry 航空工业=aviation/industry 中国船舶重工=china/shipbuilding/industry 中国船舶工业=china/state/shipbuilding 中国船舶集团=china/state/shipbuilding 中国核工业=china/national/nuclear 中广核=cgn 中国北方工业=china/north/industry 北方工业=norinco 兵器工业=north/industry 中国石油天然气=china/national/petroleum 中国海洋石油=china/national/offshore/oil 中国商飞=comac 商用飞机=commercial/aircraft 中国交通建设=china/communications/construction 中化=sinochem 中远=cosco 招商局=china/merchants 中国东方航空=china/eastern/airlines 中国南方航空=china/southern/airlines 中国国际航空=air/china 中芯=smic 中国联通=china/unicom
哈尔滨工业大学=harbin/institute/technology 西北工业大学=northwestern/polytechnical/university 国防科技大学=national/university/defense/technology 国防科学技术大学=national/university/defense/technology 电子科技大学=university/electronic/science/technology/china 西安电子科技大学=xidian/university 中国科学技术大学=university/science/technology/china 北京理工大学=beijing/institute/technology 清华=tsinghua 北京大学=peking/university 中山大学=sun/yat/sen/university 工业大学=university/technology 科技大学=university/science/technology 超级计算=supercomputing 超算=supercomputing
"""

# Characters that are read otherwise as a surname, and surnames of two characters.
SURNAMES: Final = """
曾=zeng 翟=zhai 单=shan 覃=qin 解=xie 查=zha 仇=qiu 区=ou 盖=ge 缪=miao 朴=piao 卜=bu 乐=yue 隗=wei 种=chong 秘=bi 繁=po 黑=he 重=chong 召=shao 员=yun 洗=xian 折=she 乜=nie 牟=mu 粘=nian 阚=kan 薄=bo 句=gou 难=ning 适=kuo 祭=zhai 都=du 佴=nai 藏=zang
欧阳=ouyang 司马=sima 诸葛=zhuge 上官=shangguan 司徒=situ 东方=dongfang 皇甫=huangfu 尉迟=yuchi 公孙=gongsun 慕容=murong 长孙=zhangsun 令狐=linghu 宇文=yuwen 夏侯=xiahou 轩辕=xuanyuan 端木=duanmu 百里=baili 南宫=nangong 万俟=moqi 闻人=wenren 公羊=gongyang 澹台=tantai 公冶=gongye 宗政=zongzheng 濮阳=puyang 淳于=chunyu 单于=chanyu 太叔=taishu 申屠=shentu 公治=gongzhi 钟离=zhongli 鲜于=xianyu 闾丘=lyuqiu 司空=sikong 司寇=sikou 独孤=dugu 拓跋=tuoba 呼延=huyan 赫连=helian 西门=ximen 东郭=dongguo 第五=diwu 左丘=zuoqiu 梁丘=liangqiu 完颜=wanyan 纳兰=nalan
"""

# The commonest surnames, but for those that are words (黄, 高), or short for a place (沈, 徐, 苏).
FAMILIES: Final = frozenset(
    "王李张刘陈杨赵吴周孙朱胡郭何罗梁谢邓冯韩曾彭萧肖蔡潘董袁叶蒋杜魏吕丁姚卢傅崔谭廖汪戴贾韦邱邹孟阎闫薛尹黎陶贺郝龚邵钱赖覃孔"
)

# Characters whose first reading of several is not the one that names have.
IN_NAMES: Final = {"长": "cháng,zhǎng", "都": "dū,dōu", "厦": "xià,shà", "曾": "zēng,céng"}
