"""Chinese words for kinds of business and what they mean, names of firms, and surnames, as data; places are in
`places`.

All of it in simplified characters, to which others are converted first. What is in no table is read out in
pinyin. A hyphen before a word says that it stands behind something.
"""

from typing import Final

from greenlight.screening.tables import table

TERMS: Final = table("chinese", "terms")

# What firms and universities call themselves in Latin letters, where that is no reading of it.
OWN_NAMES: Final = table("chinese", "own_names")

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
