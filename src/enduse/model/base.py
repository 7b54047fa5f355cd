"""The ground all values stand on: frozen, closed to unknown fields."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value, equal by content; a field it does not know is refused, not dropped."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, serialize_by_alias=True, defer_build=True
    )
