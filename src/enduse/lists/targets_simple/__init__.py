"""The simplified table of targets that OpenSanctions and others publish."""
