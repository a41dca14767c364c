"""Runs an example inside a Keras process, statement by statement, and finds what it made."""

import ast

NAME = "<example>"  # no file has it: AutoGraph would read the source of functions there, at the rows of the example

Namespace = dict[str, object]


def parsed(text: str, package: str) -> list[ast.stmt]:
    """The statements of a program, with the imports of Keras turned to `package`.

    Raises:
        SyntaxError: The program is not Python.
    """
    tree = ast.parse(text, NAME)
    for node in ast.walk(tree):
        _turn(node, package)
    return ast.fix_missing_locations(tree).body


def is_import(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Try):
        return all(map(is_import, statement.body))
    return isinstance(statement, ast.Import | ast.ImportFrom)


def run(statement: ast.stmt, namespace: Namespace) -> list[object]:
    """Run one statement and give the values that it shows: its own, or those of the names it assigns."""
    if isinstance(statement, ast.Expr):
        code = compile(ast.Expression(statement.value), NAME, "eval")
        return [eval(code, namespace)]
    exec(compile(ast.Module([statement], []), NAME, "exec"), namespace)
    return [namespace[name] for name in _assigned(statement) if name in namespace]


def _assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return []
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _turn(node: ast.AST, package: str) -> None:
    """Make an import statement that names Keras name `package` instead."""
    if isinstance(node, ast.Import):
        node.names = [alias for name in node.names for alias in _turned(name, package)]
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and _is_keras(node.module or ""):
        node.module = _renamed(node.module or "", package)


def _turned(alias: ast.alias, package: str) -> list[ast.alias]:
    if not _is_keras(alias.name):
        return [alias]
    if alias.asname:
        return [ast.alias(_renamed(alias.name, package), alias.asname)]
    submodule = [ast.alias(_renamed(alias.name, package))] if "." in alias.name else []
    return [*submodule, ast.alias(package, "keras")]


def _renamed(module: str, package: str) -> str:
    return package + module.removeprefix("keras")


def _is_keras(module: str) -> bool:
    return module == "keras" or module.startswith("keras.")
