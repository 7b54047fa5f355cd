"""Specially Designated Nationals and Blocked Persons (US Treasury, OFAC)."""
