"""The language server: what `kreglint check` finds, shown by an editor while one types (needs the extra `lsp`)."""
