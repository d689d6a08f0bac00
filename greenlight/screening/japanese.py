"""Japanese words for kinds of business and what they mean, as data, and how everything else is read.

Words in Chinese characters stand in their simplified forms, beside those that `chinese` has; everything else
is read by the dictionary of Sudachi, in Hepburn's letters without the marks of long vowels.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import jaconv

if TYPE_CHECKING:
    from sudachipy import Tokenizer  # pyright: ignore[reportMissingTypeStubs]  # They lie beside it.

TERMS: Final = """
株式会社=company 有限会社=company 合同会社=company 合资会社=company 合名会社=company 会社=company 株-=company -株=company 商事=trade 商会=company 物产=trade 社=company 法人=corporation 财团=foundation
ホールディングス=holding ホールディング=holding グループ=group コーポレーション=corporation カンパニー=company インターナショナル=international グローバル=global ジャパン=japan アジア=asia
工业=industry 重工业=heavy/industry 产业=industry 化学工业=chemical/industry 制作所=manufacturing 制造所=works 制造=manufacturing 工场=factory 制作=manufacturing 电机=electric 电气=electric 电子=electronic 电工=electric/works 电力=power 电线=cable 电池=battery 自动车=motor 发动机=motor 机械=machinery 机器=machinery
制铁=steel 制铁所=steel/works 制钢=steel 制钢所=steel/works 铁钢=steel 铁工所=iron/works 金属=metal 制药=pharmaceutical 药品=pharmaceutical 化学=chemical 化成=chemical 硝子=glass 制纸=paper 石油=oil 瓦斯=gas 半导体=semiconductor
造船=shipbuilding 造船所=shipyard 海运=shipping 汽船=steamship 邮船=shipping/line 运输=transport 通运=transport 仓库=warehouse 铁道=railway 旅客铁道=passenger/railway 航空=airlines 空港=airport
银行=bank 信托银行=trust/bank 证券=securities 保险=insurance 生命保险=life/insurance 不动产=real/estate 建设=construction 贸易=trade 通商=trade 研究所=institute/research 研究=research 开发=development 技术=technology 大学=university 学院=college 协会=association 机构=organization 精密=precision 通信=communication 电信电话=telegraph/telephone 电话=telephone 情报=information 食品=food 水产=fishing 林业=forestry 农业=agricultural 印刷=printing 出版=publishing 新闻=newspaper 放送=broadcasting 防卫省=ministry/defense
システム=system システムズ=system テクノロジー=technology テクノロジーズ=technology テクノ=techno テック=technology エレクトロニクス=electronic エレクトロン=electron エレクトリック=electric エンジニアリング=engineering サービス=service ソリューション=solutions ソリューションズ=solutions ソフトウェア=software ソフト=software コンピュータ=computer コンピューター=computer コミュニケーションズ=communication ネットワーク=network ネットワークス=network データ=data デジタル=digital ロボット=robotics
モーター=motor モータース=motor マシン=machinery マシナリー=machinery ケミカル=chemical マテリアル=materials マテリアルズ=materials メタル=metal スチール=steel エネルギー=energy エナジー=energy ガス=gas オイル=oil パワー=power トレーディング=trading ロジスティクス=logistics エアライン=airlines マリン=marine オプティクス=optical ホトニクス=photonics フォトニクス=photonics セミコンダクター=semiconductor インダストリー=industry インダストリーズ=industry キャピタル=capital ファイナンス=finance バンク=bank メディカル=medical ファーマ=pharmaceutical
日本=japan 东京=tokyo 大阪=osaka 名古屋=nagoya 京都=kyoto 横滨=yokohama 神户=kobe 九州=kyushu 北海道=hokkaido
日本电气=nec 日本电信电话=ntt 日本制铁=nippon/steel 新日本制铁=nippon/steel マツダ=mazda ブリヂストン=bridgestone ソニー=sony キヤノン=canon トヨタ=toyota ホンダ=honda ニコン=nikon オリンパス=olympus パナソニック=panasonic シャープ=sharp ブラザー=brother セイコー=seiko エプソン=epson リコー=ricoh デンソー=denso クボタ=kubota コマツ=komatsu ファナック=fanuc オムロン=omron オークマ=okuma マザック=mazak
"""

_LONG: Final = re.compile(r"(?<=o)[ou]|(?<=u)u|-")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")


def has_kana(word: str) -> bool:
    return _KANA.search(word) is not None


def has_characters_of(word: str) -> bool:
    """Tell whether Japan has all the characters of a word: most simplified ones are not among its own."""
    try:
        word.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """Words of a run of characters, as they are read; as they are, where the dictionary does not know them."""
    words: list[str] = []
    for morpheme in _tokenizer().tokenize(characters):
        reading = jaconv.hira2kata(morpheme.reading_form())
        latin = _LONG.sub("", jaconv.kata2alphabet(reading)).replace("・", "")
        if not latin.isascii():
            return (characters,)
        if latin:
            words.append(latin)
    return tuple(words)


@lru_cache(maxsize=4096)
def read_as_one(characters: str) -> tuple[str, ...]:
    """As `read_out`, but in one word what is read character by character: none is a name of its own."""
    words = read_out(characters)
    return ("".join(words),) if is_spelt_out(characters) else words


def is_spelt_out(characters: str) -> bool:
    """Tell whether the dictionary has no word of two characters or more in a run of them."""
    return len(read_out(characters)) == len(characters)


@lru_cache(maxsize=1)
def _tokenizer() -> "Tokenizer":
    # Its dictionary takes 40 ms and 45 MB, and most processes never need it.
    from sudachipy import Dictionary  # pyright: ignore[reportMissingTypeStubs]

    return Dictionary(dict="small").tokenizer()
