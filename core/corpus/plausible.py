"""How much like people's writing bytes look in an encoding: by which characters come often in the languages it is for.

A guess from a few words needs no more than this: a text in the wrong encoding is made of rare characters.
"""

import re
from collections.abc import Iterable

_LOOKED = 20_000  # characters

# The commonest characters of modern Chinese, simplified and traditional, and the commonest syllables of Korean.
_SIMPLIFIED = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已"
    "工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信"
    "表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才"
    "结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像"
    "难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑爱城风夜花雨春"
    "雪孩读写吃喝红黑谁呢吧吗啊您"
)
_TRADITIONAL = set(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事"
    "成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已"
    "工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信"
    "表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才"
    "結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像"
    "難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運笑愛城風夜花雨春"
    "雪孩讀寫吃喝紅黑誰呢吧嗎啊您妳"
)
_KOREAN = set(
    "이다에는을를의가은고하한로지도서기사으자시나라대인어정리아수보있해들전그것스일부장성안상니조제여만동주공과면구중게와원국"
    "유소오생세신위요우경개연미았회했관장화실방없식문계교용학행내물선습러드마속음반말각분모트당비재물발였적저할또같때됩입합갑녕"
)
_RUSSIAN = set("оеаинтсрвлкмдпу")
_WESTERN = set("éèêëàâäáãåçñöóôõòüùúûíîïìßæøœÉÈÀÂÄÁÅÇÑÖÓÔÜÚÍØÆþðýÞ")
_CENTRAL = set("ąćęłńóśźżáčďéěíňřšťúůýžőűöüäëâăîşţđĺľŕôßĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÖÜÄĐĽ")
_SIGNS = set("“”‘’„–—…«»°€£§©®·¡¿\xa0№™•")  # of the West
_WIDE_SIGNS = re.compile("[\u3000-\u301f\uff01-\uff5e“”‘’—…·]")
_HAN, _KANA, _HANGUL = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")
_CYRILLIC, _LATIN = re.compile("[А-яЁё]"), re.compile("[A-Za-z]")
_FIRST_LEVEL = {
    "gb18030": ("gb2312", 0xD7),
    "big5": ("big5", 0xC6),
}  # the lead bytes of an encoding's common characters
_OFTEN = {"gb18030": _SIMPLIFIED, "big5": _TRADITIONAL}
_RARE = {"cp1250": 0.05}  # of two that fit as well, the one that fewer files are in
_RUN = re.compile(r"(.?)([^\x00-\x7f]+)")


def plausibility(text: str, encoding: str) -> float:
    """About 1 to 2 for a text in its own encoding, below 0.6 for one in another; 0 where there is nothing to judge."""
    text = text[:_LOOKED]
    encoding = {"cp950": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}.get(encoding, encoding)
    if encoding in ("cp1252", "cp1250"):
        weights = _latin(text, _WESTERN if encoding == "cp1252" else _CENTRAL)
    elif encoding in ("koi8_r", "cp1251"):
        weights = _cyrillic(text)
    elif encoding in _OFTEN:
        weights = (_chinese(character, encoding) for character in text if character > "\x7f")
    elif encoding == "euc_kr":
        weights = (_korean(character) for character in text if character > "\x7f")
    elif encoding in ("shift_jis", "euc_jp"):
        weights = (_japanese(character) for character in text if character > "\x7f")
    else:
        weights = (_any(character) for character in text if character > "\x7f")
    found = list(weights)
    return sum(found) / len(found) - _RARE.get(encoding, 0.0) if found else 0.0


def _chinese(character: str, encoding: str) -> float:
    if character in _OFTEN[encoding]:
        return 2.0
    if _HAN.match(character):
        return 0.8 if _is_first_level(character, encoding) else 0.7 if character in _TRADITIONAL else -0.2
    return 1.2 if _WIDE_SIGNS.match(character) else -1.0


def _is_first_level(character: str, encoding: str) -> bool:
    codec, last = _FIRST_LEVEL[encoding]
    data = character.encode(codec, "ignore")
    return len(data) == 2 and data[0] <= last


def _korean(character: str) -> float:
    if _HANGUL.match(character):
        return 2.0 if character in _KOREAN else 0.4
    return 1.0 if _WIDE_SIGNS.match(character) else -0.5


def _japanese(character: str) -> float:
    if _KANA.match(character):
        return 1.6
    if _HAN.match(character):
        return 1.4 if character in _TRADITIONAL or character in _SIMPLIFIED else 0.4
    return 1.2 if _WIDE_SIGNS.match(character) else -0.8


def _cyrillic(text: str) -> Iterable[float]:
    """Capitals stand at the beginning of words, Latin letters in none: not so where another encoding is taken."""
    for before, character, after in zip(" " + text, text, text[1:] + " "):
        if character > "\x7f":
            if _LATIN.match(before) or _LATIN.match(after):
                yield -1.5
            elif not _CYRILLIC.match(character):
                yield 0.8 if character in _SIGNS else -1.5
            elif character.islower():
                yield 1.6 if character in _RUSSIAN else 0.9
            else:
                yield -1.5 if before.islower() else 0.3 if before.isalpha() else 0.9


def _latin(text: str, often: set[str]) -> Iterable[float]:
    """Letters with accents stand alone among others."""
    for _before, run in _RUN.findall(text):
        letters = [character for character in run if character.isalpha()]
        many = -0.7 if len(letters) > 4 or not often.issuperset(letters) else 0.3
        for character in run:
            if character.isalpha():
                yield many if len(letters) > 2 else 1.3 if character in often else -0.4
            else:
                yield 1.2 if character in _SIGNS else -1.2


def _any(character: str) -> float:
    """Of UTF-16, which is for all."""
    if character in _SIMPLIFIED or character in _TRADITIONAL or character in _KOREAN or _KANA.match(character):
        return 1.8
    if _CYRILLIC.match(character) or _WIDE_SIGNS.match(character):
        return 1.2
    return 0.5 if _HAN.match(character) else -1.5
