"""The Security Council's consolidated list of all committees."""
