"""Counts in raw text: numbers, their hedges, and what is no count. Shared by the stages; imports no parser."""

from tocsin.quantities.nouns import peoples, person_nouns
from tocsin.quantities.reading import Quantity, find_quantities

__all__ = ["Quantity", "find_quantities", "peoples", "person_nouns"]
