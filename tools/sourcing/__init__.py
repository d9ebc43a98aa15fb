"""Measuring the attribution assistant on labelled text."""
