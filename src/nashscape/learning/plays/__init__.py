"""Games that are only played: rounds of many episodes side by side, and what rules learn from them."""
