"""Which of Passerelle's processes run, on which machine, and what they did last."""
