"""The page: what leaves a notebook, how it looks, and what is refused."""
