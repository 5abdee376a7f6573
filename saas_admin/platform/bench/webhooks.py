"""WhatsApp webhooks as Meta sends them, signed, made before the clock runs."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from uuid import uuid4


@dataclass(frozen=True)
class Number:
    """A connected WhatsApp number."""

    host: str
    port: int
    public_id: str
    number_id: str
    app_secret: str

    @property
    def path(self) -> str:
        return f"/webhooks/whatsapp_cloud/{self.public_id}"

    def request(self, who: int, text: str, path: str | None = None) -> bytes:
        """One message of customer `who`, as the bytes of an HTTP/1.1 request."""
        body = self._body(f"346{who:08d}", text)
        signature = hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()
        head = (
            f"POST {path or self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Content-Type: application/json\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
            f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _body(self, wa_id: str, text: str) -> bytes:
        message = {
            "from": wa_id,
            "id": f"wamid.{uuid4().hex}",
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text},
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "34960135207", "phone_number_id": self.number_id},
            "contacts": [{"profile": {"name": f"Cliente {wa_id[-4:]}"}, "wa_id": wa_id}],
            "messages": [message],
        }
        entry = {"id": "209715200445566", "changes": [{"value": value, "field": "messages"}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
