"""What a page must know of its language: the direction of its script, its digits, and the name it has for itself.

Codes are BCP 47 (RFC 5646), such as "fa", "pt-BR" or "uz-Arab". A script subtag decides the direction; without one,
the primary subtag does, by the script that language is usually written in (CLDR's likely subtags).
"""

from typing import Literal

Direction = Literal["ltr", "rtl"]

RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "glk", "he", "ks", "lrc", "mzn", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)

# Each language's name in itself, written as it stands in a list, as in CLDR's "self" names.
NATIVE_NAMES = {
    "ar": "العربية", "az": "Azərbaycanca", "be": "Беларуская", "bg": "Български", "bn": "বাংলা", "bs": "Bosanski",
    "ca": "Català", "ckb": "کوردیی ناوەندی", "cs": "Čeština", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά",
    "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "ha": "Hausa",
    "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "hy": "Հայերեն", "id": "Bahasa Indonesia",
    "it": "Italiano", "ja": "日本語", "ka": "ქართული", "kk": "Қазақша", "km": "ខ្មែរ", "ko": "한국어", "ku": "Kurdî",
    "ky": "Кыргызча", "lo": "ລາວ", "lt": "Lietuvių", "lv": "Latviešu", "mk": "Македонски", "mn": "Монгол",
    "ms": "Bahasa Melayu", "my": "မြန်မာ", "ne": "नेपाली", "nl": "Nederlands", "no": "Norsk", "pl": "Polski",
    "ps": "پښتو", "pt": "Português", "ro": "Română", "ru": "Русский", "si": "සිංහල", "sk": "Slovenčina",
    "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili", "ta": "தமிழ்",
    "tg": "Тоҷикӣ", "th": "ไทย", "ti": "ትግርኛ", "am": "አማርኛ", "tk": "Türkmençe", "tr": "Türkçe", "ug": "ئۇيغۇرچە",
    "uk": "Українська", "ur": "اردو", "uz": "Oʻzbekcha", "vi": "Tiếng Việt", "zh": "中文",
}  # fmt: skip

# Where digits are not those of ASCII: 0 to 9.
DIGITS = {
    "fa": "۰۱۲۳۴۵۶۷۸۹", "ps": "۰۱۲۳۴۵۶۷۸۹", "ur": "۰۱۲۳۴۵۶۷۸۹", "ar": "٠١٢٣٤٥٦٧٨٩", "ckb": "٠١٢٣٤٥٦٧٨٩",
}  # fmt: skip
_DIGIT_TABLES = {code: str.maketrans("0123456789", digits) for code, digits in DIGITS.items()}


def primary(code: str) -> str:
    """The primary subtag of a BCP 47 code, in lower case.

    >>> primary("pt-BR")
    'pt'
    """
    return code.replace("_", "-").split("-")[0].lower()


def direction(code: str) -> Direction:
    """Which way text in this language runs; "ltr" where the language is not known.

    >>> direction("fa"), direction("uz-Arab"), direction("ru")
    ('rtl', 'rtl', 'ltr')
    """
    script = next((subtag.lower() for subtag in code.replace("_", "-").split("-")[1:] if len(subtag) == 4), None)
    if script is not None:
        return "rtl" if script in RTL_SCRIPTS else "ltr"
    return "rtl" if primary(code) in RTL_LANGUAGES else "ltr"


def native_name(code: str) -> str:
    """The language's name in itself; the code where the name is not known.

    >>> native_name("ru"), native_name("tlh")
    ('Русский', 'tlh')
    """
    return NATIVE_NAMES.get(primary(code), code)


def native_digits(text: str, code: str) -> str:
    """The text with its digits written as the language writes them.

    >>> native_digits("27.11.2026", "fa"), native_digits("27.11.2026", "ru")
    ('۲۷.۱۱.۲۰۲۶', '27.11.2026')
    """
    table = _DIGIT_TABLES.get(code)
    return text.translate(table) if table else text
