"""What a newsroom may set, and how `stet.toml` is read.

The rules:
 * Each setting is declared once, here: its name, default, unit and help. The reference page is made from it.
 * A newsroom's settings are frozen. Nothing reads `stet.toml` a second time.
 * A setting that is unknown or bad is refused by its key and by what was expected, never by its value.
 * Secrets are no settings: they are files in `keys/`, readable by their owner alone.

Nothing here imports Django.
"""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from stet.project.errors import NewsroomMissingError, SettingError

SETTINGS_FILE = "stet.toml"
ONION_FRONTDESK_PORT = 81
"""Where the frontdesk stands at the onion address; the paper stands at 80. Tor cannot tell paths apart."""

# --- What a value may be ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of value: what was expected, in words, and how TOML's value becomes ours (None means: it does not)."""

    expected: str
    read: Callable[[object], Any]


def _text(pattern: str, expected: str) -> Kind:
    matches = re.compile(pattern)
    return Kind(
        expected=expected, read=lambda value: value if isinstance(value, str) and matches.fullmatch(value) else None
    )


def _number(least: int, most: int) -> Kind:
    def read(value: object) -> int | None:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return value if is_number and least <= value <= most else None  # type: ignore[operator,return-value]

    return Kind(expected=f"a whole number from {least:,} to {most:,}", read=read)


def _texts(pattern: str, expected: str, *, least: int) -> Kind:
    matches = re.compile(pattern)

    def read(value: object) -> tuple[str, ...] | None:
        if not isinstance(value, list) or len(value) < least:
            return None
        fits = all(isinstance(item, str) and matches.fullmatch(item) for item in value)
        return tuple(value) if fits and len(set(value)) == len(value) else None

    return Kind(expected=expected, read=read)


