"""The two kinds of trouble that a person at the desk is told about; anything else is a bug and is not caught."""

from __future__ import annotations


class Refused(Exception):
    """The rules say no. The text is the Indonesian sentence to show: the thing, the reason, the next step."""


class Unavailable(Exception):
    """Something outside failed (database, file, printer). The text is the sentence to show; nothing was done."""


class Overtaken(Refused):
    """A colleague changed the same thing since the form was opened: the form compares the two and goes on."""
