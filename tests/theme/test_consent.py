"""What a reader accepts: one sentence, the same wherever it stands."""

import hashlib

import pytest

from stet.theme.consent import consent

TEXTS = {
    "en": "By signing up you accept our privacy policy (version 2).",
    "ru": "Подписываясь, вы принимаете нашу политику конфиденциальности (версия 2).",
    "fa": "با نام\u200cنویسی، سیاست حریم خصوصی ما (نسخهٔ ۲) را می\u200cپذیرید.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_sentence_names_the_policys_version(language: str) -> None:
    accepted = consent(language, policy_path="/privacy/", policy_version="2")

    assert accepted.text == TEXTS[language]
    assert accepted.version == hashlib.sha256(accepted.text.encode()).hexdigest()[:16]
    assert accepted.html.replace('<a href="/privacy/">', "").replace("</a>", "") == accepted.text


def test_another_version_of_the_policy_is_another_wording() -> None:
    one, two = (consent("en", policy_path="/privacy/", policy_version=version) for version in "12")

    assert one.version != two.version


def test_a_paper_without_a_policy_says_what_is_sent() -> None:
    assert consent("en").html == "By signing up you agree to get this letter by e-mail."


def test_a_policy_without_a_version_is_named_without_one() -> None:
    assert consent("en", policy_path="/privacy/").text == "By signing up you accept our privacy policy."


def test_a_version_is_escaped() -> None:
    assert "<b>" not in consent("en", policy_path='/"><b>/', policy_version="<b>").html
