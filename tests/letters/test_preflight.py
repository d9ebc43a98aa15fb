"""What is found before a letter goes out, and what of it stops the letter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from stet.letters.preflight import (
    CLIPPED_BYTES,
    Chosen,
    Colours,
    Draft,
    Finding,
    Level,
    Link,
    LinkState,
    Neighbour,
    Passage,
    Story,
    StoryState,
    preflight,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_draft(**changed: Any) -> Draft:
    """A letter nothing is wrong with."""
    values = {"subject": "A flood in Lomenna", "preheader": "And what came after.", "due": DUE}
    return Draft(**{**values, **changed})


def words(text: str) -> Draft:
    return a_draft(passages=(Passage(anchor="#block-1-section", words=text),))


def link(state: LinkState) -> Draft:
    return a_draft(links=(Link(anchor="#block-1-section", words="here", state=state),))


def story(state: StoryState = StoryState.PUBLISHED, **values: Any) -> Draft:
    return a_draft(stories=(Story(anchor="#block-1-section", headline="The dam", state=state, **values),))


def chosen(**values: Any) -> Draft:
    return a_draft(appeals=(Chosen(**{"anchor": "#block-1-section", "name": "Spring", **values}),))


def told(draft: Draft, *, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(finding.level.value, finding.sentence) for finding in preflight(draft, now=now)]


BLOCKS, WARNS = "blocking", "warning"
PASSED = "The moment to send this letter has passed: %s, where it is %s now."

CASES: dict[str, tuple[Draft, list[tuple[str, str]]]] = {
    "nothing is wrong": (a_draft(), []),
    "no subject": (a_draft(subject="  "), [(BLOCKS, "The subject is missing.")]),
    "a subject nobody wrote": (
        a_draft(subject="The Week, 27 November", given_subject="The Week, 27 November"),
        [(WARNS, "The subject says only which list this is and when. Say what is in the letter.")],
    ),
    "a subject of 78 characters": (a_draft(subject="x" * 78), []),
    "a subject of 79 characters": (
        a_draft(subject="x" * 79),
        [(WARNS, "The subject has 79 characters; mail programs show no more than 78, phones about 40.")],
    ),
    "no preheader": (
        a_draft(preheader=""),
        [(WARNS, "The preheader is missing. Mail programs show the first words of the letter instead.")],
    ),
    "a long preheader": (
        a_draft(preheader="x" * 141),
        [(WARNS, "The preheader has 141 characters; no mail program shows more than 140.")],
    ),
    "an empty letter": (
        a_draft(has_body=False),
        [(BLOCKS, "There is nothing in this letter yet. Gather stories, or write something.")],
    ),
    "a letter without a day": (a_draft(due=None), [(BLOCKS, "There is no day on which the letter is sent.")]),
    "a letter without a day that is only printed": (a_draft(due=None, is_sent=False), []),
    "a moment that has passed": (
        a_draft(due=NOW),
        [(BLOCKS, PASSED % ("Nov. 25, 2026, 12:00 in UTC", "Nov. 25, 2026, 12:00"))],
    ),
    "a moment that has passed by the clock of the list": (
        a_draft(due=NOW - 10 * HOUR, zone="America/New_York"),
        [(BLOCKS, PASSED % ("Nov. 24, 2026, 21:00 in America/New_York", "Nov. 25, 2026, 07:00"))],
    ),
    "a moment that has passed, of a letter that is only printed": (a_draft(due=NOW, is_sent=False), []),
    "a moment that has passed, of a letter that went out": (a_draft(due=NOW, is_published=True), []),
    "a moment that has passed for the first readers": (
        a_draft(first_due=NOW - HOUR),
        [(WARNS, "In the time zones of some readers this moment has passed. They get the letter at once.")],
    ),
    "a letter that goes live too late": (
        a_draft(goes_live=DUE + HOUR),
        [(BLOCKS, "The letter goes live after it is to be sent: Nov. 27, 2026, 09:00 in UTC. Change one of the two.")],
    ),
    "a letter that is taken down too early": (
        a_draft(expires=DUE),
        [
            (
                BLOCKS,
                "The letter is taken down before it is to be sent: Nov. 27, 2026, 08:00 in UTC. Change one of the two.",
            )
        ],
    ),
    "a letter that is taken down later": (a_draft(expires=DUE + HOUR), []),
    "a letter of a list that is a draft": (
        a_draft(list_url="/pages/7/edit/"),
        [(BLOCKS, "The list of this letter is not published. Publish it first.")],
    ),
    "a letter that goes live in time": (a_draft(goes_live=DUE), []),
    "another letter 59 minutes later": (
        a_draft(neighbours=(Neighbour(subject="Daily", due=DUE + timedelta(minutes=59)),)),
        [(WARNS, "“Daily” of the same list is sent within an hour of this letter.")],
    ),
    "another letter an hour before": (a_draft(neighbours=(Neighbour(subject="Daily", due=DUE - HOUR),)), []),
    "a story that is published": (story(), []),
    "a story that is not": (
        story(StoryState.UNPUBLISHED),
        [(BLOCKS, "The story “The dam” is not published.")],
    ),
    "a story that is gone": (
        story(StoryState.DELETED),
        [(BLOCKS, "A picked story was deleted. Take it out, or choose another one.")],
    ),
    "a story that comes before the letter": (
        story(StoryState.SCHEDULED, goes_live=DUE - HOUR),
        [
            (
                WARNS,
                "The story “The dam” is published shortly before the letter is sent. Until then the letter is printed "
                "without it.",
            )
        ],
    ),
    "a story that comes after the letter": (
        story(StoryState.SCHEDULED, goes_live=DUE),
        [(BLOCKS, "The story “The dam” is published only after the letter is sent.")],
    ),
    "a story that stands twice": (
        story(is_repeated=True),
        [(WARNS, "The story “The dam” stands in the letter twice.")],
    ),
    "an appeal that may ask": (chosen(first_day=DUE.date(), last_day=DUE.date()), []),
    "an appeal that was deleted": (
        chosen(name=""),
        [(BLOCKS, "The chosen appeal was deleted. Choose another one, or write your own.")],
    ),
    "an appeal that is a draft": (
        chosen(is_published=False),
        [(BLOCKS, "The appeal “Spring” is not published: the letter is printed without it.")],
    ),
    "an appeal in another language": (
        chosen(is_in_language=False),
        [(BLOCKS, "The appeal “Spring” is in another language than the letter.")],
    ),
    "an appeal that is over before the letter is sent": (
        chosen(last_day=DUE.date() - timedelta(days=1)),
        [(BLOCKS, "The appeal “Spring” is over before the letter is sent: its last day is Nov. 26, 2026.")],
    ),
    "an appeal that was over when the letter went out": (
        replace(chosen(last_day=NOW.date() - timedelta(days=3)), due=NOW - HOUR, is_published=True),
        [(WARNS, "The appeal “Spring” is over before the letter is sent: its last day is Nov. 22, 2026.")],
    ),
    "an appeal that begins only later": (
        chosen(first_day=DUE.date() + timedelta(days=1)),
        [(WARNS, "The appeal “Spring” begins only after the letter is sent: its first day is Nov. 28, 2026.")],
    ),
    "an appeal whose last day is a day by the list's own clock": (
        replace(chosen(last_day=DUE.date()), due=DUE.replace(hour=23), zone="Asia/Tokyo"),
        [(BLOCKS, "The appeal “Spring” is over before the letter is sent: its last day is Nov. 27, 2026.")],
    ),
    "a photo without words": (
        story(photo_lacks_words=True),
        [(BLOCKS, "The photo of “The dam” has no alternative text: who can't see it, is told nothing.")],
    ),
    "a photo that may not stand in letters": (
        story(photo_is_kept_out=True),
        [(BLOCKS, "The photo of “The dam” may not stand in newsletters. Choose another one, or none.")],
    ),
    "a photo whose last day comes before the letter": (
        story(photo_until=DUE.date() - timedelta(days=1)),
        [(BLOCKS, "The photo of “The dam” may be used until Nov. 26, 2026, and the letter is sent later.")],
    ),
    "a photo whose last day is that of the letter": (story(photo_until=DUE.date()), []),
    "a link to a draft": (
        link(LinkState.UNPUBLISHED),
        [(BLOCKS, "The link “here” leads to a page that is not published.")],
    ),
    "a link to nothing": (
        link(LinkState.UNKNOWN),
        [(BLOCKS, "The link “here” leads to an address of this paper where nothing stands.")],
    ),
    "a link that is none": (
        link(LinkState.MALFORMED),
        [(BLOCKS, "The link “here” has an address that no mail program can follow.")],
    ),
    "a link to somebody else": (link(LinkState.ELSEWHERE), []),
    "a link to ourselves": (link(LinkState.KNOWN), []),
    "a mail as large as Gmail shows": (a_draft(mail_bytes=CLIPPED_BYTES), []),
    "a mail that Gmail clips": (
        a_draft(mail_bytes=CLIPPED_BYTES + 1),
        [
            (
                WARNS,
                "The mail has 103 KB without its photos. Gmail cuts it off after 102 KB, and with it the link to "
                "unsubscribe. Take something out.",
            )
        ],
    ),
    "a mail that can't be set": (
        a_draft(mail_error="A photo is damaged."),
        [(BLOCKS, "This letter can't be set as a mail: A photo is damaged.")],
    ),
    "a colour that can be read": (a_draft(colours=(Colours(name="quiet", contrast=4.5),)), []),
    "a colour that can't": (
        a_draft(colours=(Colours(name="quiet, dark", contrast=4.4),)),
        [
            (
                WARNS,
                "The theme's colour “quiet, dark” is too faint in the mail. Whoever looks after the theme can mend it.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_preflight_says_of(case: str) -> None:
    draft, expected = CASES[case]
    assert told(draft) == expected


LEFT_IN: dict[str, str | None] = {
    "The river rose TKTK metres.": BLOCKS,
    "Lorem ipsum dolor sit amet": BLOCKS,
    "He said [TK: his words] and left.": BLOCKS,
    "Лорем ипсум": BLOCKS,
    "Он сказал [уточнить, что] и ушёл.": BLOCKS,
    "ТКТК человек": BLOCKS,
    "لورم ایپسوم متن ساختگی": BLOCKS,
    "او گفت [تکمیل شود] و رفت.": BLOCKS,
    "The river rose TK metres.": WARNS,
    "TODO ask Lida": WARNS,
    "XXX people": WARNS,
    "ХХХ человек": WARNS,
    "Кто это???": WARNS,
    "چند نفر؟؟؟": WARNS,
    "Flight tk 1234, and Atkins": None,
    "ТК РФ, статья 80": None,
    "Он просил уточнить сумму.": None,
    "Это можно (проверить самим) и (ТК РФ)": None,
    "Really?": None,
    "Louis XX": None,
    "متن باید تکمیل شود.": None,
    "": None,
}


@pytest.mark.parametrize("text", LEFT_IN)
def test_what_was_left_to_be_filled_in_is_found(text: str) -> None:
    assert [level for level, _ in told(words(text))] == ([LEFT_IN[text]] if LEFT_IN[text] else [])


def test_what_was_left_in_is_shown_with_the_words_around_it() -> None:
    long = "The water came in the night. " * 5 + "It rose TKTK metres in an hour. " + "Nobody slept. " * 5
    sentence = told(words(long))[0][1]
    assert sentence == "Something was left to be filled in: “…the night. It rose TKTK metres in an hour.…”."


@pytest.mark.parametrize("field", ["subject", "preheader"])
def test_subject_and_preheader_are_read_too(field: str) -> None:
    (finding,) = preflight(a_draft(**{field: "It rose TKTK metres"}), now=NOW)
    assert finding.anchor == ("#id_title" if field == "subject" else "#id_preheader")


def test_what_blocks_is_told_first() -> None:
    levels = [level for level, _ in told(a_draft(preheader="", has_body=False))]
    assert levels == [BLOCKS, WARNS]


def test_nothing_blocks_a_mend_of_a_letter_that_went_out() -> None:
    gone = story(StoryState.UNPUBLISHED, photo_lacks_words=True)
    sent = Draft(**{name: getattr(gone, name) for name in gone.__dataclass_fields__} | {"is_published": True})
    assert BLOCKS in [level for level, _ in told(sent)]
    assert [level for level, _ in told(sent, now=DUE)] == [WARNS, WARNS]


def test_a_finding_says_whether_it_blocks() -> None:
    assert Finding(level=Level.BLOCKING, sentence="x", anchor="#x").is_blocking
    assert not Finding(level=Level.WARNING, sentence="x", anchor="#x").is_blocking


def test_a_search_for_what_was_left_in_takes_no_time_over_a_long_text() -> None:
    began = datetime.now(UTC)
    told(words("[TK" * 200_000 + "TK" * 200_000 + "?" * 200_000))
    assert datetime.now(UTC) - began < timedelta(seconds=2)
