"""Explanations of overruns (超定额说明): written by officers, decided by managers, kept with every step."""
