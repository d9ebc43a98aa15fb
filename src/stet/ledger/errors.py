"""What the ledger refuses, with a sentence for whoever has to act on it. No sentence names anybody or an amount."""

from stet.kit.errors import StetError


class ProviderAwayError(StetError):
    """The provider could not be reached, or failed; the same order may be sent again."""


class ProviderRefusedError(StetError):
    """The provider said no: a wrong key, a parameter it does not take, an order it does not allow."""


class DeliveryRefusedError(StetError):
    """A webhook's signature or form is not the provider's."""


class WishChangedError(StetError):
    """An order's uid stands for another order."""


class SupportMissingError(StetError):
    """No printed support sheet."""


class SupportBrokenError(StetError):
    """A printed support sheet that cannot be read."""
