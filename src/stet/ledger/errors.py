"""What the ledger refuses, with a sentence for whoever has to act on it. No sentence names anybody or an amount."""

from stet.kit.errors import BrokenError, RefusedError, UnreachableError


class ProviderAwayError(UnreachableError):
    """The provider could not be reached, or failed; the same order may be sent again."""


class ProviderRefusedError(RefusedError):
    """The provider said no: a wrong key, a parameter it does not take, an order it does not allow."""


class ProviderMissingError(RefusedError):
    """No provider of that name is set up here."""


class DeliveryRefusedError(RefusedError):
    """A webhook's signature or form is not the provider's."""


class ActRefusedError(RefusedError):
    """A refund or a cancellation that cannot be: too much, twice, or of what is not there."""


class SupportMissingError(UnreachableError):
    """No printed support sheet."""


class SupportBrokenError(BrokenError):
    """A printed support sheet that cannot be read."""
