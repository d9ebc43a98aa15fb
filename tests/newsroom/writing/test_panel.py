"""Which forms of the desk have the panel "Writing"."""

import re

from django.test import Client

from stet.appeals.models import SupportPage
from tests.letters.builders import a_letter, a_list
from tests.press.builders import SmallPaper, an_article

CONFIG = re.compile(r'<script id="stet-writing-config" type="application/json">(.*?)</script>', re.DOTALL)


def test_every_page_that_is_written_in_has_the_panel_and_each_form_a_copy_of_its_own(
    admin_client: Client, paper: SmallPaper
) -> None:
    story = an_article(paper.sections["en"][0], "flood")
    the_list = a_list(paper, "The Week")
    letter = a_letter(the_list, "The flood", live=False)
    support = paper.fronts["en"].add_child(
        instance=SupportPage(
            title="Support", slug="support", locale=paper.fronts["en"].locale, letter="<p>Help.</p>",
            statement_label="THE PAPER",
        )
    )  # fmt: skip
    pages = [
        paper.fronts["en"],
        paper.sections["en"][0],
        paper.topics["en"],
        paper.about,
        story,
        the_list,
        letter,
        support,
    ]
    forms = [admin_client.get(f"/pages/{page.pk}/edit/").content.decode() for page in pages]
    forms.append(admin_client.get(f"/pages/add/letters/letterpage/{the_list.pk}/").content.decode())
    told = [CONFIG.findall(form) for form in forms]
    assert [len(found) for found in told] == [1] * 9
    assert len({re.search(r'"form": "([^"]+)"', found[0])[1] for found in told}) == 9  # type: ignore[index]
    assert all("newsroom/writing/offline.js" in form for form in forms)
