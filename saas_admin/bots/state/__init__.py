"""The States of the bot's pages."""
