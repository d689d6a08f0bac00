"""Commands that ask the law: is a license required, and under what may an item go."""
