window.WORDS = {
  es: {
    title: "Teléfono de prueba", lead: "Aquí eres la clienta o el cliente. Lo que escribas sale como un mensaje de WhatsApp de verdad: pasa por la API simulada de Meta y llega firmado a la bandeja.",
    who: "¿Quién eres?", other: "Otra persona", otherHint: "Con su nombre y su número", name: "Nombre", number: "Número con prefijo", numberBad: "Escribe el número con su prefijo, por ejemplo +34 611 20 48 73", enter: "Entrar", cancel: "Cancelar",
    tryTitle: "Prueba esto", try1: "Escribe a Café Alborada y mira cómo aparece en la bandeja.", try2: "Contesta desde la bandeja: verás los ticks cambiar.", try3: "Apaga la conexión, responde, y enciéndela otra vez.",
    offline: "Sin conexión", offlineHint: "Los mensajes quedan en un tick", open: "Abrir", shop: "Tienda con el chat", meta: "Panel de Meta simulado", lang: "English",
    chats: "Chats", nobody: "Todavía no hay empresas con número. Se dan de alta al preparar la demo o en el panel de Meta.", noMessages: "Escríbeles y aparecerá en su bandeja", you: "Tú", online: "en línea", typing: "escribiendo…", business: "Cuenta de empresa",
    write: "Mensaje", today: "Hoy", yesterday: "Ayer", encrypted: "Los mensajes de este teléfono no salen de tu ordenador.",
    photo: "Foto", document: "Documento", audio: "Audio", voice: "Nota de voz", location: "Ubicación", contact: "Contacto", poll: "Encuesta", pollText: "Encuesta: ¿qué café llevo a la oficina?", video: "Vídeo", sticker: "Sticker", template: "Plantilla", reaction: "Reacción",
    reply: "Responder", copy: "Copiar", send: "Enviar", record: "Grabar nota de voz", stop: "Enviar la nota", attach: "Adjuntar", back: "Volver", change: "Cambiar de persona", options: "Opciones del mensaje",
    recording: "Grabando", discard: "Descartar", noMic: "El navegador no da acceso al micrófono. Adjunta un audio en su lugar.", uploadBad: "No se pudo subir el archivo", lost: "Sin conexión con el simulador. Reintentando…", seeMap: "Ver en el mapa", caption: "Añade un comentario", unsupported: "Mensaje no compatible", failed: "no salió",
  },
  en: {
    title: "Test phone", lead: "Here you are the customer. What you write leaves as a real WhatsApp message: through the simulated Meta API, signed, into the inbox.",
    who: "Who are you?", other: "Someone else", otherHint: "With a name and a number", name: "Name", number: "Number with country code", numberBad: "Write the number with its country code, for example +34 611 20 48 73", enter: "Enter", cancel: "Cancel",
    tryTitle: "Try this", try1: "Write to Café Alborada and watch it appear in the inbox.", try2: "Answer from the inbox: the ticks change.", try3: "Switch the connection off, answer, and switch it on again.",
    offline: "Offline", offlineHint: "Messages stay at one tick", open: "Open", shop: "Shop with the chat", meta: "Simulated Meta panel", lang: "Español",
    chats: "Chats", nobody: "No company has a number yet. They register when the demo is prepared, or in the Meta panel.", noMessages: "Write to them and it shows in their inbox", you: "You", online: "online", typing: "typing…", business: "Business account",
    write: "Message", today: "Today", yesterday: "Yesterday", encrypted: "This phone's messages do not leave your computer.",
    photo: "Photo", document: "Document", audio: "Audio", voice: "Voice note", location: "Location", contact: "Contact", poll: "Poll", pollText: "Poll: which coffee do I take to the office?", video: "Video", sticker: "Sticker", template: "Template", reaction: "Reaction",
    reply: "Reply", copy: "Copy", send: "Send", record: "Record a voice note", stop: "Send the note", attach: "Attach", back: "Back", change: "Be someone else", options: "Message options",
    recording: "Recording", discard: "Discard", noMic: "The browser gives no access to the microphone. Attach an audio file instead.", uploadBad: "The file could not be uploaded", lost: "No connection to the simulator. Trying again…", seeMap: "See on the map", caption: "Add a caption", unsupported: "Unsupported message", failed: "did not leave",
  },
};
