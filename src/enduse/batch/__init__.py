"""Many parties at once: files in, files out, two processes, resumable, every broken row accounted for.

`rows` and `answers` are pure (a row to a party, hits to rows); `frame` and `parts` read and write files; `run` and
`rescreen` go through them in pieces and remember where they stopped.
"""
