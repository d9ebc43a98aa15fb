"""Rows of the room: appeals, the support page, and the switch that silences all asking."""

from stet.appeals.models.support import SupportPage

__all__ = ["SupportPage"]
