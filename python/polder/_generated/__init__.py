"""Written by polder.generate; do not edit."""
