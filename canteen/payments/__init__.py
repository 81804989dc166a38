"""Money that diners hand over: wallet, cash, later; online acquirers behind one port."""
