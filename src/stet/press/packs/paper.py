"""An offline edition as a PDF to print, copy and pin up. WeasyPrint sets it; nothing is fetched while it does."""

from collections.abc import Mapping
from typing import Any

from stet.press.errors import PaperUnavailableError
from stet.press.packs.pages import data_uri
from stet.press.packs.week import Week, photo_key
from stet.theme.setting import Theme


def set_paper(week: Week, theme: Theme, shown: frozenset[str]) -> bytes:
    """The PDF. `shown` are the photos to put in. Raises PaperUnavailableError where a library is missing."""
    try:
        import weasyprint
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PaperUnavailableError(
            "A PDF needs the library Pango, which is not on this machine. Install it (Debian: libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0), or leave the PDF out with --no-pdf."
        ) from error
    uris = {key: data_uri(week.photos[key].body) for key in shown}

    def image(photo: Mapping[str, Any]) -> str:
        return uris.get(photo_key(photo), "")

    html = theme.set_pack("book", week.language, week=week, image=image)
    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data"]))
    body: bytes = document.write_pdf(pdf_identifier=week.site.encode()[:16], pdf_tags=True)
    return body
