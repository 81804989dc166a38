"""What diners themselves say of their meals: evidence from outside the counter that wrote them."""
