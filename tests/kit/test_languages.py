import pytest

from stet.kit.languages import NATIVE_NAMES, RTL_LANGUAGES, direction, native_name, primary


@pytest.mark.parametrize("code", ["ar", "fa", "he", "ur", "ps", "ckb", "FA", "fa-IR", "uz-Arab", "az_Arab_IR", "yi"])
def test_arabic_and_hebrew_scripts_run_from_right_to_left(code):
    assert direction(code) == "rtl"


@pytest.mark.parametrize(
    "code", ["en", "ru", "uk", "be", "ka", "hy", "es", "fr", "de", "ar-Latn", "uz", "az-Latn", "xx"]
)
def test_other_scripts_run_from_left_to_right(code):
    assert direction(code) == "ltr"


def test_a_language_is_called_by_its_own_name():
    assert [native_name(code) for code in ("en", "ru", "fa", "uk", "pt-BR")] == [
        "English", "Русский", "فارسی", "Українська", "Português"
    ]  # fmt: skip


def test_an_unknown_language_is_called_by_its_code():
    assert native_name("tlh") == "tlh"


def test_a_name_in_a_right_to_left_script_belongs_to_a_right_to_left_language():
    in_rtl_letters = {code for code, name in NATIVE_NAMES.items() if "\u0590" <= name[0] <= "\u07bf"}
    assert in_rtl_letters == RTL_LANGUAGES & NATIVE_NAMES.keys()


def test_the_primary_subtag_stands_first():
    assert primary("ZH-hant-TW") == "zh"
