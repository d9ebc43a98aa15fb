"""Rows of the room: appeals, the support page, and the switch that silences all asking."""
