"""An offline edition as a ZIP of pages, each signed, each with its pictures in it.

    offline-ru-2026-11-26/index.html        what is in it, and how to check it
    offline-ru-2026-11-26/01-the-slug.html  an article
    .well-known/stet/root/1.json …          the site's roots, so that the pages' signatures can be checked anywhere

Unpacked, it opens in any browser from the disk. A page is signed for the path that it has in the ZIP, which no page of
the site has: it can't be shown in the place of one.
"""

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from stet.edition.keys import Signer
from stet.edition.page_signature import sign_page
from stet.edition.sheet import WELL_KNOWN
from stet.press.packs.week import Week, photo_key
from stet.theme.setting import Theme


def pack_pages(week: Week, theme: Theme, shown: frozenset[str], *, signer: Signer, proof: Mapping[str, bytes]) -> bytes:
    """The ZIP. `shown` are the photos to put in; `proof` are the files that go with it below /.well-known/stet."""
    folder = f"offline-{week.language}-{week.last.isoformat()}"
    uris = {key: data_uri(week.photos[key].body) for key in shown}

    def image(photo: Mapping[str, Any]) -> str:
        return uris.get(photo_key(photo), "")

    pages = {"index.html": theme.set_pack("page", week.language, week=week, article=None, image=image)}
    around = [None, *week.articles, None]
    for before, article, after in zip(around[:-2], week.articles, around[2:], strict=True):
        pages[article["file"]] = theme.set_pack(
            "page", week.language, week=week, article=article, before=before, after=after, image=image
        )
    files = {f"{WELL_KNOWN[1:]}/{name}": body for name, body in proof.items()}
    revisions = {article["file"]: article["revision"] for article in week.articles}
    for name, html in pages.items():
        path = f"/{folder}/{name}"
        revision = revisions.get(name, str(week.seq))
        files[path[1:]] = sign_page(
            html.encode(), path=path, revision=revision, time=week.moment, site=week.site, signer=signer
        )
    return zipped(files, week.moment)


def data_uri(body: bytes) -> str:
    """A JPEG as an address that holds it."""
    return f"data:image/jpeg;base64,{b64encode(body).decode('ascii')}"


def zipped(
    files: Mapping[str, bytes], moment: datetime, *, stored: Callable[[str], bool] = lambda _name: False
) -> bytes:
    """The same bytes for the same files: in their order, with one time and no owner."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_STORED if stored(name) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, compresslevel=9)
    return made.getvalue()
