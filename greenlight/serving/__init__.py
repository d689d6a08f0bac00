"""The parts that programs share which answer by HTTP: house, limits, server and start."""
