"""Values: the interpreter, which works out what an expression may be, across functions, classes and files."""
