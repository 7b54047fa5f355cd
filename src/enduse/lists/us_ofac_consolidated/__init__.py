"""The consolidated non-SDN lists (US Treasury, OFAC): SSI, CMIC, MBS, CAPTA, FSE, PLC."""
