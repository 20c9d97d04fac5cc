"""How far two places lie apart, and whether they can be one by how precise they are."""

from __future__ import annotations

import math

from tocsin.ledger import Locus

NEAR_KM = 2.0  # within which two points are one place: gazetteers differ by so much about a town's centre
TOWN_KM = 12.0  # within which a village and the town it is near to may be meant
RADIUS_KM = {"exact": 5.0, "area": 60.0, "admin": 80.0, "country": 600.0}  # where a place has no radius of its own


def apart(one: Locus | None, other: Locus | None) -> float | None:
    """The distance in kilometres of two places that cannot be one, None where they can."""
    if one is None or other is None or one.lat is None or other.lat is None:
        return None
    if "country" in (one.precision, other.precision):
        return (
            None
            if one.country == other.country or one.country is None or other.country is None
            else distance_km(one, other)
        )
    distance = distance_km(one, other)
    both_exact = one.precision == other.precision == "exact"
    reach = TOWN_KM if both_exact else radius(one) + radius(other)
    return None if distance <= reach or one.name == other.name else distance


def radius(one: Locus) -> float:
    """Kilometres about its point within which a place lies."""
    return max(one.radius_km or 0.0, 5.0) if one.radius_km else RADIUS_KM.get(one.precision, 5.0)


def distance_km(one: Locus, other: Locus) -> float:
    """Great-circle distance in kilometres (haversine, mean radius of the earth 6,371 km)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (one.lat or 0.0, one.lon or 0.0, other.lat or 0.0, other.lon or 0.0))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))
