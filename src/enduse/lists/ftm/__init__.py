"""FollowTheMoney entities from any source."""
