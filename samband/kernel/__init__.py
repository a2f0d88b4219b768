"""Words every room may use. No framework lives here."""
