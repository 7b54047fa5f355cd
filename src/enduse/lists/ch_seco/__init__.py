"""Switzerland's sanctions addressees (SECO)."""
