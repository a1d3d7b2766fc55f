"""What is measured, with one command: ``python -m benchmarks NAME [--quick] [--json]``."""
