"""`python -m tests.trust.mutants`: are the tests of the rules tests?

Mutants are those mutmut makes of the functions of the modules below; `--count` of them are drawn
by a seed. mutmut's own run can neither draw nor choose tests by module, so it makes the mutants
here and this module runs them: each in a process forked from one that has everything imported but
our code, against the quick tests of its module. A survivor is a fault of the tests, or changes
nothing that can be seen; then `survivors.toml` says why.
"""
