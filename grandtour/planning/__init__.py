"""Who travels with whom, where and when; pure, so that a test can say why.

Read `problem` first: it holds every word. `solver.solve` answers, `verify` checks the answer
without it, `why` explains it, `acceptance` holds two simple ways against it.
"""
