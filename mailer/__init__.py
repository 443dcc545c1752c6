"""The newsletter and postal-mail campaign engine for service firms."""

__version__ = "0.1.0"
