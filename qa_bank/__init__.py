"""The questions, and what a learner remembers of them."""
