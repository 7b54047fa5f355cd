"""The US Consolidated Screening List: one file that carries the lists of Commerce, State and the Treasury."""
