"""Viva's face: the Textual app, the plain mode and the command line. Never imports torch."""

__version__ = "0.1.0"
