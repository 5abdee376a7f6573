"""A hat shop's FAQs, three ways of asking each."""

from saas_admin.bots.answering.index import FaqEntry

HATS = (
    FaqEntry(
        "horario",
        ("¿A qué hora abre la tienda?", "Horario de apertura", "¿Abren los sábados?"),
        "Abrimos de lunes a sábado de 10 a 20 h.",
    ),
    FaqEntry(
        "lavado",
        ("¿Cómo se lava un sombrero de fieltro?", "Cuidados del fieltro", "¿Puedo mojar el sombrero?"),
        "Cepíllalo en seco y no lo metas en la lavadora.",
    ),
    FaqEntry(
        "talla",
        ("¿Cómo sé mi talla de sombrero?", "Guía de tallas", "¿Qué medida tiene mi cabeza?"),
        "Mide el contorno de la cabeza con una cinta.",
    ),
    FaqEntry(
        "regalo",
        ("¿Envuelven para regalo?", "Papel de regalo", "Quiero una caja bonita con lazo"),
        "Sí, gratis en todos los pedidos.",
    ),
)
