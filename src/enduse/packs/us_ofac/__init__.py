"""US sanctions (31 CFR chapter V) as a rule pack, beside the EAR."""
