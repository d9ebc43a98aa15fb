"""What the attribution assistant finds. Keys are sentences of a paper; what follows is what an editor is offered."""

import pytest

from stet.sourcing.assistant import Modality, SpeechAct, Suggestion, Verb, hedges, languages, suggest

ASSERTS, DENIES, PREDICTS, DECLINES, NO_SIGNS = SpeechAct
FLAT, REPORTEDLY, PURPORTEDLY = Modality

# What is said, and who says so by which verb, from who speaks in the text to the furthest root.
CHAINS = {
    "en": {
        "Around 600 soldiers were killed, according to lawmaker A, who cited intelligence from agency B.": (
            "Around 600 soldiers were killed", [(Verb.SAID, "lawmaker A"), (Verb.CITED, "agency B")]
        ),
        "A document purportedly signed by D was found in the harbour.": ("A document", [(Verb.SIGNED, "D")]),
        "A document purportedly signed by D says that two cranes are lost.": (
            "that two cranes are lost", [(Verb.SAID, "A document purportedly signed by D"), (Verb.SIGNED, "D")]
        ),
        "The deaths were officially confirmed in April.": ("The deaths", [(Verb.CONFIRMED, None)]),
        "The Lantern reported, citing two officials, that the dam is safe.": (
            "that the dam is safe", [(Verb.SAID, "The Lantern"), (Verb.CITED, "two officials")]
        ),
        "The dam is safe, the Lantern said, citing two officials.": (
            "The dam is safe", [(Verb.SAID, "the Lantern"), (Verb.CITED, "two officials")]
        ),
        "Lena Marsh, quoted by the Herald, said the count was over.": (
            "the count was over", [(Verb.CITED, "the Herald"), (Verb.SAID, "Lena Marsh")]
        ),
        "Mara Quist, the mayor, said that the harbour was shut.": (
            "that the harbour was shut", [(Verb.SAID, "Mara Quist, the mayor")]
        ),
        "The harbour is shut, said Mara Quist, who runs the city.": (
            "The harbour is shut", [(Verb.SAID, "Mara Quist, who runs the city")]
        ),
        "“We left,” Reed told reporters on Monday.": ("“We left,”", [(Verb.TOLD, "Reed")]),
        "“It works,” he said, “but not for long.”": ("“It works,” he said, “but not for long.”", [(Verb.SAID, "he")]),
        "The harbour, Quist insisted, would open in May.": (
            "The harbour, Quist insisted, would open in May", [(Verb.SAID, "Quist")]
        ),
        "On Friday, the court ruled that the letters may be printed.": (
            "that the letters may be printed", [(Verb.SAID, "the court")]
        ),
        "The letters were leaked by a former clerk.": ("The letters", [(Verb.LEAKED, "a former clerk")]),
        "According to doctors, four men are in hospital.": ("four men are in hospital", [(Verb.SAID, "doctors")]),
        "Polls show a close contest in Halt.": ("a close contest in Halt", [(Verb.SAID, "Polls")]),
        "Said Reed: “It is over.”": ("“It is over.”", [(Verb.SAID, "Reed")]),
    },
    "ru": {
        "Около 600 военных погибли, сообщила депутат А, сославшись на разведку Б.": (
            "Около 600 военных погибли", [(Verb.SAID, "депутат А"), (Verb.CITED, "разведку Б")]
        ),
        "Газета «Фонарь» сообщила со ссылкой на двух инженеров, что сигнализация отключена.": (
            "что сигнализация отключена", [(Verb.SAID, "Газета «Фонарь»"), (Verb.CITED, "двух инженеров")]
        ),
        "Результат был официально подтверждён в апреле.": ("Результат", [(Verb.CONFIRMED, None)]),
        "По словам полковника Рида, фронт не двигался.": ("фронт не двигался", [(Verb.SAID, "полковника Рида")]),
        "Переговоры, по мнению экспертов, затянутся.": (
            "Переговоры, по мнению экспертов, затянутся", [(Verb.SAID, "экспертов")]
        ),
        "«Мы ушли», — сказал Рид журналистам.": ("«Мы ушли»", [(Verb.SAID, "Рид журналистам")]),
        "Как пишет газета, деньги ушли фирме.": ("деньги ушли фирме", [(Verb.SAID, "газета")]),
        "Мэр заявила, что гавань закрыта.": ("что гавань закрыта", [(Verb.SAID, "Мэр")]),
        "Пострадали девять рабочих, сообщили в мэрии.": ("Пострадали девять рабочих", [(Verb.SAID, "в мэрии")]),
    },
}  # fmt: skip

