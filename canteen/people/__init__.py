"""Who comes: residents and their cards, diet notes and consents; accounts that sign in; tokens for programs."""
