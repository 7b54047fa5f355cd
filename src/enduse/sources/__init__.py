"""Where lists come from and are kept: finding list folders, reading strictly, snapshots, and the only network."""
