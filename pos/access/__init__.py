"""Who may do what: operators, roles, rights, limits, PINs, sessions, overrides."""
