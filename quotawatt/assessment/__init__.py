"""What people confirm for the yearly assessment, kept in the record store."""

from quotawatt.assessment.confirmations import Confirmation, confirm, confirmations

__all__ = ["Confirmation", "confirm", "confirmations"]
