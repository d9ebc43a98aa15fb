"""What `stet.mirrors` says in English, for the desk's catalogues; the process that says it knows no language.

A sentence that is not here, such as one of a place, is shown as it is.
"""

from django.utils.translation import gettext, gettext_noop, pgettext_lazy

from stet.mirrors.checks import State

STATES = {
    State.CURRENT: pgettext_lazy("state of a mirror", "Current"),
    State.BEHIND: pgettext_lazy("state of a mirror", "Behind"),
    State.UNREACHABLE: pgettext_lazy("state of a mirror", "Does not answer"),
    State.BROKEN: pgettext_lazy("state of a mirror", "Broken"),
    State.UNKNOWN: pgettext_lazy("state of a mirror", "Not looked at"),
}

FAULTS = (
    gettext_noop("No edition stands at the public address. Does it lead to where the files are put?"),
    gettext_noop("There is no signed edition on this machine to compare the mirror with. Print one first."),
    gettext_noop("Another site's edition stands at the public address."),
    gettext_noop("What stands at the public address is not an edition: its pointer cannot be read."),
    gettext_noop(
        "The edition at the public address is not signed by a key of this site. Warn readers of this address."
    ),
    gettext_noop("The edition at the public address is signed by a key that counts no more."),
    gettext_noop("Rolled back: an older edition stands at the public address than was seen there before."),
    gettext_noop("An edition stands there that was not printed here, but is signed. Who else has the key?"),
    gettext_noop("The mirror names a root of this site that is not known here. Who else has the root keys?"),
    gettext_noop("The roots at the public address are not this site's."),
    gettext_noop("Frozen: the edition at the public address has expired."),
    gettext_noop("An older edition stands at the public address."),
    gettext_noop("The newest root of the site is not there yet."),
    gettext_noop("Parts of the manifest are missing at the public address."),
    gettext_noop("Parts of the manifest at the public address are not what was signed."),
    gettext_noop("A sheet that was looked for is missing at the public address."),
    gettext_noop("A sheet at the public address is not what was signed: it was changed, cut off or swapped."),
    gettext_noop(
        "An onion address is looked at through Tor: give the mirror a proxy, such as socks5h://127.0.0.1:9050."
    ),
    gettext_noop("The mirror did not answer."),
)
"""Every `stet.mirrors.checking.Fault`."""

OTHERS = (
    gettext_noop("The mirror did not answer in time."),
    gettext_noop("The mirror leads readers to another host."),
    gettext_noop("The mirror's certificate is not one that browsers accept."),
    gettext_noop("The proxy that the mirror is looked at through did not let us pass."),
    gettext_noop("A newer edition stands at this mirror. Carry it from where it was printed."),
    gettext_noop("Another site's edition stands at this mirror. Choose another place, or empty it."),
    gettext_noop("This mirror holds what this site never signed. Carry all anew, with --anew."),
    gettext_noop("The target holds a password. Leave it out there: it is asked for, or read from --secret-file."),
    gettext_noop("A mirror that nothing is put to needs the address where readers find it."),
    gettext_noop("A mirror with this public address is in the list already. Retire that one first."),
    gettext_noop("A mirror's name has up to 40 lower-case letters, digits and hyphens, such as north-2."),
    gettext_noop("There is a mirror of that name already. Choose another name."),
    gettext_noop("The public address is one that readers type, such as https://mirror.example.org."),
    gettext_noop("A proxy is written like socks5h://127.0.0.1:9050, without a name or password."),
    gettext_noop("An address given is not written as one."),
)
"""What else is said often."""


def said(sentence: str) -> str:
    """A sentence of `stet.mirrors` in the editor's language, where it is known."""
    return gettext(sentence) if sentence else ""
