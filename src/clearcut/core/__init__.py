"""What decides: values and pure functions. No I/O, no clock, nothing but the standard library."""
