"""Canada's autonomous sanctions (SEMA and JVCFOA)."""
