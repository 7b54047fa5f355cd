"""Companies the US Department of Defense names as Chinese military companies."""