# What is said, and what is done with it: act and modality.
ACTS = {
    "C could send more troops this month; the Defence Ministry sees no signs.": (
        "C could send more troops this month", NO_SIGNS, FLAT
    ),
    "The army has seen no signs of a retreat.": ("a retreat", NO_SIGNS, FLAT),
    "The ministry denied the report on Monday.": ("the report", DENIES, FLAT),
    "Reed denies that he signed.": ("that he signed", DENIES, FLAT),
    "The firm declined to comment.": ("to comment", DECLINES, FLAT),
    "The firm did not respond to a request for comment.": ("a request for comment", DECLINES, FLAT),
    "Bakers predict that bread will cost more.": ("that bread will cost more", PREDICTS, FLAT),
    "The clerk reportedly told the court that he lied.": ("that he lied", ASSERTS, REPORTEDLY),
    "A list purportedly leaked by a clerk was printed.": ("A list", ASSERTS, PURPORTEDLY),
    "The man allegedly left by boat.": ("The man allegedly left by boat", ASSERTS, PURPORTEDLY),
    "Министерство не видит признаков наступления.": ("наступления", NO_SIGNS, FLAT),
    "Ведомство опровергло сообщение.": ("сообщение", DENIES, FLAT),
    "Компания отказалась от комментариев.": ("комментариев", DECLINES, FLAT),
    "Дым якобы дошёл до деревень.": ("Дым якобы дошёл до деревень", ASSERTS, PURPORTEDLY),
    "Аналитики прогнозируют долгие переговоры.": ("долгие переговоры", PREDICTS, FLAT),
}  # fmt: skip

NOTHING_IS_ASCRIBED_IN = {
    "en": [
        "The road to Drenov has been closed since Sunday.",
        "Turnout was 61 percent, two points lower than five years ago.",
        "The alleged robber is 34.",
        "Reports of the accident filled the front page.",
        "She read “The Lantern” every day.",
        "What do you say?",
    ],
    "ru": [
        "Дорога на Дренов закрыта с воскресенья.",
        "Газета «Фонарь» выходит по пятницам.",
        "Зима в долине наступает рано.",
    ],
}  # fmt: skip


def the_words(text: str, suggestion: Suggestion) -> tuple[str, list[tuple[Verb, str | None]]]:
    """A suggestion in words: what is said, and each link."""
    return text[suggestion.content.start : suggestion.content.end], [
        (link.verb, text[link.source.start : link.source.end] if link.source else None) for link in suggestion.links
    ]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, table in CHAINS.items() for text in table]
)
def test_who_says_what_citing_whom_is_found(language, text):
    found = [the_words(text, one) for one in suggest(text, language=language)]
    assert found == [CHAINS[language][text]]


@pytest.mark.parametrize("text", ACTS)
def test_what_a_source_does_with_it_and_how_sure_the_text_is_are_found(text):
    [found] = suggest(text, language="en" if text.isascii() else "ru")
    said = text[found.content.start : found.content.end]
    assert (said, found.speech_act, found.modality) == ACTS[text]


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in NOTHING_IS_ASCRIBED_IN.items() for text in texts]
)
def test_a_sentence_without_a_source_gives_nothing(language, text):
    assert suggest(text, language=language) == ()


def test_a_cue_is_the_verb_with_its_adverb_not_the_adverb_alone():
    text = "The deaths were officially confirmed in April."
    [found] = suggest(text, language="en")
    assert text[found.cue.start : found.cue.end] == "were officially confirmed"


def test_cue_and_source_of_a_suggestion_are_those_of_its_first_link():
    [found] = suggest("It is over, said Reed, who cited Quist.", language="en")
    assert (found.cue, found.source) == (found.links[0].cue, found.links[0].source)


def test_a_quotation_after_a_quotation_has_the_same_source():
    text = "“We left,” said Tomas Reed, a baker. “Nobody stayed. Not one.” The road was empty."
    found = [the_words(text, one) for one in suggest(text, language="en")]
    assert found == [
        ("“We left,”", [(Verb.SAID, "Tomas Reed, a baker")]),
        ("“Nobody stayed. Not one.”", [(Verb.SAID, "Tomas Reed, a baker")]),
    ]


def test_what_a_source_says_that_another_said_is_offered_with_one_link_and_with_two():
    text = "The agency said a guard had told it that two men were hurt."
    found = [the_words(text, one) for one in suggest(text, language="en")]
    assert found == [
        ("a guard had told it that two men were hurt", [(Verb.SAID, "The agency")]),
        ("that two men were hurt", [(Verb.SAID, "The agency"), (Verb.TOLD, "a guard")]),
    ]


def test_beliefs_and_plans_are_found_only_when_asked_for():
    text = "Farmers believe the lake will dry up. The union plans to strike."
    assert suggest(text, language="en") == ()
    assert len(suggest(text, language="en", attitudes=True)) == 2


def test_hedges_are_found_in_both_languages():
    english = "The man, allegedly armed, reportedly fled by some accounts."
    russian = "По неподтверждённым данным, он якобы уехал; причиной, предположительно, стал пожар."
    assert [english[span.start : span.end] for span in hedges(english, language="en")] == [
        "allegedly", "reportedly", "by some accounts"
    ]  # fmt: skip
    assert [russian[span.start : span.end] for span in hedges(russian, language="ru")] == [
        "По неподтверждённым данным", "якобы", "предположительно"
    ]  # fmt: skip


def test_a_language_without_a_table_gives_nothing():
    assert suggest("“Ja”, sagte er.", language="de") == ()
    assert hedges("angeblich", language="de") == ()


def test_a_language_is_known_by_its_primary_subtag():
    text = "It is over, said Reed."
    assert languages() == ("en", "ru")
    assert suggest(text, language="en-GB") == suggest(text, language="EN_us") == suggest(text, language="en") != ()


def test_offsets_count_characters_of_the_text_as_given():
    text = "\u200f𝔘 stood there.\r\n\r\n“Да — yes,” said Reed."
    [found] = suggest(text, language="en")
    assert text[found.content.start : found.content.end] == "“Да — yes,”"
