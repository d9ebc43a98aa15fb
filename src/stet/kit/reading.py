"""How long words take to read, by language.

Words a minute of adults who read aloud a short text, IReST (Trauzettel-Klosinski and Dietz, 2012, table 2). Persian is
not among its languages: it takes the figure of Arabic, whose letters it shares.
"""

from stet.kit.languages import primary

WORDS_A_MINUTE = {
    "ar": 138, "de": 179, "en": 228, "es": 218, "fa": 138, "fi": 161, "fr": 195, "he": 187, "it": 188, "nl": 202,
    "pl": 166, "pt": 181, "ru": 184, "sl": 180, "sv": 199, "tr": 166, "zh": 158,
}  # fmt: skip
OF_OTHERS = 184
"""The mean of all languages of that study."""


def words_a_minute(language: str) -> int:
    """Reading speed in a language."""
    return WORDS_A_MINUTE.get(primary(language), OF_OTHERS)


def reading_minutes(words: int, language: str) -> int:
    """Minutes it takes to read so many words, at least one.

    >>> reading_minutes(920, "ru"), reading_minutes(3, "en")
    (5, 1)
    """
    return max(1, round(words / words_a_minute(language)))
