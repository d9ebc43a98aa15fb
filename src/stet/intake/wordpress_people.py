"""The authors of an export become people, by the name that readers saw: no e-mail address and no login is taken."""

from collections.abc import Iterable, Iterator

from stet.intake import records
from stet.intake.report import LossReport
from stet.intake.slugs import clean_slug, free_slug
from stet.intake.web_markup import plain_text
from stet.intake.wordpress_fields import login_of, person_id
from stet.intake.wxr import Element


def authors_of(authors: Iterable[Element], posts: Iterable[Element], report: LossReport) -> dict[str, str]:
    """Login → name of the authors who wrote something and have a name that was shown; the others are accounted for."""
    writing = {login_of(item) for item in posts}
    kept: dict[str, str] = {}
    for author in authors:
        login, name = author.get("wp:author_login"), _name(author)
        if not login or not name or login in kept:
            reason = "named twice, or has no name that was shown"
            report.leave_out("author", person_id(login), name or "an author", reason)
        elif login not in writing:
            report.leave_out("author", person_id(login), name, "wrote no article in this export", name)
        else:
            kept[login] = name
    return kept


def people_of(authors: dict[str, str], *, language: str) -> Iterator[records.Person]:
    """The people, each at an address of its own."""
    slugs: set[str] = set()
    for login, name in authors.items():
        slug = free_slug(clean_slug(name, instead="author"), is_free=lambda one: one not in slugs)
        slugs.add(slug)
        source_id = person_id(login)
        yield records.Person(source_id=source_id, key=source_id, language=language, slug=slug, name=name)


def _name(author: Element) -> str:
    full = " ".join(part for part in (author.get("wp:author_first_name"), author.get("wp:author_last_name")) if part)
    return plain_text(author.get("wp:author_display_name")) or plain_text(full)
