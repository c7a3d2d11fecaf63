"""The questions, and what a learner remembers of them. Knows neither the screen, nor the demos, nor torch."""
