"""The normal form of `text` written anew over Python's own Unicode tables: it shares no code with the engine."""

import re
import unicodedata

# Default_Ignorable_Code_Point of Unicode 15, which Python's tables do not have (DerivedCoreProperties.txt).
IGNORABLE = {
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
}  # fmt: skip
APOSTROPHES = set("`´ʹʻʼʽˈˊˋʹ՚׳ߴߵ᾽᾿`´῾‘’‛′‵Ꞌꞌ＇｀")
DASHES = set("\u02d7\u2043\u2053\u207b\u208b\u2212\u2796")
BLANK = set("\x1c\x1d\x1e\x1f\u2800\u0085")
SAME = {"\u0130": "i", "\u0131": "i", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u06aa": "\u0643",
        "\u0640": "", "\ufff9": "", "\ufffa": "", "\ufffb": ""}  # fmt: skip


def one(sign: str) -> str:
    """What one character counts as."""
    if sign in BLANK or sign.isspace():
        return " "
    if sign in SAME:
        return SAME[sign]
    if sign in APOSTROPHES:
        return "'"
    if unicodedata.category(sign) == "Pd" or sign in DASHES:
        return "-"
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    return "" if ord(sign) in IGNORABLE else sign


def step(text: str) -> str:
    forms = "".join(map(one, text))
    forms = re.sub("([i\u012f\u1e2d\u1ecb])\u0307+", r"\1", forms)
    folded = unicodedata.normalize("NFKC", "".join(map(one, forms)).casefold())
    folded = unicodedata.normalize("NFKC", folded.casefold())
    return " ".join(folded.replace("\u2800", " ").split())


def folded(text: str) -> str:
    while True:
        after = step(text)
        if after == text:
            return text
        text = after


def unwrapped(text: str) -> str:
    while True:
        formula = re.fullmatch('="([^"]+)"', text)
        marked = re.fullmatch("' ?([0-9+\\-='].*)", text)
        if formula:
            text = formula.group(1).strip(" ")
        elif marked:
            text = marked.group(1)
        else:
            return text


def is_iban(text: str) -> bool:
    if not re.fullmatch("[a-z]{2}[0-9]{2}[a-z0-9]{11,30}", text):
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def text_form(cell: str) -> str:
    text = unwrapped(folded(cell))
    bare = re.sub("^iban[: .-]*", "", text)
    closed = re.sub("[ .-]", "", bare)
    return closed if is_iban(closed) else text
