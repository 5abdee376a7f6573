"""The product's name: a working name, so it lives in this one place."""

NAME = "Mostrador"
