"""The made-up county: `make_demo` writes its survey, `make_given` the products that other departments finished."""

from riskmap.demo.make import is_demo, make_demo, make_given

__all__ = ["is_demo", "make_demo", "make_given"]
