"""Thai words for kinds of business and what they mean, as data, and how everything else is read.

Thai writes its vowels around the letters and leaves many of Indian words out, which the Royal Institute's
system gives back by rule; see `scripts` for how far that is relied on.
"""

import os
from functools import lru_cache
from typing import Final

TERMS: Final = """
บริษัท=company บริษัทมหาชน=public/company จำกัด=limited มหาชน=public ห้างหุ้นส่วน=partnership ห้างหุ้นส่วนจำกัด=limited/partnership ห้าง=company กลุ่ม=group กรุ๊ป=group โฮลดิ้ง=holding โฮลดิ้งส์=holding
ธนาคาร=bank ประกันภัย=insurance ประกันชีวิต=life/insurance หลักทรัพย์=securities การเงิน=finance เงินทุน=finance ลงทุน=investment ทรัพย์สิน=property
การค้า=trade เทรดดิ้ง=trading พาณิชย์=commercial นำเข้า=import ส่งออก=export อินเตอร์เนชั่นแนล=international อินเตอร์=inter สากล=international แห่งชาติ=national แห่งประเทศไทย=thailand ประเทศไทย=thailand ไทย=thai กรุงเทพ=bangkok เชียงใหม่=chiang/mai ภูเก็ต=phuket เอเชีย=asia จีน=china ญี่ปุ่น=japan
อุตสาหกรรม=industry อินดัสตรี=industry วิศวกรรม=engineering เอ็นจิเนียริ่ง=engineering ก่อสร้าง=construction พัฒนา=development เทคโนโลยี=technology วิทยาศาสตร์=science อิเล็กทรอนิกส์=electronic ไฟฟ้า=electric พลังงาน=energy น้ำมัน=oil ปิโตรเลียม=petroleum แก๊ส=gas ก๊าซ=gas เคมี=chemical ปิโตรเคมี=petrochemical เหล็ก=steel โลหะ=metal ปูนซิเมนต์=cement ปูนซีเมนต์=cement เหมืองแร่=mining
โทรคมนาคม=telecommunication สื่อสาร=communication คอมพิวเตอร์=computer ซอฟต์แวร์=software ซอฟท์แวร์=software ดิจิตอล=digital ดิจิทัล=digital ซิสเต็ม=system ระบบ=system เน็ตเวิร์ค=network ข้อมูล=data
การบิน=airlines สายการบิน=airlines แอร์เวย์ส=airways ขนส่ง=transport โลจิสติกส์=logistics เดินเรือ=shipping ชิปปิ้ง=shipping มารีน=marine รถยนต์=auto ยานยนต์=auto มอเตอร์=motor เครื่องจักร=machinery โรงงาน=factory ผลิต=manufacturing บริการ=service เซอร์วิส=service
อาหาร=food เกษตร=agricultural ยาง=rubber พลาสติก=plastic กระดาษ=paper สิ่งทอ=textile โรงแรม=hotel โรงพยาบาล=hospital การแพทย์=medical เภสัช=pharmaceutical มหาวิทยาลัย=university สถาบัน=institute วิจัย=research กระทรวง=ministry กรม=department สำนักงาน=office องค์การ=organization การ=
เจริญโภคภัณฑ์=charoen/pokphand กสิกร=kasikorn ไทยพาณิชย์=siam/commercial และ=and แห่ง=of ปตท=ptt ซีพี=cp ทรู=true เอไอเอส=ais เอสซีจี=scg
"""

# Compatibility normalisation takes it apart, and dictionaries have it whole.
_APART, _WHOLE = "\u0e4d\u0e32", "\u0e33"


@lru_cache(maxsize=4096)
def read_out(characters: str) -> tuple[str, ...]:
    """The words of a run of characters, as the Royal Institute romanises them; as it is, where all is silent."""
    # It would make a folder in the home of a user, for data that are not needed here, and fail without a home.
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    # Its dictionary takes 2 s and 70 MB, and most processes never need it.
    from pythainlp.tokenize import word_tokenize
    from pythainlp.transliterate.royin import romanize

    read = (romanize(word) for word in word_tokenize(characters.replace(_APART, _WHOLE)))
    return tuple(latin for word in read if (latin := "".join(filter(str.isalnum, word)))) or (characters,)
