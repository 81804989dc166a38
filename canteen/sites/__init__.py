"""Where food is cooked and served, by whom, and when: operators, kitchens, canteens, hours, devices."""
