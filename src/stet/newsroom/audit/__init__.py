"""What was done at the desk and by whom: Wagtail's log, which nobody alters, with rights, exports and a report."""
