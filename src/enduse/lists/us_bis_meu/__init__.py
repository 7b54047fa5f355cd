"""The Military End-User List as Supplement No. 7 to Part 744 of the EAR prints it."""
