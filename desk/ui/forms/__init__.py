"""Forms: one per input class of `desk/rules/inputs.py`, built from its questions."""

from __future__ import annotations

from desk.ui.forms.form import FormDialog
from desk.ui.forms.opening import deliver, open_form

__all__ = ["FormDialog", "deliver", "open_form"]
