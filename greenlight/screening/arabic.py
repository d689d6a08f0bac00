"""Arabic and Persian words for kinds of business and what they mean, as data.

An article, or a preposition with it, is taken off before a word is looked up. What is in no table is read
by its consonants.
"""

from typing import Final

# Letters that are typed for each other; Persian has its own k and y.
ALIKE: Final = str.maketrans("یکىأإآؤئ", "يكيااويي")

# The article, alone or behind "for" and "and".
ARTICLES: Final = ("وال", "لل", "ال")
# The ending of the feminine, which Latin spellings leave out or write in many ways.
FEMININE: Final = "ة"

_TERMS: Final = """
شركة شركت الشركة=company مؤسسة=establishment مجموعة گروه=group و=and في در=in من از=of قابضة هلدينگ=holding محدودة=limited
مصرف بنك بانك=bank تجارة تجارية تجاري بازرگاني تجارت=trade عامة عام=general دولية دولي=international عالمية عالمي جهاني=global
صناعات صناعة صناعية صنايع صنعت صنعتي=industry نقل=transport ملاحة بحري بحرية كشتيراني=shipping شحن=shipping طيران هواپيمايي هواپيمائي=airlines
هوافضا فضا=aerospace هوايي=air نفط نفت بترول=oil غاز گاز=gas پتروشيمي بتروكيماويات=petrochemical كيميائية شيميايي=chemical استثمار استثمارات سرمايه=investment
مقاولات=contracting صرافة صرافي=exchange وطنية وطني=national اسلامي اسلامية=islamic تقنيات تقنية تكنولوجيا فناوري تكنولوژي=technology
اتصالات مخابرات ارتباطات=communication معلومات اطلاعات=information الكترونيات الكترونيك الكترونية=electronic كهرباء برق كهربائية=electric هندسة هندسية مهندسي=engineering
خدمات=service لوجستية=logistics توسعه تنمية تطوير=development پژوهش پژوهشي تحقيقات ابحاث بحوث=research مركز=center معهد پژوهشگاه پژوهشكده انستيتو=institute
جامعة دانشگاه=university سازمان منظمة هيئة=organization وزارت وزارة=ministry دفاع دفاعي=defense نظامي عسكرية=military تامين بيمه=insurance
عقارية عقارات=real/estate انشاءات بناء ساختماني=construction سيارات خودرو=auto ادوية دارويي=pharmaceutical غذائية غذايي=food معادن معدني=mining حديد فولاد صلب=steel
كارخانه مصنع=plant ماشين ماشينسازي=machinery توليد توليدي انتاج=production واردات استيراد=import تصدير=export
محمد=muhammad احمد=ahmad محمود=mahmud علي=ali حسن=hasan حسين=husayn يوسف=yusuf ابراهيم=ibrahim عمر=umar عثمان=uthman عبدالله=abdullah خالد=khalid سعيد=said رضا=reza مهدي=mahdi
رشيد=rashid كريم=karim جمال=jamal مصطفى=mustafa سليمان=sulayman اسماعيل=ismail يحيى=yahya فيصل=faisal قاسم=qasim ناصر=nasir فاطمة فاطمه=fatima جعفر=jafar محسن=muhsin امير=amir عباس=abbas صالح=salih حمزة=hamza موسى=musa عيسى=issa طارق=tariq
علوم علمي=science انرژي طاقة=energy اتمي نووية=nuclear جوية=air
سورية سوريا سوري=syria عراق عراقية عراقي=iraq ايران ايرانية=iran لبنان لبنانية=lebanon امارات=emirates دبي=dubai مصر مصرية=egypt قطر=qatar كويت كويتية=kuwait
سعودية=saudi يمن يمنية=yemen ليبيا ليبية=libya سودان=sudan تهران طهران=tehran بغداد=baghdad دمشق=damascus بيروت=beirut روسيا=russia صين=china تركيا=turkey فلسطين=palestine
"""


def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for term in _TERMS.split():
        if "=" not in term:
            meanings[term.translate(ALIKE)] = ""
            continue
        spelling, _, meaning = term.partition("=")
        meanings = {of: known or meaning for of, known in meanings.items()} | {
            spelling.translate(ALIKE): meaning
        }
    return meanings


MEANINGS: Final = _meanings()
