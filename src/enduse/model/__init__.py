"""The words: frozen values that say what they are; no logic beyond what a value knows of itself."""
