"""What is measured, and the commands behind docs/benchmarks.md."""
