"""Entitlement and money: who is helped, with how much, who owes whom. Never HTTP or menus."""
