"""Chinese words for kinds of business and what they mean, as data; both scripts, places in `places`.

What is in no table is read out in pinyin.
"""

from typing import Final

TERMS: Final = """
股份有限公司=company 有限责任公司=company 有限公司=company 集团公司=group 总公司=corporation 分公司=branch 子公司=subsidiary 公司=company
技术=technology 科技=technology 科学=science 技術=technology 工艺=technology
集团=group 控股=holding 国际=international 全球=global 环球=global 国家=national 中央=central 总=general
贸易=trade 商贸=trade 商务=business 商业=commercial 进出口=import/export 进口=import 出口=export 外贸=foreign/trade
实业=industry 工业=industry 产业=industry 企业=enterprise 开发=development 发展=development 服务=service
投资=investment 管理=management 资产=asset 金融=finance 财务=finance 银行=bank 保险=insurance 证券=securities 基金=fund 信托=trust 资本=capital
电子=electronic 电气=electric 电器=electric 电力=power 电信=telecommunication 通信=communication 通讯=communication 移动=mobile 联通=unicom 电脑=computer
信息=information 网络=network 软件=software 数据=data 数字=digital 数码=digital 计算机=computer 计算=computing 云计算=cloud/computing 云=cloud
智能=intelligent 智慧=intelligent 人工智能=artificial/intelligence 机器人=robotics 自动化=automation 系统=system 终端=device 设备=equipment 器材=equipment 装备=equipment
半导体=semiconductor 集成电路=integrated/circuit 微电子=microelectronics 芯片=chip 光电=optoelectronics 光学=optical 光电子=optoelectronics 激光=laser 雷达=radar 卫星=satellite 导航=navigation 传感器=sensor
航空=aviation 航天=aerospace 宇航=aerospace 飞机=aircraft 发动机=engine 直升机=helicopter 无人机=unmanned/aircraft 火箭=rocket 导弹=missile
船舶=shipbuilding 造船=shipbuilding 航运=shipping 海运=shipping 物流=logistics 运输=transport 铁路=railway 铁道=railway 港口=port 海洋=ocean 远洋=ocean
石油=petroleum 天然气=gas 石化=petrochemical 化工=chemical 化学=chemistry 能源=energy 核工业=nuclear/industry 核=nuclear 煤炭=coal 矿业=mining 钢铁=steel 金属=metal 材料=materials
机械=machinery 机电=electromechanical 机床=machine/tool 精密=precision 仪器=instrument 仪表=instrument 汽车=auto 制造=manufacturing 生产=production 加工=processing 工厂=factory 厂=factory
工程=engineering 建设=construction 建筑=construction 设计=design 咨询=consulting 研究院=institute/research 研究所=institute/research 研究中心=research/center 研究=research 中心=center 实验室=laboratory
大学=university 学院=college 科学院=academy/science 医院=hospital 医疗=medical 医药=pharmaceutical 制药=pharmaceutical 生物=biological 生物技术=biotechnology 基因=genomics
食品=food 纺织=textile 农业=agricultural 环境=environmental 安全=security 国防=defense 军事=military 兵器=weapons 武器=weapons
高科技=high/technology 高新=high/technology 新区=new/district 分行=branch 有限=limited 局=bureau 部=department 省= 市= 区=
东方=east 南方=south 北方=north 西方=west 西部=west 中国=china
"""

# Traditional characters of the terms and places above that differ from the simplified ones.
TRADITIONAL: Final = str.maketrans(
    "術際學網絡軟數據碼計機終端設備導體電氣訊聯動腦資產財務銀險證託雲慧統裝積電衛測傳飛發動無彈運鐵遠氣鋼屬儀錶車廠產設築諮詢驗醫療藥製環軍農紡織區東進貿業務團總責萬華國開實興創維圖館漢廣深圳蘇無錫寧溫長陽濟島連瀋遼龍爾濱鄭貴廈門蘭州烏魯齊臺灣澳雲陝慶賓",
    "术际学网络软数据码计机终端设备导体电气讯联动脑资产财务银险证托云慧统装积电卫测传飞发动无弹运铁远气钢属仪表车厂产设筑咨询验医疗药制环军农纺织区东进贸业务团总责万华国开实兴创维图馆汉广深圳苏无锡宁温长阳济岛连沈辽龙尔滨郑贵厦门兰州乌鲁齐台湾澳云陕庆宾",
)
