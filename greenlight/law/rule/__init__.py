"""A rule of the regulation on its way through time: adopted, suspended, extended, in force again, withdrawn.

What it says is elsewhere in the law; here is whether it counts at an instant, as known at another.
"""
