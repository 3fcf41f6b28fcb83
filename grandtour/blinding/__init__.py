"""Hiding in a text whose it is; knows nothing of Django."""

from grandtour.blinding.patterns import Phrase
from grandtour.blinding.pieces import HIDDEN, Piece, blind, pieces, tells

__all__ = ["HIDDEN", "Phrase", "Piece", "blind", "pieces", "tells"]
