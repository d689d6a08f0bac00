"""Two releases side by side: this code with an aggregate as it was, and as a later one has it."""
