"""The page list and the server's own routes; nothing else."""

import streamlit as st

if __name__ == "__main__":  # at every visit, and in tests
    from pages.widgets.frame import navigate

    navigate()
else:  # imported once, by the server
    from pages.widgets.server import lifespan, middleware, routes

    app = st.App(__file__, routes=routes, middleware=middleware, lifespan=lifespan)
