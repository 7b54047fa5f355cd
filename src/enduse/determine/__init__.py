"""May we? Scope, then prohibitions, requirements, exceptions, bars: the law's own order, no priorities."""

from enduse.determine.answer import determine

__all__ = ["determine"]
