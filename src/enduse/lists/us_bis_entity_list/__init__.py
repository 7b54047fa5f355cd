"""The Entity List as Supplement No. 4 to Part 744 of the EAR prints it."""
