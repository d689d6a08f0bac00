"""Thin shells that make an aggregate durable: one per aggregate, over one shared journal."""
