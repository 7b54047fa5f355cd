"""The UK Sanctions List, the single British list since 2026."""
