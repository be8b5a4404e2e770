"""What the PostgreSQL store keeps, refuses and gives back."""
