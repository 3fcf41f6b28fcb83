"""Hiding in a text whose it is; knows nothing of Django."""

from grandtour.blinding.pieces import HIDDEN, Phrase, Piece, blind, pieces, tells

__all__ = ["HIDDEN", "Phrase", "Piece", "blind", "pieces", "tells"]
