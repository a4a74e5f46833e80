"""The catalogue of layers as TOML: one table a layer, with its columns, ranges, code lists and headers in use."""
