"""Clearcut: no shot is published that shows a performer's replica without a valid licence."""

__version__ = "0.1.0"
