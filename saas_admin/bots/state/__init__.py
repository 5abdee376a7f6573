"""The States of the bots pages."""