ADDRESS = _text(r"|https?://[^\s/?#@]+", 'an address without a slash at the end, such as "https://example.org", or ""')
ANY_TEXT = _text(r"[^\x00-\x1f\x7f]*", "a line of text")
EMAIL = _text(r"|[^\s@]+@[^\s@]+", 'an e-mail address, or "" for none')
FILE = _text(r"[^\x00-\x1f\x7f]+", "the path of a file, relative to the newsroom's folder")
FOLDER_OR_NONE = _text(r"[^\x00-\x1f\x7f]*", 'the path of a folder, relative to the newsroom\'s own, or "" for none')
ADDRESSES = _texts(
    r"https?://[^\s/?#@;,'\"]+",
    'a list of addresses without a slash at the end, such as ["https://pay.example.com"]',
    least=0,
)
FILE_OR_NONE = _text(r"[^\x00-\x1f\x7f]*", 'the path of a file, relative to the newsroom\'s folder, or "" for none')
HOST = _text(r"[A-Za-z0-9.:-]+", 'a host name or an address, such as "127.0.0.1"')
HOST_OR_NONE = _text(r"[A-Za-z0-9.:-]*", 'a host name or an address, or "" for none')
HOSTS = _texts(r"[A-Za-z0-9.:*-]+", 'a list of host names, such as ["desk.example.org"]', least=0)
HOUR = _text(r"([01]\d|2[0-3]):[0-5]\d", 'a time of day, such as "03:30"')
LANGUAGES = _texts(
    r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", 'a list of language codes, each once, such as ["en", "ru"]', least=1
)
ONION = _text(r"|[a-z2-7]{56}\.onion", 'an onion address of version 3, without "http://", or ""')
NIGHT = _text(r"|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", 'two times of day, such as "23:00-06:00", or ""')
PORT = _number(1, 65_535)
PRACTICE = _text(
    r"|http://127\.0\.0\.1:[1-9]\d{0,4}", 'an address on this machine, such as "http://127.0.0.1:8005", or ""'
)
STATEMENT = _text(
    r"|[A-Za-z0-9 .,&+/-]{5,22}", 'from 5 to 22 Latin letters, digits, spaces and . , & + / -, or "" for none'
)
YES_OR_NO = Kind(expected="true or false", read=lambda value: value if isinstance(value, bool) else None)
SECURITY = _text(r"starttls|tls|none", '"starttls", "tls" or "none"')
TIME_ZONE = Kind(
    expected='the name of a time zone, such as "Europe/Riga"',
    read=lambda value: value if isinstance(value, str) and value in available_timezones() else None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What one lane is given: a group of receiving domains that one provider runs."""

    connections: int
    per_hour: int
    warm_up_days: int


PACE_NUMBERS = {"connections": _number(1, 64), "per_hour": _number(0, 10_000_000), "warm_up_days": _number(0, 90)}


def lane(says: str, *, connections: int, per_hour: int, warm_up_days: int) -> Any:
    """Declare one lane. In `stet.toml` it may be given in part; the rest stays as it is here."""
    default = Pace(connections=connections, per_hour=per_hour, warm_up_days=warm_up_days)

    def read(value: object) -> Pace | None:
        if not isinstance(value, Mapping) or not set(value) <= set(PACE_NUMBERS):
            return None
        numbers = {name: PACE_NUMBERS[name].read(number) for name, number in value.items()}
        return None if None in numbers.values() else dataclasses.replace(default, **numbers)

    expected = "{ connections = 1 to 64, per_hour = 0 to 10000000, warm_up_days = 0 to 90 }, or a part of it"
    return setting(default, Kind(expected=expected, read=read), says)


def setting(default: object, kind: Kind, says: str, *, unit: str = "") -> Any:
    """Declare one setting: its default, the kind of its value, its help and its unit."""
    return field(default=default, metadata={"kind": kind, "help": says, "unit": unit})


# --- The settings, section by section ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The paper as readers meet it."""

    base_url: str = setting(
        "",
        ADDRESS,
        "The canonical address of the paper; feeds and search engines get it. Empty means the reader site's own.",
    )
    languages: tuple[str, ...] = setting(
        ("en",),
        LANGUAGES,
        'The languages of the paper. The first one stands at "/", every other at its own code, such as "/ru/".',
    )
    time_zone: str = setting("UTC", TIME_ZONE, "The time zone in which dates and times are printed.")
    publisher: str = setting("", ANY_TEXT, "Who stands behind the paper; empty means the paper's own name.")
    contact_email: str = setting("", EMAIL, "Where readers write to. It is printed on every page.")
    licence: str = setting("", ANY_TEXT, 'A sentence for the footer on how texts may be used, such as "CC BY 4.0".')
    worker: Literal["pages", "front", "off"] = setting(
        "pages",
        _text(r"pages|front|off", '"pages", "front" or "off"'),
        'What browsers keep of the paper for readers without a connection: "pages" that were read, for a week, and the '
        'front, or the "front" alone. "off" takes the service worker away from every device that has it.',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk: where editors write. Keep it on a private address."""

    host: str = setting("127.0.0.1", HOST, "The address the desk listens on.")
    port: int = setting(8001, PORT, "The port the desk listens on.")
    base_url: str = setting("", ADDRESS, "The desk's address as editors type it. Empty means http://host:port.")
    shared_url: str = setting(
        "",
        ADDRESS,
        "The address at which people outside open shared drafts, such as https://drafts.example.org. "
        "Let your web server pass only /shared/ on to the desk there; the desk answers nothing else under that name. "
        "Empty means the desk's own address.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        (), HOSTS, "Further host names the desk answers to, beside its own host, localhost and 127.0.0.1."
    )
    second_factor: Literal["required", "offered"] = setting(
        "required",
        _text(r"required|offered", '"required" or "offered"'),
        'Whether an account without a passkey or a code is led to set one up before anything else ("required"), or may '
        'do so ("offered"), as in the sample newsroom.',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The embedded server of the printed edition."""

    host: str = setting("127.0.0.1", HOST, "The address the reader site listens on.")
    port: int = setting(8000, PORT, "The port the reader site listens on.")
    page_seconds: int = setting(60, _number(0, 86_400), "How long a browser may keep a page.", unit="seconds")
    payment_pages: tuple[str, ...] = setting(
        ("https://checkout.stripe.com", "https://www.paypal.com"),
        ADDRESSES,
        "Where the frontdesk may lead readers to pay. Browsers refuse every other place, so the address of your own "
        "BTCPay Server belongs here. Mirrors with a policy of their own need the same.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontdesk:
    """The frontdesk: the only server that takes something from a reader."""

    host: str = setting("127.0.0.1", HOST, "The address the frontdesk listens on.")
    port: int = setting(8002, PORT, "The port the frontdesk listens on.")
    base_url: str = setting(
        "",
        ADDRESS,
        "The frontdesk's address as readers reach it. Forms of the printed paper and links in letters lead there. "
        "Empty means http://host:port.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office: staff screens of the private wing. Keep it on a private address."""

    host: str = setting("127.0.0.1", HOST, "The address the office listens on.")
    port: int = setting(8003, PORT, "The port the office listens on.")
    base_url: str = setting("", ADDRESS, "The office's address as staff type it. Empty means http://host:port.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """The mailroom: sends letters and takes back what bounces."""

    smtp_host: str = setting("", HOST_OR_NONE, "The mail server that letters are handed to. Empty: nothing is sent.")
    smtp_port: int = setting(587, PORT, "The mail server's port.")
    smtp_security: str = setting(
        "starttls", SECURITY, 'How the connection is encrypted: "starttls", "tls" from the first byte, or "none".'
    )
    smtp_user: str = setting(
        "", ANY_TEXT, "The name to sign in with at the mail server; the password is in keys/smtp-password."
    )
    connections: int = setting(4, _number(1, 64), "How many connections to the mail server are used at once.")
    sender: str = setting(
        "", EMAIL, "The address that letters come from. Its domain needs SPF, DKIM and DMARC records."
    )
    bounces: str = setting(
        "",
        EMAIL,
        "Where bounces go: each letter's own return address is made from it, bounces+token@domain. Empty: the sender's "
        "domain, with the name bounces.",
    )
    lmtp_port: int = setting(
        0,
        _number(0, 65_535),
        "The port on which Stet takes bounces from a mail server on this machine, over LMTP, such as 2424. 0: none.",
    )
    dkim_selector: str = setting(
        "stet", _text(r"[a-z0-9-]{1,63}", "a word of small letters, digits and hyphens"), "The name of the DKIM key."
    )
    transport: str = setting(
        "smtp",
        _text(r"smtp|anymail", '"smtp" or "anymail"'),
        'How letters leave: "smtp", or "anymail" for a provider\'s API, set up in keys/anymail.json.',
    )
    quiet_hours: str = setting(
        "23:00-06:00",
        NIGHT,
        "The reader's night, by the reader's own clock: a letter that is more than an hour late waits for its end. "
        "Empty: late letters go at any hour.",
    )
    sink: str = setting(
        "",
        FOLDER_OR_NONE,
        "For trying things out. With a folder here, a mail server of Stet's own runs at smtp_host and smtp_port, sends "
        "nothing on and keeps every mail in that folder, and the office shows them. Empty: there is none.",
    )

    @property
    def bounce_address(self) -> str:
        """The address that return addresses are made from."""
        return self.bounces or f"bounces@{self.sender.rpartition('@')[2]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """How fast letters go to each provider: connections, copies an hour of one mailroom (0: any), days of warm-up."""

    gmail: Pace = lane("Gmail.", connections=4, per_hour=72_000, warm_up_days=9)
    outlook: Pace = lane("Outlook, Hotmail, Live, MSN.", connections=4, per_hour=72_000, warm_up_days=9)
    yahoo: Pace = lane("Yahoo and AOL.", connections=4, per_hour=72_000, warm_up_days=9)
    apple: Pace = lane("iCloud.", connections=2, per_hour=36_000, warm_up_days=9)
    mailru: Pace = lane("Mail.ru.", connections=2, per_hour=36_000, warm_up_days=9)
    yandex: Pace = lane("Yandex.", connections=2, per_hour=36_000, warm_up_days=9)
    rambler: Pace = lane("Rambler.", connections=2, per_hour=36_000, warm_up_days=9)
    proton: Pace = lane("Proton.", connections=2, per_hour=36_000, warm_up_days=9)
    gmx: Pace = lane("GMX, Web.de.", connections=2, per_hour=36_000, warm_up_days=9)
    tutanota: Pace = lane("Tuta.", connections=2, per_hour=36_000, warm_up_days=9)
    ukrnet: Pace = lane("Ukr.net.", connections=2, per_hour=36_000, warm_up_days=9)
    other: Pace = lane("All other domains, each somebody else's.", connections=64, per_hour=0, warm_up_days=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The ledger: contributions. Keys of payment providers are files in keys/."""

    descriptor: str = setting(
        "",
        STATEMENT,
        "What stands on givers' bank statements, as it is set at the payment provider. `stet doctor` asks for it, and "
        "says where the support page tells readers another name.",
    )
    practice: str = setting(
        "",
        PRACTICE,
        "For trying things out. With an address on this machine, a payment provider of Stet's own runs there; it takes "
        'no money, and can be chosen under the name "practice". Empty: there is none.',
    )
    reconcile_at: str = setting(
        "04:30", HOUR, "When, in the site's time zone, the ledger is compared with each payment provider."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The two databases. They never hold each other's rows."""

    newsroom: str = setting(
        "data/newsroom.sqlite3",
        FILE,
        "The newsroom's database: an SQLite file, or a file ending in .dsn that holds a PostgreSQL connection string.",
    )
    readers: str = setting(
        "data/readers.sqlite3",
        FILE,
        "The readers' database: an SQLite file, or a file ending in .dsn that holds a PostgreSQL connection string.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The press: prints the edition."""

    budget_bytes: int = setting(
        8_600,
        _number(1_000, 1_000_000),
        "What a page may weigh in brotli before the press says so. With the headers of its answer it has to stay "
        "within what a throttled line lets through.",
        unit="bytes",
    )
    processes: int = setting(
        0, _number(0, 64), "How many processes set pages in a full print; 0 means one for each processor."
    )
    is_compressed: bool = setting(
        default=True, kind=YES_OR_NO, says="Whether .br and .gz files are printed beside the sheets."
    )
    reconcile_at: str = setting(
        "03:30", HOUR, "When, in the site's time zone, the whole edition is compared with the database."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Photos: what is taken in."""

    largest_upload_bytes: int = setting(
        30_000_000, _number(100_000, 200_000_000), "The largest photo file the desk takes.", unit="bytes"
    )
    largest_pixels: int = setting(
        60_000_000, _number(1_000_000, 200_000_000), "The largest photo the desk takes, width × height.", unit="pixels"
    )
    originals: Literal["none", "sealed"] = setting(
        "none",
        _text(r"none|sealed", '"none" or "sealed"'),
        "What becomes of a photo as it was uploaded, with everything its camera wrote into it. none: nothing is kept. "
        "sealed: it is sealed with the key for evidence, which the desk cannot open.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Articles: how they are printed."""

    split_characters: int = setting(
        9_000,
        _number(2_000, 100_000),
        "An article longer than this is printed in numbered parts, so that each part keeps within press.budget_bytes.",
        unit="characters",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence: files that claims rest on."""

    largest_upload_bytes: int = setting(
        50_000_000,
        _number(100_000, 1_000_000_000),
        "The largest file of evidence the desk takes. It stays in memory: what is sealed lies on no disk before.",
        unit="bytes",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Onion:
    """The onion service: the paper for readers with the Tor Browser, at an address that proves itself."""

    is_on: bool = setting(
        default=False,
        kind=YES_OR_NO,
        says="Whether `stet up` runs tor for the paper's onion service. It needs the package tor, and nothing that is "
        "open to the outside.",
    )
    address: str = setting(
        "",
        ONION,
        "The onion address, where tor runs on another machine: pages announce it. Empty: that of keys/onion, if the "
        "service is on.",
    )
    more: str = setting(
        "", FILE_OR_NONE, "A file with lines of your own for tor's configuration, such as bridges. Empty: none."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a newsroom may set."""

    site: Site = field(default_factory=Site)
    desk: Desk = field(default_factory=Desk)
    reader: Reader = field(default_factory=Reader)
    frontdesk: Frontdesk = field(default_factory=Frontdesk)
    office: Office = field(default_factory=Office)
    mailroom: Mailroom = field(default_factory=Mailroom)
    lanes: Lanes = field(default_factory=Lanes)
    ledger: Ledger = field(default_factory=Ledger)
    database: Database = field(default_factory=Database)
    press: Press = field(default_factory=Press)
    photos: Photos = field(default_factory=Photos)
    articles: Articles = field(default_factory=Articles)
    evidence: Evidence = field(default_factory=Evidence)
    onion: Onion = field(default_factory=Onion)


SECTIONS: dict[str, type] = {f.name: f.default_factory for f in dataclasses.fields(Settings)}  # type: ignore[misc]
"""Every section by its name, in the order of the file."""


# --- A newsroom: a folder with its settings ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsroom's folder and what is set in it. All paths are absolute."""

    folder: Path
    settings: Settings

    @property
    def base_url(self) -> str:
        """The paper's canonical address, without a slash at the end."""
        return self.settings.site.base_url or local_url(self.settings.reader.host, self.settings.reader.port)

    @property
    def desk_url(self) -> str:
        """The desk's address, without a slash at the end."""
        return self.settings.desk.base_url or local_url(self.settings.desk.host, self.settings.desk.port)

    @property
    def frontdesk_url(self) -> str:
        """The frontdesk's address, without a slash at the end."""
        return self.settings.frontdesk.base_url or local_url(self.settings.frontdesk.host, self.settings.frontdesk.port)

    @property
    def form_urls(self) -> tuple[str, ...]:
        """Where forms of the printed paper may lead, redirects included.

        The frontdesk, the providers' pages, and the frontdesk at the onion address where there is one.
        """
        practice = (self.settings.ledger.practice,) if self.settings.ledger.practice else ()
        onion = (self.onion_frontdesk_url,) if self.onion_frontdesk_url else ()
        return (self.frontdesk_url, *self.settings.reader.payment_pages, *practice, *onion)

    @property
    def office_url(self) -> str:
        """The office's address, without a slash at the end."""
        return self.settings.office.base_url or local_url(self.settings.office.host, self.settings.office.port)

    @property
    def onion_keys(self) -> Path:
        """The onion service's key and its address; the key is tor's alone."""
        return self.keys / "onion"

    @property
    def onion_address(self) -> str:
        """The paper's onion address, such as "….onion"; "" where it has none."""
        if self.settings.onion.address or not self.settings.onion.is_on:
            return self.settings.onion.address
        try:
            return (self.onion_keys / "hostname").read_text("ascii").strip()
        except OSError:
            return ""

    @property
    def onion_url(self) -> str:
        """The paper at its onion address, without a slash at the end; "" where it has none."""
        return f"http://{self.onion_address}" if self.onion_address else ""

    @property
    def onion_frontdesk_url(self) -> str:
        """The frontdesk at the paper's onion address, without a slash at the end; "" where there is none."""
        return f"{self.onion_url}:{ONION_FRONTDESK_PORT}" if self.onion_url else ""

    @property
    def sink(self) -> Path | None:
        """Where the mail server for trying things out keeps what it is given; None where none runs."""
        return self.folder / self.settings.mailroom.sink if self.settings.mailroom.sink else None

    @property
    def practice_port(self) -> int | None:
        """Where the practice provider listens; None where none runs."""
        practice = self.settings.ledger.practice
        return int(practice.rpartition(":")[2]) if practice else None

    @property
    def practice_file(self) -> Path:
        """What the practice provider knows."""
        return self.folder / "data" / "practice.sqlite3"

    @property
    def keys(self) -> Path:
        """Secrets; only their owner may read them."""
        return self.folder / "keys"

    @property
    def media(self) -> Path:
        """Originals of photos and files, as the desk took them in. Never served to readers."""
        return self.folder / "media"

    @property
    def evidence(self) -> Path:
        """What claims rest on, as it was captured. Never served, neither to readers nor by the desk's media."""
        return self.folder / "evidence"

    @property
    def originals(self) -> Path:
        """Photos as they were uploaded, sealed; where the newsroom keeps them at all."""
        return self.folder / "originals"

    @property
    def evidence_key(self) -> Path:
        """The public key that sealed evidence is sealed with. Its private half is kept elsewhere."""
        return self.keys / "evidence-public"

    @property
    def theme(self) -> Path:
        """The newsroom's own templates, colours and styles."""
        return self.folder / "theme"

    @property
    def edition(self) -> Path:
        """The printed edition; `site/` inside is what readers and mirrors get."""
        return self.folder / "edition"

    @property
    def offline(self) -> Path:
        """Where offline editions are packed; what lies here is printed with the next edition."""
        return self.folder / "data" / "offline"

    @property
    def edition_key(self) -> Path:
        """The private key that signs editions and pages."""
        return self.keys / "edition.pem"

    @property
    def root_key(self) -> Path:
        """The private key behind the site's identity. Keep it offline: only a new root needs it."""
        return self.keys / "root.pem"

    @property
    def sealing_key(self) -> Path:
        """The public key that readers' addresses are sealed with; the frontdesk holds it."""
        return self.keys / "readers-seal.pub"

    @property
    def opening_key(self) -> Path:
        """The private key that opens sealed addresses; the mailroom alone holds it. It may have a passphrase."""
        return self.keys / "readers-seal.pem"

    @property
    def lookup_key(self) -> Path:
        """The key under which an address is looked up; frontdesk and mailroom hold it."""
        return self.keys / "readers-lookup"

    @property
    def link_key(self) -> Path:
        """The key that signs links in letters; frontdesk and mailroom hold it."""
        return self.keys / "readers-links"

    @property
    def dkim_rsa_key(self) -> Path:
        """The RSA key that letters are signed with; the mailroom holds it."""
        return self.keys / "dkim-rsa.pem"

    @property
    def dkim_ed25519_key(self) -> Path:
        """The Ed25519 key that letters are signed with beside it."""
        return self.keys / "dkim-ed25519.pem"

    @property
    def bounce_mailbox(self) -> Path:
        """Where bounces are read over IMAP, if they are: host, user and password."""
        return self.keys / "bounce-mailbox.json"

    @property
    def mail_findings(self) -> Path:
        """What `stet doctor mail` found last, for the office to show."""
        return self.folder / "data" / "mail-findings.json"

    @property
    def site_key(self) -> Path:
        """What readers and mirrors are given to check the site with; public."""
        return self.folder / "site.pub"

    @property
    def site(self) -> Path:
        """The tree that is served and mirrored."""
        return self.edition / "site"

    @property
    def logs(self) -> Path:
        """What went wrong, with details."""
        return self.folder / "logs"

    @property
    def newsroom_database(self) -> Path:
        """The newsroom's SQLite file, or the file with its connection string."""
        return self.folder / self.settings.database.newsroom

    @property
    def readers_database(self) -> Path:
        """The readers' SQLite file, or the file with its connection string."""
        return self.folder / self.settings.database.readers


def local_url(host: str, port: int) -> str:
    """The address of a server on this machine; an IPv6 address is put in brackets.

    >>> local_url("127.0.0.1", 8000), local_url("::1", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80')
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all addresses: the loopback is one
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def open_newsroom(folder: Path) -> Newsroom:
    """The newsroom that lives in `folder`. Raises where there is none or where its settings are bad."""
    file = folder.resolve() / SETTINGS_FILE
    try:
        text = file.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError):
        raise NewsroomMissingError(
            f"There is no newsroom in {folder}: {SETTINGS_FILE} is missing. "
            f"Make one with `stet init {folder}`, or name another with --newsroom."
        ) from None
    except UnicodeDecodeError:
        raise SettingError(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise NewsroomMissingError(f"{file} cannot be read ({error.strerror}). Mend its permissions.") from None
    return Newsroom(folder=file.parent, settings=read_settings(text, file=file))


def read_settings(text: str, *, file: Path = Path(SETTINGS_FILE)) -> Settings:
    """The settings written in `text`; what is not written there has its default. `file` is named in errors."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line \d+", str(error))
        raise SettingError(f"{file} is not valid TOML{f' at {where[0]}' if where else ''}. Mend that line.") from None
    for name in tables:
        _refuse_unknown(name, SECTIONS, what="section", file=file)
    sections: dict[str, Any] = {name: _read_section(name, table, file) for name, table in tables.items()}
    return Settings(**sections)


def _read_section(name: str, table: object, file: Path) -> object:
    if not isinstance(table, Mapping):
        raise SettingError(f"{file}: {name} is a section; write it as [{name}] with its settings below it.")
    declared = {f.name: f for f in dataclasses.fields(SECTIONS[name])}
    values = {}
    for key, value in table.items():
        _refuse_unknown(key, declared, what=f"setting in [{name}]", file=file)
        kind: Kind = declared[key].metadata["kind"]
        values[key] = kind.read(value)
        if values[key] is None:
            raise SettingError(f"{file}: {name}.{key} must be {kind.expected}.")
    return SECTIONS[name](**values)


def _refuse_unknown(name: str, known: Mapping[str, object], *, what: str, file: Path) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    advice = f'Did you mean "{near[0]}"?' if near else f"Known ones are: {', '.join(known)}."
    # A key is written by a person and may be a secret that slipped a line: only a plain word is repeated.
    shown = f'"{name}"' if re.fullmatch(r"[a-z_]{1,30}", name) else "A name there"
    raise SettingError(f"{file}: {shown} is not a {what}. {advice}")
