"""What a compositor sees: a presenter without Qt, and thin widgets."""
