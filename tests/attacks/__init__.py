"""The published ways into Gradio, and a few more, each tried on the real page.

An id (CVE, GHSA, or issue of gradio-app/gradio) stands only where it was looked up: the GitHub
advisory database's entries for gradio as listed by OSV, and the issues themselves (2026-11-21).
"""
