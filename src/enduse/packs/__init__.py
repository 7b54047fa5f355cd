"""Rule packs: one folder per jurisdiction, data a jurist can read."""
