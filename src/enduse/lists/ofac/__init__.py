"""The formats of the US Treasury (OFAC), shared by the SDN list and the consolidated non-SDN list."""
