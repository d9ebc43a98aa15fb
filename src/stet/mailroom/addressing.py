"""What makes a copy one reader's own: the address, the links, the names it goes by."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stet.mailroom.dkim import Signer
from stet.mailroom.errors import LetterBrokenError
from stet.mailroom.frozen import FrozenMessage, InlinePhoto, check
from stet.mailroom.frozen import Tokens as Own
from stet.mailroom.letters import read_sheet
from stet.mailroom.mailboxes import MessageIds, message_id, return_address
from stet.mailroom.models import Dispatch
from stet.mailroom.planning import HTML, SHEET, TEXT
from stet.mailroom.tokens import NOTICES, Tokens, message_id_key
from stet.readers.addresses import Address
from stet.readers.links import PLACES, Links, Purpose
from stet.readers.sealing import Opener

SENDER_ID = "stet-mail"
"""The last word of every Feedback-ID: constant, as Gmail asks (support.google.com/a/answer/6254652)."""

TOKEN_PLACE = "0" * 32

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: addresses, and the keys that make links, tokens and signatures."""

    address: str
    bounces: str
    """Return addresses are made from it."""
    frontdesk_url: str
    """Where links lead, without a slash at the end."""
    onion_frontdesk_url: str = ""
    """Where the same pages stand at the onion address; "" where the paper has none."""
    opener: Opener
    links: Links
    secret: bytes
    """The key behind Message-IDs and return addresses."""
    signer: Signer | None = None

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.address.rpartition("@")[2]

    def link(self, purpose: Purpose, uid: UUID | bytes) -> str:
        """The address of the frontdesk's page for one reader."""
        return f"{self.frontdesk_url}/{PLACES.get(purpose, purpose)}/{self.links.token(purpose, uid)}"

    def over_onion(self, link: str) -> str:
        """Where a link's page stands at the onion address; "" where the paper has none."""
        return self.onion_frontdesk_url + link.removeprefix(self.frontdesk_url) if self.onion_frontdesk_url else ""

    def give_link(self, filled: str) -> str:
        """The address of the form that a reminder leads to, filled in as these words say."""
        return f"{self.frontdesk_url}/remind/{self.links.with_words(filled)}/give"


class Addressing:
    """Makes what is one reader's own. For one thread."""

    __slots__ = ("_bounces", "_domain", "_id_key", "_ids", "_is_checked", "_sender", "_tokens")

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._tokens = Tokens(sender.secret)
        self._id_key = message_id_key(sender.secret)
        self._ids: dict[UUID, MessageIds] = {}
        self._domain = sender.domain
        # The token is always as long: what fits once fits always, and need not be looked at for each copy.
        self._bounces = return_address(sender.bounces, TOKEN_PLACE).split(TOKEN_PLACE)
        self._is_checked = False
        """Whether what is made here was looked at once: it differs in tokens only, which all have one form."""

    def return_address(self, recipient_id: int) -> str:
        """Where a bounce of this copy comes."""
        return self._tokens.token("r", recipient_id).join(self._bounces)

    def notice_return_address(self, notice_id: int) -> str:
        """Where a bounce of this notice comes."""
        return self._tokens.token("n", notice_id).join(self._bounces)

    def message_id(self, letter: UUID, recipient_id: int) -> str:
        """The Message-ID of a copy of a letter.

        It follows from the recipient's number, which is one for each reader in a dispatch and never changes: a
        reader's own uid ends with an address, and goes with the reader.
        """
        ids = self._ids.get(letter)
        if ids is None:
            ids = self._ids[letter] = MessageIds(self._id_key, letter, self._domain)
        return ids.of(recipient_id.to_bytes(16, "big"))

    def notice_message_id(self, notice: UUID) -> str:
        """The Message-ID of a notice."""
        return message_id(self._id_key, NOTICES, notice, self._domain)

    def own(self, *, to: Address, letter: UUID, recipient_id: int, reader: bytes, subscription: bytes) -> Own:
        """All of it for one copy. Raises MessageRefusedError where it cannot stand where it belongs."""
        own = Own(
            to=to,
            message_id=self.message_id(letter, recipient_id),
            unsubscribe_url=self._sender.link("unsubscribe", subscription),
            manage_url=self._sender.link("manage", reader),
            unsubscribe_mailto=self._tokens.token("u", recipient_id).join(self._bounces),
            is_checked=self._is_checked,
        )
        if not self._is_checked:
            check(own)
            self._is_checked = True
        return own


def message_of(dispatch: Dispatch, sender: Sender, *, list_name: str, date: datetime) -> FrozenMessage:
    """A dispatch's letter, rendered from the bytes that were kept with it.

    Raises LetterBrokenError or MessageRefusedError.
    """
    files = {one.name: one for one in dispatch.enclosures.all()}
    sheet = read_sheet(bytes(files[SHEET].body), where=SHEET) if SHEET in files else None
    if sheet is None or {HTML, TEXT, *(photo.cid for photo in sheet.photos)} - files.keys():
        raise LetterBrokenError("The bytes that were kept of a letter are not whole. Restore the readers' database.")
    return FrozenMessage.build(
        html=bytes(files[HTML].body),
        text=bytes(files[TEXT].body),
        photos=[
            InlinePhoto(cid=photo.cid, media_type=photo.media_type, body=bytes(files[photo.cid].body))
            for photo in sheet.photos
        ],
        subject=sheet.subject,
        from_name=sheet.from_name,
        sender=sender.address,
        date=date,
        language=sheet.language,
        list_key=plain(sheet.list),
        list_name=list_name,
        list_host=sender.domain,
        feedback_id=f"{sheet.due[:10]}:{plain(sheet.list)}:letter:{SENDER_ID}",
        signer=sender.signer,
    )


def plain(key: str) -> str:
    """A list's key as headers take it: as it is, or a digest of it where it holds letters that are not Latin.

    >>> plain("en.the-week"), plain("ru.неделя")
    ('en.the-week', 'ru.045393876af1')
    """
    if _PLAIN.fullmatch(key):
        return key
    language, _dot, _rest = key.partition(".")
    return f"{language}.{hashlib.sha256(key.encode()).hexdigest()[:12]}"
