"""Semascope's core: text, encoders, runs and answers. Nothing in here imports Streamlit."""
