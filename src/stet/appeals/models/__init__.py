"""Rows of the room: appeals and their codes, the support page, and the switch that silences all asking."""

from stet.appeals.models.appeals import Appeal, AppealVariant
from stet.appeals.models.campaigns import Campaign
from stet.appeals.models.silence import Silence, current_silence, set_silence
from stet.appeals.models.support import SupportPage

__all__ = ["Appeal", "AppealVariant", "Campaign", "Silence", "SupportPage", "current_silence", "set_silence"]
