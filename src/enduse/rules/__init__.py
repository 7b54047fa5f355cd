"""How law is read: facts, evaluation, packs. The engine knows no law."""
