"""The paper engine: turns a filled Word file into pages by itself, one layout for PDF, preview and printer."""
