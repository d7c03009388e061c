"""Errors of calibration."""

from __future__ import annotations

from olive.errors import OliveError


class CalibrationError(OliveError):
    """The tables, the weights or the targets cannot be calibrated as given."""


class WhereError(CalibrationError):
    """A `where` expression cannot be read, or names a column or code that does not exist."""


class InfeasibleError(CalibrationError):
    """No weights within the bounds meet the targets within their tolerances.

    Attributes
    ----------
    offenders : tuple of str
        Identifiers of targets that cannot be met together, proved by the message.
    """

    def __init__(self, message: str, offenders: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.offenders = offenders
