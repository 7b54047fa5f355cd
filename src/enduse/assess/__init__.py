"""SHOULD WE? Red flags, plausibility and patterns of diversion, weighed into odds with every reason shown."""

from enduse.assess.answer import assess, reweighed
from enduse.assess.profile import Profile, read_profile, standard

__all__ = ["Profile", "assess", "read_profile", "reweighed", "standard"]
