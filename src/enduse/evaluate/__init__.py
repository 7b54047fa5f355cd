"""How right are we? Published cases held against our answers, wrong ones counted in both directions."""
