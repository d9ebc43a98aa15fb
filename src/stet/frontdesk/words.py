"""The sentences that several pages say; each in the language of whoever asked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stet.readers.errors import AddressFault

ADDRESS_FAULTS: dict[AddressFault, Promise] = {
    "empty": _("Write your e-mail address."),
    "long": _("This is too long to be an e-mail address. Write one address of at most 254 characters."),
    "control": _("This holds a line break or another character that cannot be seen. Write the address on one line."),
    "quoted": _("An address with quotation marks before the @ cannot be used here. Write one without them."),
    "not_latin": _("The part before the @ has to be in Latin letters and digits. Check your keyboard’s language."),
    "form": _("This is not written like an e-mail address. It has one @, such as name@example.org."),
    "domain": _("No mail can be sent to the part after the @. Check it: it has a full stop, such as example.org."),
    "mixed": _("The part after the @ mixes alphabets whose letters look alike. Type it anew in one alphabet."),
}
"""What is wrong with an address, for whoever typed it."""

DONE: dict[str, Promise] = {
    "lists": _("Saved: these are your newsletters from now on."),
    "settings": _("Saved: your language and your time zone."),
    "pause": _("Saved."),
    "again": _("Letters are sent to you again. See below which newsletters you get."),
    "address": _(
        "If this address can be used, a mail with a link is on its way to it. Until you follow the link, letters go to "
        "the old address."
    ),
}
"""What has been done on the page of a reader's own, by the word in its address."""
