"""Where judgements and the population are kept. What any store must do stands in `protocol`; ours is SQLite."""
