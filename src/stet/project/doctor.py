"""Looks a newsroom over: each check answers in one sentence, and says what to do where something is wrong.

Nothing is changed, and nothing that is said holds a secret, an address or a name.
"""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from stet.edition.root import SiteKey
from stet.edition.verify import verify_folder
from stet.kit.errors import StetError
from stet.project.errors import DatabaseAwayError
from stet.project.identity import PREPARED
from stet.project.ports import occupation, servers
from stet.project.private_values import OFFICE_SECRET_FILE
from stet.project.settings import Newsroom
from stet.project.versions import version_of

LEAST_FREE_BYTES = 1_000_000_000
ROOT_WARNING_DAYS = 30
LONGEST_UNLOOKED = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. A note is worth knowing and no problem."""

    level: Literal["ok", "note", "problem"]
    what: str
    next_step: str = ""


def ok(what: str) -> Finding:
    """A check that found nothing wrong."""
    return Finding(level="ok", what=what)


def note(what: str, next_step: str = "") -> Finding:
    """Something worth knowing."""
    return Finding(level="note", what=what, next_step=next_step)


def problem(what: str, next_step: str) -> Finding:
    """Something to mend, and how."""
    return Finding(level="problem", what=what, next_step=next_step)


def examine(newsroom: Newsroom, *, now: datetime) -> Iterator[Finding]:
    """Every finding, in the order in which things rest on each other. Django is set up already."""
    for check in CHECKS:
        try:
            yield from check(newsroom, now)
        except StetError as error:
            yield problem(str(error), "Mend that first.")


def check_python(_newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """What runs here."""
    yield ok(f"Stet {version_of('stet')}, Wagtail {version_of('wagtail')}, Python {sys.version.split()[0]}.")


def check_disk(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Room for the next editions and photos."""
    free = shutil.disk_usage(newsroom.folder).free
    if free < LEAST_FREE_BYTES:
        yield problem(f"Only {free / 1e6:,.0f} MB are free where the newsroom lives.", "Free at least 1 GB.")
    else:
        yield ok(f"{free / 1e9:,.1f} GB are free where the newsroom lives.")


