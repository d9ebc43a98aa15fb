"""Letters are printed: their sheets, their lists, and what the private wing reads of them."""

from stet.kit import canonical
from tests.press.builders import House, SmallPaper, a_photo, an_article
from tests.press.letter_builders import a_letter, a_list

LETTER = "/letters/the-week/first/"


def test_a_letter_is_four_sheets_and_its_photos(house: House, paper: SmallPaper) -> None:
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna", lead_photo=a_photo())
    a_letter(a_list(paper.fronts["en"]), stories=(story,))
    house.print()
    for name in ("", "mail.html", "mail.txt", "letter.json"):
        assert "Flood in Lomenna" in house.page(LETTER + name) or name == "letter.json"
    told = canonical.read((house.site / LETTER.lstrip("/") / "letter.json").read_bytes())
    assert [photo["path"] for photo in told["photos"]] == [f"{LETTER}photo-1.jpg"]
    assert house.check().ok
    assert house.verify() == []
