"""The made-up survey of Hequ County on its real frame: a county folder to try everything on."""

from riskmap.demo.make import make_demo

__all__ = ["make_demo"]
