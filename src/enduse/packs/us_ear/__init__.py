"""The US Export Administration Regulations (15 CFR Parts 730-774)."""
