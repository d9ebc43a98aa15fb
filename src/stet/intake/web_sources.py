"""What a text asks of the archive that it stands in: which photo an address means, where a link leads now."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Sources:
    """What the archive can tell about addresses and numbers in a text."""

    photo: Callable[[str, str], str | None]
    """(address, number of the attachment or "") → source id of a photo that was found."""
    file: Callable[[str], str | None]
    """Address → source id of a sound or document that was found."""
    link: Callable[[str], str]
    """Address of a link → the one to keep: our own pages become records."""
    attached: tuple[str, ...] = ()
    """Source ids of the photos that belong to this article, for a gallery that names none."""
    gallery: Callable[[str], tuple[str, ...]] = lambda _numbers: ()
    """Numbers, with commas → source ids of the photos that were found."""
    caption: Callable[[str], str] = lambda _source_id: ""
    """Source id of a photo → its caption in the archive."""
