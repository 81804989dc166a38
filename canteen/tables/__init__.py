"""Files of other people's making: read with care, understood by their headers, staged until somebody says yes."""
