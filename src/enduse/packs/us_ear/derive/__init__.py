"""Derived facts of the EAR, one module for each group; each offers `derive(asked) -> Mapping[str, Fact]`."""
