"""What pages about second factors ask of the address they are shown at."""

from typing import Any

from django import template

from stet.newsroom.signing_in import addresses

register = template.Library()


@register.simple_tag(takes_context=True)
def passkeys_work(context: dict[str, Any]) -> bool:
    """Whether browsers hand out passkeys here."""
    return addresses.passkeys_work(context["request"])


@register.simple_tag(takes_context=True)
def local_address(context: dict[str, Any]) -> str:
    """The same page by this machine's name, where that helps."""
    return addresses.local_address(context["request"])
