"""Korean words for kinds of business and what they mean, as data, and how everything else is read.

Names are read as the north of the country, most of whose firms and people on the lists are from there, writes
them in Latin letters: each syllable by itself, and k, t, p at the start of a word or beside each other.
"""

import re
from typing import Final

from anyascii import anyascii

TERMS: Final = """
주식회사=company 유한회사=company 회사=company 총회사=general/corporation 공사=corporation 총국=general/bureau 법인=company 상사=company 기업소=enterprise 기업=enterprise
그룹=group 집단=group 지주=holding 홀딩스=holding 연합=united 련합=united 합영=joint 합작=joint 협회=association 조합=cooperative
국제=international 글로벌=global 국가=national 민족=national 국영=national 국립=national 중앙=central 총=general 대외=foreign 해외=overseas 대외경제=external/economic
무역=trade 무역회사=trade/company 총무역=general/trade 상업=commercial 수출입=import/export 수출=export 수입=import 경제=economic 물산=trade 상회=company
산업=industry 공업=industry 중공업=heavy/industry 실업=industry 개발=development 발전=development 건설=construction 건축=construction 엔지니어링=engineering 설계=design 기술=technology 과학=science 과학기술=science/technology 테크=technology
투자=investment 금융=finance 은행=bank 중앙은행=central/bank 무역은행=trade/bank 신용=credit 보험=insurance 증권=securities 자산=asset 캐피탈=capital 기금=fund
전자=electronic 전기=electric 전력=power 통신=communication 텔레콤=telecommunication 정보=information 정보기술=information/technology 시스템=system 컴퓨터=computer 콤퓨터=computer 소프트웨어=software 네트워크=network 데이터=data 디지털=digital 반도체=semiconductor 로봇=robotics 자동화=automation 디스플레이=display
광업=mining 광산=mine 석탄=coal 석유=oil 원유=oil 가스=gas 화학=chemical 정유=refinery 에너지=energy 원자력=atomic/energy 핵=nuclear 금속=metal 제철=steel 철강=steel 강철=steel 제강=steel 아연=zinc 금=gold 시멘트=cement 섬유=textile
기계=machinery 정밀=precision 중기=heavy/machinery 자동차=motor 모터스=motor 항공=airlines 우주=space 항공우주=aerospace 조선소=shipyard 조선해양=shipbuilding/marine -조선=shipbuilding 해양=ocean 해운=shipping 선박=ship 상선=merchant/marine 해사=maritime 운수=transport 물류=logistics 철도=railway 항만=port
제작소=works 공장=plant 제조=manufacturing 생산=production 제약=pharmaceutical 의료=medical 병원=hospital 식품=food 농업=agricultural 수산=fishing 유통=distribution 관리=management 물자=materials 제련=smelting 전선=cable 부품=parts 설비=equipment 장비=equipment 로보틱스=robotics 바이오=bio 서비스=service 관광=tourism 호텔=hotel
연구소=institute/research 연구원=institute/research 연구=research 대학교=university 대학=university 과학원=academy/science 학원=academy 센터=center 본부=headquarters 지사=branch 지점=branch 부=department 국=bureau 성=ministry 위원회=committee
국방=defense 군수=munitions 방위=defense 군사=military 인민=people 인민군=people/army 무기=weapons 정찰=reconnaissance 정찰총국=reconnaissance/general/bureau 당=party 로동당=workers/party
한국=korea 대한=korea 대한민국=korea 조선-=korea 조선민주주의인민공화국=dprk 북한=dprk 평양=pyongyang 서울=seoul 부산=busan 인천=incheon 대구=daegu 나선=rason 라선=rason 개성=kaesong 원산=wonsan 남포=nampo 신의주=sinuiju 중국=china 러시아=russia 이란=iran 일본=japan 미국=america
삼성=samsung 현대=hyundai 대우=daewoo 기아=kia 하이닉스=hynix 한화=hanwha 두산=doosan 효성=hyosung 포스코=posco 롯데=lotte 금호=kumho 쌍용=ssangyong 네이버=naver 카카오=kakao 셀트리온=celltrion 한진=hanjin 만도=mando
창광신용=changgwang/sinyong 청송연합=green/pine/associated 청송련합=green/pine/associated 동방은행=bank/east/land
"""

# Surnames of two syllables, and the one that is not written as it is read.
SURNAMES: Final = {"이": "lee"} | dict.fromkeys("남궁 황보 제갈 선우 독고 사공 서문 동방".split(), "")

# Latin letters as they are called: a word of two of them or more, of which one cannot well be a syllable of
# another word.
_CALLED: Final = {
    called: letter
    for called, _, letter in (
        it.partition("=")
        for it in """
에이=a 비=b 씨=c 시=c 디=d 이=e 에프=f 지=g 에이치=h 아이=i 제이=j 케이=k 엘=l 엠=m 엔=n 오=o 피=p 큐=q 알=r 에스=s 티=t 유=u 브이=v 더블유=w 엑스=x 와이=y 제트=z
""".split()
    )
}
_CALL: Final = "|".join(sorted(_CALLED, key=len, reverse=True))
_LONG_CALL: Final = "|".join(called for called in _CALLED if len(called) > 1 or called in "엘엠엔")
LETTERS: Final = re.compile(f"((?=(?:{_CALL})*?(?:{_LONG_CALL}))(?:{_CALL}){{2,}})")

_UNVOICED: Final = str.maketrans("gdb", "ktp")
# Where a syllable is no longer seen: g, d, b are k, t, p but between vowels, n, m, l and the like.
_HARD: Final = re.compile(r"(?<![aeiounmlrywN])[gdb](?![gdb])|[gdb](?![aeiouyw])|(?<=[gdb])[gdb]")


def read_out(characters: str) -> tuple[str]:
    """A run of Hangul as one Latin word."""
    read = "".join(map(_syllable, characters))
    hard = _HARD.sub(lambda found: found[0].translate(_UNVOICED), read.replace("ng", "N"))
    return (re.sub(r"(?<=[aeiou])l(?=[aeiouyw])", "r", hard.replace("N", "ng")),)


def _syllable(character: str) -> str:
    latin = anyascii(character).lower()
    if latin[:1] == "l" and len(latin) > 1:
        latin = f"r{latin[1:]}"
    return latin.replace("eo", "o").replace("eu", "u")


def spelt_out(called: str) -> str:
    """`엘지` as LG."""
    return "".join(_CALLED[each] for each in re.findall(_CALL, called))


def read_person(characters: str) -> list[str]:
    """Surname and given names, syllable by syllable; the surname has one, or is one of few."""
    length = 2 if characters[:2] in SURNAMES and len(characters) > 2 else 1
    surname, given = characters[:length], characters[length:]
    return [
        SURNAMES.get(surname) or read_out(surname)[0],
        *(read for each in given for read in read_out(each)),
    ]
