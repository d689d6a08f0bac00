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
东方=east 南方=south 北方=north 西方=west 西部=west 中国=china 中科院=china/academy/science 航空航天=aeronautics/astronautics 航天科工=aerospace/science/industry 航天科技=aerospace/science/technology
中国电科=china/electronic/technology/group 中国航发=aero/engine/china 中国中车=crrc 中国石化=sinopec 中国石油=petroleum/china 中核集团=china/national/nuclear
重工=heavy/industry 重型=heavy 海事=maritime 特种=special 联合=united 通用=general 稀土=rare/earth 电缆=cable 轴承=bearing 玻璃=glass 塑料=plastic 橡胶=rubber 造纸=paper 印刷=printing 服装=clothing
水泥=cement 煤=coal 黄金=gold 邮政=post 电视=television 广播=broadcasting 新闻=news 出版=publishing 教育=education 文化=culture 旅游=tourism 酒店=hotel 地产=real/estate 房地产=real/estate 租赁=leasing
供应链=supply/chain 工贸=industry/trade 科贸=technology/trade 经贸=economic/trade 电机=motor 电池=battery 新能源=new/energy 新材料=new/materials 光伏=photovoltaic 风电=wind/power 核电=nuclear/power 水电=hydro/power 阀门=valve 管道=pipeline 工具=tool
科创=technology/innovation 创新=innovation 光学仪器=optical/instrument 光机所=institute/optics 物理=physics 理工=science/technology 微波=microwave 红外=infrared 声学=acoustics 力学=mechanics 民航=civil/aviation 船厂=shipyard 船务=shipping 空间=space 宇宙=space
海康威视=hikvision 中兴通讯=zte 大疆=dji 海能达=hytera 联想=lenovo 寒武纪=cambricon 旷视=megvii 商汤=sensetime 依图=yitu 云从=cloudwalk 中芯国际=smic 宇视=uniview 比亚迪=byd 小米=xiaomi 字节跳动=bytedance 腾讯=tencent 阿里巴巴=alibaba 百度=baidu 京东方=boe 宁德时代=catl 海尔=haier 海信=hisense 格力=gree 美的集团=midea/group 中远海运=china/ocean/shipping 兆易创新=gigadevice 龙芯=loongson
"""

# Traditional characters beside the simplified ones, as far as they are common in names.
TRADITIONAL: Final = str.maketrans(
    "並亞來倫偉傑備傳僑價儀億優儲儷兒兩冊凱則剛創劃劉劍勁動務勝勞勢勳匯區協卻參呂員問啟喬單嘆嘗嚴國圍園圓圖團執堅報場塊塵墊壇壓壘壞壯夠奧奪奮婦媽孫學實寧審寫寬寶將專尋對導層屬島峽嵐嶺嶽巖帥師帳帶幣幫庫廈廠廢廣廳張強彈彥徑從復徵恆愛態慮慶憲憶應懷戰戲戶掃揚換損搖撥撫擁擇擊擔據擴攝敵數斷昇時晝暉暢曄曆曉東條楊楓業極構槍樂樓標樞樹橋機檢權歐歡歲歷歸殘殺毀氣決沒沖況洩淚淨淺測湯溝溫滅滙滬滿漁漢漸潔潛澤濃濟濱瀋瀾灝灣災為烏無煉煒熱燁燈燒營爐爭爺爾狀獎獨獲獻現瑋瑪環璽瓊產畫異當療癒發盡監盤盧瞭碩確碼磚礎禍禦禮種稱穀積穩窮競筆節範築簽籃籌糧糾紀約紅純紗紙級紡細終組結絡給統絲經綜綠維綱網緊線緣編練縣縱總績織繩繼續纖羅義習聖聞聯聰聲職腦臨臺與興舉舊艙艦莊華萊萬葉蒼蓋蔣蕭藍藝藥蘇蘭處虛號蟲術衛衝裝製複見規視覺覽觀訂計訊託記訪設許診評詞詢試詩話詳語誠誤說課誼調談請論諧諫諮諾謀謝證識譚譯議護譽讀變豐貝負財貢貨貫責貴買費貿資賈賓賣質賴購賽贈贊贏贛趙躍車軌軍軒軟軸較載輔輕輝輪輸轄轉辦農連進運過達違遙遞遠適遷選遼邁邊郵鄉鄒鄧鄭鄴醫釀釋針鈞鈦鈴鈺鉅鉑鉻銀銅銓銘銳銷鋁鋒鋪鋰鋼錄錢錦錫錶鍋鍛鍾鎂鎖鎮鏈鏡鐘鐵鑄鑒鑰鑽長門閃閉開間閣閱閻闊闖關闡陝陣陰陳陸陽隊際隨險雙雜離難雲電霧靈靜韋韓韻響頁頂項順須頌預頓領頤頭額顏願類顧風飛飯飲飾養館馬馭馮馳駐駛駱駿騎騰驅驊驗驚體髮鬥魚魯鮮鳥鳳鴻鵬鶴鷗鷹鹽麗麥黃點黨齊齒龍龔龜",
    "并亚来伦伟杰备传侨价仪亿优储俪儿两册凯则刚创划刘剑劲动务胜劳势勋汇区协却参吕员问启乔单叹尝严国围园圆图团执坚报场块尘垫坛压垒坏壮够奥夺奋妇妈孙学实宁审写宽宝将专寻对导层属岛峡岚岭岳岩帅师帐带币帮库厦厂废广厅张强弹彦径从复征恒爱态虑庆宪忆应怀战戏户扫扬换损摇拨抚拥择击担据扩摄敌数断升时昼晖畅晔历晓东条杨枫业极构枪乐楼标枢树桥机检权欧欢岁历归残杀毁气决没冲况泄泪净浅测汤沟温灭汇沪满渔汉渐洁潜泽浓济滨沈澜灏湾灾为乌无炼炜热烨灯烧营炉争爷尔状奖独获献现玮玛环玺琼产画异当疗愈发尽监盘卢了硕确码砖础祸御礼种称谷积稳穷竞笔节范筑签篮筹粮纠纪约红纯纱纸级纺细终组结络给统丝经综绿维纲网紧线缘编练县纵总绩织绳继续纤罗义习圣闻联聪声职脑临台与兴举旧舱舰庄华莱万叶苍盖蒋萧蓝艺药苏兰处虚号虫术卫冲装制复见规视觉览观订计讯托记访设许诊评词询试诗话详语诚误说课谊调谈请论谐谏咨诺谋谢证识谭译议护誉读变丰贝负财贡货贯责贵买费贸资贾宾卖质赖购赛赠赞赢赣赵跃车轨军轩软轴较载辅轻辉轮输辖转办农连进运过达违遥递远适迁选辽迈边邮乡邹邓郑邺医酿释针钧钛铃钰巨铂铬银铜铨铭锐销铝锋铺锂钢录钱锦锡表锅锻钟镁锁镇链镜钟铁铸鉴钥钻长门闪闭开间阁阅阎阔闯关阐陕阵阴陈陆阳队际随险双杂离难云电雾灵静韦韩韵响页顶项顺须颂预顿领颐头额颜愿类顾风飞饭饮饰养馆马驭冯驰驻驶骆骏骑腾驱骅验惊体发斗鱼鲁鲜鸟凤鸿鹏鹤鸥鹰盐丽麦黄点党齐齿龙龚龟",
)
