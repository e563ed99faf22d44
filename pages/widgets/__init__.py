"""All Streamlit code that two pages share."""
