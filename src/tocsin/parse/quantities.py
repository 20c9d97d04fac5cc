"""Counts of a text: the reader of `tocsin.quantities`, which extractors use too, under the name of its stage."""

from tocsin.quantities import Quantity, find_quantities

__all__ = ["Quantity", "find_quantities"]
