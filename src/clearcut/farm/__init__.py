"""Plans and job templates for render farms."""
