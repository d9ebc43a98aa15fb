"""A draft as it is shown to somebody outside: its text in one piece, photos inside, nothing of the page around it."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path

from stet.newsroom.models import ArticlePage
from stet.newsroom.sharing.text import SharedText
from stet.press.articles import corrections, update_notes
from stet.press.body import body_copy
from stet.press.facts import facts_of
from stet.press.job import Reading
from stet.press.preview import at_the_desk, draft_row
from stet.press.richtext import clean_line
from stet.theme.feed_body import feed_html


def shared_text(page: ArticlePage) -> SharedText:
    """A draft's words as the press would print them. Links lead to the paper, photos lie in the text."""
    with at_the_desk(lambda world: world) as reading:
        row = draft_row(page, reading.world)
        facts = facts_of(row, reading.world)
        resolve = reading.resolver()
        site = reading.site(facts.language)
        photo = reading.photo_row(row.photo_id)
        lead = None
        if photo is not None:
            caption = clean_line(row.lead_caption, resolve) or clean_line(photo.caption.replace("<", "&lt;"), resolve)
            lead = reading.materials.photo_store.copy(photo, alt=facts.alt, caption_html=caption)
        blocks = body_copy(row.blocks(), reading, resolve)
        pieces = [feed_html((), base_url=site.base_url, lead=lead)]
        pieces += [feed_html([block], base_url=site.base_url, language=facts.language) for block in blocks]
        pieces += [note.text_html for note in update_notes(row, reading)]
        pieces += [note.text_html for note in corrections(row, reading)]
        return SharedText(
            language=facts.language,
            direction=site.language.direction,
            headline=facts.headline,
            standfirst=facts.standfirst,
            dateline=facts.dateline,
            bylines=tuple(byline.name for byline in reading.bylines(facts.bylines)),
            pieces=tuple(_with_photos(piece, site.base_url, reading) for piece in pieces if piece),
            at=datetime.now(UTC),
        )


def _with_photos(html: str, base_url: str, reading: Reading) -> str:
    """Photos of the paper as data: what is shown outside loads nothing."""
    folder = Path(reading.materials.photo_store.folder)
    pattern = rf'src="{re.escape(base_url)}/media/([0-9a-f]{{2}})([0-9a-f]{{18}})-([0-9]+\.jpg)"'

    def inlined(found: re.Match[str]) -> str:
        start, rest, file = found.groups()
        for place in sorted((folder / start).glob(f"{start}{rest}*")):
            body = base64.b64encode((place / file).read_bytes()).decode("ascii")
            return f'src="data:image/jpeg;base64,{body}"'
        return 'src=""'

    return re.sub(pattern, inlined, html)
