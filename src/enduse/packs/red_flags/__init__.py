"""Red flags of end use and diversion, as rules and tables."""
