"""The page. Gradio is imported by its modules, and quickly (without_stubs.py)."""

from drafter.ui.without_stubs import install

install()
