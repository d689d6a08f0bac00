"""Policies tried: over a life that is known, and over futures at random."""