def check_keys(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Secrets are there, and nobody else may read them."""
    if not newsroom.edition_key.is_file():
        yield problem(
            "The edition's key is missing.", f"Run `stet init {newsroom.folder}`, or put keys/edition.pem back."
        )
    open_to_others = []
    for path in (newsroom.keys, *sorted(newsroom.keys.iterdir())):
        if path.suffix != ".json" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            open_to_others.append(path.name)
    if open_to_others:
        yield problem(
            f"Others on this machine may read: {', '.join(open_to_others)}.", f"Run: chmod -R go= {newsroom.keys}"
        )
    else:
        yield ok("Keys may be read by their owner alone.")
    if newsroom.root_key.exists():
        yield note(
            "The key behind the site's identity lies on this machine.",
            "For a real newsroom, move keys/root.pem to a medium that is kept offline; printing does not need it.",
        )


def check_databases(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Both databases answer and are up to date."""
    from django.db import DatabaseError

    from stet.project.founding import pending_migrations
    from stet.project.private_wing import pending_of_readers

    for name, ask in (("newsroom", pending_migrations), ("readers", partial(pending_of_readers, newsroom))):
        try:
            pending = ask()
        except (DatabaseError, DatabaseAwayError) as error:
            yield problem(
                f"The {name} database does not answer ({type(error).__name__}).",
                f"Check `database.{name}` in stet.toml, and that the database runs and may be written to.",
            )
            continue
        if pending:
            yield problem(
                f"The {name} database is older than this version of Stet ({pending} steps).", "Run `stet init` on it."
            )
        else:
            yield ok(f"The {name} database answers and is up to date.")


def check_editors(_newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Somebody can sign in."""
    from django.contrib.auth import get_user_model

    count = get_user_model().objects.filter(is_active=True, is_superuser=True).count()
    if count:
        yield ok(f"{count} {'person' if count == 1 else 'people'} may do everything at the desk.")
    else:
        yield problem("Nobody may administer the desk.", "Run `stet user create NAME --admin`.")


def check_photos(_newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Photos have the words that readers are owed."""
    from django.db.models import Q
    from wagtail.images import get_image_model

    photos = get_image_model().objects
    bare = photos.filter(Q(credit="") | Q(description="")).count()
    if bare:
        yield problem(
            f"{bare} of {photos.count()} photos have no credit or no description.",
            "Fill them in at the desk, under Images.",
        )
    else:
        yield ok(f"All {photos.count()} photos have a credit and a description.")


def check_edition(newsroom: Newsroom, now: datetime) -> Iterator[Finding]:
    """What is printed is what the newsroom signed."""
    if not (newsroom.site / ".well-known/stet/edition.json").exists():
        yield note("Nothing is printed yet.", "Run `stet print`.")
        return
    report = verify_folder(newsroom.site, root=SiteKey.load(newsroom.site_key), now=now)
    if report.ok:
        until = f"{report.expires:%Y-%m-%d %H:%M} UTC"
        yield ok(f"Edition {report.seq} verifies: {report.sheets_checked:,} sheets, signed until {until}.")
    for sentence in report.problems[:5]:
        yield problem(sentence, "Run `stet print --all`.")
    if report.problem_count > 5:
        yield problem(f"There are {report.problem_count - 5} more problems like these.", "Run `stet print --all`.")


def check_root(newsroom: Newsroom, now: datetime) -> Iterator[Finding]:
    """The site's identity stands for a while yet."""
    from stet.edition.folder import EditionFolder

    root = EditionFolder(newsroom.edition).roots()[-1]
    days = (root.expires - now).days
    if days < ROOT_WARNING_DAYS:
        yield problem(f"The site's identity (root {root.version}) expires in {days} days.", "Run `stet keys renew`.")
    else:
        yield ok(f"The site's identity (root {root.version}) stands for {days} more days.")
    if (newsroom.keys / PREPARED).exists():
        yield note("The old edition key still counts.", "Run `stet keys retire` when every mirror has today's edition.")


def check_address(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Readers can reach what links and feeds name."""
    if not newsroom.settings.site.base_url:
        yield note(
            "The paper has no address of its own yet.", "Set `base_url` under [site] in stet.toml before going public."
        )
    elif newsroom.base_url.startswith("http:"):
        yield note("The paper's address is not https.", "Serve it over https, and set `base_url` under [site].")
    else:
        yield ok("The paper's address is https.")


def check_onion(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """The onion service can run, and its key is its owner's alone."""
    if not newsroom.settings.onion.is_on:
        return
    if not newsroom.onion_address:
        yield note("The onion service has no key yet.", "Run `stet onion`.")
        return
    if shutil.which("tor", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin") is None:
        yield problem("The onion service needs tor, which is not here.", "Install it: apt install tor.")
    folder = newsroom.onion_keys
    if any(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) for path in (folder, *folder.glob("*"))):
        yield problem("Others on this machine may read: onion.", f"Run: chmod -R go= {folder}")
    yield ok(f"The paper's onion address is {newsroom.onion_address}.")


def check_letters(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Letters can leave, and readers' keys are where they are needed."""
    wanted = {
        newsroom.sealing_key: "no one can sign up",
        newsroom.lookup_key: "no reader is found",
        newsroom.link_key: "no link in a letter opens",
        newsroom.opening_key: "no letter can be addressed",
        newsroom.keys / OFFICE_SECRET_FILE: "the office does not start",
    }
    for file, loss in wanted.items():
        if not file.is_file():
            yield problem(f"keys/{file.name} is missing: {loss}.", "Put it back from where keys are kept.")
    mail = newsroom.settings.mailroom
    if newsroom.sink:
        yield note("Letters leave this machine for nobody: `sink` is set under [mailroom].")
    elif not mail.smtp_host or not mail.sender:
        yield note("Letters are not sent.", "Set `smtp_host` and `sender` under [mailroom] in stet.toml.")
    else:
        yield ok("Letters are handed to a mail server; `stet doctor mail` checks whether they are believed.")


def check_returns(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """What comes back reaches the mailroom."""
    from stet.mailroom.arrivals import last_arrivals

    mail = newsroom.settings.mailroom
    arrivals = last_arrivals(newsroom.folder)
    if mail.lmtp_port:
        yield _lmtp(newsroom)
    if newsroom.bounce_mailbox.exists():
        yield _bounce_mailbox(newsroom)
    for way, moment in arrivals.items():
        yield ok(f"The last mail that came back by {way.value} arrived at {moment:%Y-%m-%d %H:%M} UTC.")
    sends = mail.smtp_host and mail.sender and not newsroom.sink
    if sends and not (arrivals or mail.lmtp_port or newsroom.bounce_mailbox.exists()):
        yield note(
            "Bounces and complaints reach Stet by no way yet.",
            "Set up LMTP, a pipe or a mailbox, and write a mail to "
            f"{mail.bounces or 'the address of bounces'} to try it (docs/how-to/run-the-mailroom.md).",
        )


def _lmtp(newsroom: Newsroom) -> Finding:
    from stet.mailroom.lmtp import probe

    mail = newsroom.settings.mailroom
    try:
        takes = probe(mail.bounce_address, port=mail.lmtp_port)
    except StetError as error:
        return note(f"Bounces are not taken over LMTP now: {error}", "`stet up` takes them while it runs.")
    if takes:
        return ok(f"Bounces are taken over LMTP on port {mail.lmtp_port}.")
    return problem(
        f"What listens on port {mail.lmtp_port} does not take bounces of this newsroom.",
        "End it, or set another `lmtp_port` under [mailroom]; if it is an older `stet up`, start that again.",
    )


def _bounce_mailbox(newsroom: Newsroom) -> Finding:
    from stet.mailroom.bounce_mailbox import read_mailbox, waiting

    try:
        mailbox = read_mailbox(newsroom.bounce_mailbox)
        count = waiting(mailbox) if mailbox else 0
    except StetError as error:
        return problem(str(error), f"Mend keys/{newsroom.bounce_mailbox.name}, or what is said of the server.")
    return ok(f"The mailbox for bounces can be read; mails that wait there: {count}.")


def check_giving(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """Contributions can be taken, and givers know what their statements will say."""
    from stet.ledger.errors import ProviderRefusedError
    from stet.ledger.providers.keys import KINDS, StripeKeys, read_keys

    ledger, found = newsroom.settings.ledger, []
    for name, kind in KINDS.items():
        file = newsroom.keys / f"{name}.json"
        try:
            keys = read_keys(file, kind)
        except ProviderRefusedError as error:
            yield problem(str(error), "See docs/how-to/take-contributions.md.")
            continue
        if keys is None:
            continue
        found.append(name)
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield problem(f"Others on this machine may read: {file.name}.", f"Run: chmod go= {file}")
        if isinstance(keys, StripeKeys) and keys.key.startswith("sk_live_"):
            yield note(
                "The key in keys/stripe.json may do everything in the account.",
                "Make a restricted key with the permissions that docs/how-to/take-contributions.md lists.",
            )
    if ledger.practice:
        yield note("Contributions can be practised: `practice` is set under [ledger]. It takes no money.")
    if not found:
        return
    yield ok(f"Contributions are taken by: {', '.join(found)}.")
    if not ledger.descriptor and set(found) != {"bank"}:
        yield note(
            "Givers are not told what their bank statements will say.",
            "Give a small sum yourself, look at your statement, and set `descriptor` under [ledger] to what it says.",
        )
    elif ledger.descriptor and (told := told_label(newsroom)) and told != ledger.descriptor:
        yield note(
            "The support page tells givers another name than `descriptor` under [ledger]: their bank statements' own.",
            "Make both what your own statement says; the support page has it as *Name on bank statements*.",
        )
    if not newsroom.frontdesk_url.startswith("https:") and set(found) != {"bank"}:
        yield note(
            "Providers cannot tell what was paid: the frontdesk has no https address.",
            "Set `base_url` under [frontdesk], and register the webhooks with it.",
        )


def told_label(newsroom: Newsroom) -> str:
    """What the printed support page says that bank statements will say; "" where none is printed."""
    from stet.ledger.errors import SupportBrokenError, SupportMissingError
    from stet.ledger.printed import read_support

    try:
        return read_support(newsroom.site).label
    except (SupportMissingError, SupportBrokenError):
        return ""


def check_ledger(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """What payment providers told is taken in, and differences are settled."""
    from stet.project.private_wing import open_in_ledger

    try:
        found = open_in_ledger(newsroom)
    except DatabaseAwayError:
        return  # said by check_databases
    if found["long_open"]:
        yield problem(
            f"{found['long_open']:,} deliveries of payment providers are open for more than a day.",
            "Look in logs/ why, see to the provider's keys, then run `stet ledger replay`.",
        )
    if found["orders"]:
        yield problem(
            f"{found['orders']:,} refunds or cancellations are not carried out.",
            "Look at them in the office; what the provider refused has to be done at the provider.",
        )
    if found["differences"]:
        yield problem(
            f"{found['differences']:,} differences with payment providers are not settled.",
            "Settle them in the office; `stet ledger reconcile` lists them.",
        )
    if found["designations"]:
        yield problem("A designation is not finished.", "Run `stet ledger designate` with the same country again.")
    if not any(found[name] for name in ("long_open", "orders", "differences", "designations")):
        yield ok("Nothing is open in the ledger.")


def check_mirrors(newsroom: Newsroom, now: datetime) -> Iterator[Finding]:
    """Each mirror serves what is printed, and nobody else can carry there."""
    from stet.mirrors.checks import State, read_check
    from stet.mirrors.register import read_register, secrets_file
    from stet.mirrors.registering import needs_somebody

    mirrors = read_register(newsroom.folder).live()
    if not mirrors:
        yield note(
            "There is no mirror: whoever blocks the paper's address cuts every reader off.",
            "Add one with `stet mirrors add` (docs/how-to/look-after-mirrors.md).",
        )
        return
    bad = 0
    for mirror in mirrors:
        check = read_check(newsroom.folder, mirror.name)
        file = secrets_file(newsroom.folder, mirror.name)
        if file.is_file() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield problem(f"Others on this machine may read what lets us in at a mirror: {file.name}.",
                          f"Run: chmod go= {file}")  # fmt: skip
        if needs_somebody(check, now):
            bad += 1
            words = " ".join(filter(None, (check.problem, check.refusal)))
            state = check.state.value + (" for more than an hour" if check.state is State.BEHIND else "")
            yield problem(
                f"The mirror {mirror.name} is {state}. {words}",
                f"Mend it, or give the address up with `stet mirrors retire {mirror.name}`.",
            )
        elif check.checked is None or now - check.checked > LONGEST_UNLOOKED:
            bad += 1
            yield note(f"Nobody has looked at the mirror {mirror.name} for hours.", "`stet up` does while it runs.")
    if not bad:
        yield ok(f"Mirrors that were looked at and found good: {len(mirrors)}.")


def check_ports(newsroom: Newsroom, _now: datetime) -> Iterator[Finding]:
    """The servers run, or can."""
    for section, host, port in servers(newsroom):
        if occupation(host, port):
            yield note(f"Port {port} ({section}) is in use: by `stet up`, if that runs now.")
        else:
            yield ok(f"Port {port} ({section}) is free.")


CHECKS: tuple[Callable[[Newsroom, datetime], Iterator[Finding]], ...] = (
    check_python,
    check_disk,
    check_keys,
    check_databases,
    check_editors,
    check_photos,
    check_root,
    check_edition,
    check_address,
    check_onion,
    check_letters,
    check_returns,
    check_giving,
    check_ledger,
    check_mirrors,
    check_ports,
)
"""Every check, in the order in which it is run."""
