"""Entities under Japan's export prohibitions."""
