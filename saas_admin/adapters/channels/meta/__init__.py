"""What WhatsApp Cloud, Messenger and Instagram share: Meta's signature, its Graph API, its error codes."""
