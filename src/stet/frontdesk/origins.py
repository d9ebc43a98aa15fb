"""From where a form may be sent.

A browser's cookies are not at stake: there are none. What a form can do is decided by its token, or by the mail that
goes out to be confirmed. So this keeps out the little that is left: a strange site that makes a reader's browser post
a form with a link it somehow learned.

The rules:
 * A form with a token may come from the frontdesk's own pages and from the paper, or from where no page is behind it.
   A browser that says where a request began (Sec-Fetch-Site) is believed: a page cannot forge that. Where it says "same
   origin" the Origin may still be "null", because these pages ask for no referrer.
 * The forms that only take an address (join, and asking for the link) may come from anywhere. They are printed on
   mirrors, whose addresses nobody knows beforehand, and on pages saved to disk. Whoever sends them for somebody else
   makes that person one mail a day, the same as with a browser of their own.
 * Unsubscribing with one click (RFC 8058) comes from the mailbox provider's machines, and is asked nothing.
"""

from collections.abc import Collection, Mapping

NOWHERE = ("", "null")
OWN_PAGE = ("same-origin", "none")


def may_send(headers: Mapping[str, str], *, known: Collection[str]) -> bool:
    """Whether a form with these headers may be taken; `known` are the origins of frontdesk and paper."""
    origin = headers.get("Origin", "")
    begun = headers.get("Sec-Fetch-Site", "")
    if origin in known or begun in OWN_PAGE:
        return True
    return origin in NOWHERE and not begun
