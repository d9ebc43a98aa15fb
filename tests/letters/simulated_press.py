"""A press for the desk's tests: it sets a mail out of the letter's own words, and nothing else."""

from email.message import EmailMessage
from typing import Any

from stet.kit.errors import BrokenError

UNSET = "This can not be set"
"""A subject that this press fails on."""


def preview_mail(page: Any) -> EmailMessage:
    """Subject, preheader and body as they stand; a kilobyte for each story."""
    if page.title == UNSET:
        raise BrokenError("A photo is damaged.")
    message = EmailMessage()
    message["Subject"] = page.title
    message.set_content(f"{page.preheader}\n")
    stories = "".join("<p>" + "story " * 170 + "</p>" for block in page.body if block.block_type == "story")
    message.add_alternative(f"<html><body>{page.intro}{stories}</body></html>", subtype="html")
    return message


def preview_page(page: Any, mode: str) -> bytes:
    """What was asked for."""
    return f"{mode or 'web'}: {page.title}".encode()
