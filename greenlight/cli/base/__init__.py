"""The parts that all commands share: options, output, the way to the service."""
