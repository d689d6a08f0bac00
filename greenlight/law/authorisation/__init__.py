"""The question that others ask all day: may this item go to this party now, and under what?"""
