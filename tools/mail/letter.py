"""The letter that is sent: 32 KB of Russian in two parts, with four places for a reader's own addresses."""

from datetime import UTC, datetime

from stet.mailroom.frozen import MANAGE, UNSUBSCRIBE, FrozenMessage

WANTED_BYTES = 32_768
SUBJECT, FROM_NAME = "Неделя: отобрано вручную", "Дальний берег"
_WORDS = (
    "В пятницу редакция собрала то, что за неделю прочитали внимательнее всего: о воде и реке, о школе в селе, о суде, "
    "который снова перенесли, и о людях, которые вернулись и рассказали сами. "
)


def bodies() -> tuple[bytes, bytes]:
    """HTML and text of the letter, of which a copy with its headers has about 32 KB."""
    paragraphs = 1
    while _message(*_parts(paragraphs)).size_bytes < WANTED_BYTES - 400:
        paragraphs += 1
    return _parts(paragraphs)


def a_letter() -> FrozenMessage:
    """The letter, ready to be copied."""
    return _message(*bodies())


def _message(html: bytes, text: bytes) -> FrozenMessage:
    return FrozenMessage.build(
        html=html, text=text, subject=SUBJECT, from_name=FROM_NAME, sender="letters@example.org",
        date=datetime(2026, 11, 27, 8, tzinfo=UTC), language="ru", list_key="ru.the-week", list_name="Неделя",
        list_host="letters.example.org", feedback_id="202611:the-week:letter:stet1",
    )  # fmt: skip


def _parts(paragraphs: int) -> tuple[bytes, bytes]:
    return _html(paragraphs), _text(paragraphs // 2)


def _text(paragraphs: int) -> bytes:
    lines = [_WORDS] * paragraphs + [f"Отписаться: {UNSUBSCRIBE.decode()}", f"Настроить: {MANAGE.decode()}", ""]
    return "\n\n".join(lines).encode()


def _html(paragraphs: int) -> bytes:
    block = (
        '<tr><td style="padding:0 24px;font-family:Georgia,serif;font-size:16px;line-height:1.5"><p>{}</p></td></tr>\n'
    )
    links = (
        f'<a href="{UNSUBSCRIBE.decode()}">Отписаться одним нажатием</a> · <a href="{MANAGE.decode()}">Настроить</a>'
    )
    rows = "".join(block.format(_WORDS) for _ in range(paragraphs)) + block.format(links)
    page = (
        '<!doctype html>\n<html lang="ru"><head><title>Неделя</title></head><body>\n<table>{}</table>\n</body></html>\n'
    )
    return page.format(rows).encode()
