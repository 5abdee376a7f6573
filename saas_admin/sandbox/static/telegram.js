const WORDS = {
  es: {
    who: 'Quién eres', father: 'Tu bot, según @BotFather', copy: 'Copiar token', copied: 'Copiado', revoke: 'Revocar token',
    hooked: 'Conectado: los mensajes le llegan.', unhooked: 'Todavía sin conectar: pega el token en «Canales» › «Telegram».',
    send: 'Enviar', message: 'Mensaje', start: 'Iniciar', hello: 'Pulsa «Iniciar» para hablar con este bot.',
    block: 'Bloquear', unblock: 'Desbloquear', blocked: 'Lo tienes bloqueado: no puede escribirte.', bot: 'bot', typing: 'escribe…',
    photo: 'Archivo', place: 'Ubicación', contact: 'Mi teléfono', poll: 'Encuesta', reply: 'Responder', edit: 'Editar', edited: 'editado',
    like: 'Me gusta', cancel: 'Quitar', placeOf: 'Ubicación', pollOf: 'Encuesta', file: 'Archivo', replying: 'Respondes a', editing: 'Editas',
    none: 'No hay ningún bot.', title: 'Telegram de prueba', waits: 'espera respuesta del bot…', offline: 'sin conexión…',
  },
  en: {
    who: 'Who you are', father: 'Your bot, says @BotFather', copy: 'Copy token', copied: 'Copied', revoke: 'Revoke token',
    hooked: 'Connected: it gets your messages.', unhooked: 'Not connected yet: paste the token in “Channels” › “Telegram”.',
    send: 'Send', message: 'Message', start: 'Start', hello: 'Press “Start” to talk to this bot.',
    block: 'Block', unblock: 'Unblock', blocked: 'You have blocked it: it cannot write to you.', bot: 'bot', typing: 'typing…',
    photo: 'File', place: 'Location', contact: 'My phone', poll: 'Poll', reply: 'Reply', edit: 'Edit', edited: 'edited',
    like: 'Like', cancel: 'Remove', placeOf: 'Location', pollOf: 'Poll', file: 'File', replying: 'Replying to', editing: 'Editing',
    none: 'There is no bot.', title: 'Test Telegram', waits: 'waiting for the bot…', offline: 'offline…',
  },
}
const $ = id => document.getElementById(id)
const el = (tag, props = {}, ...inside) => { const e = Object.assign(document.createElement(tag), props); e.append(...inside); return e }
const query = new URLSearchParams(location.search)
let lang = localStorage.getItem('telegram.lang') || (navigator.language.startsWith('es') ? 'es' : 'en')
let state, socket, botId = Number(query.get('bot')) || 0, quoted = null, editing = null, seen = ''
const w = key => WORDS[lang][key]
const bot = () => state?.bots.find(b => b.id === botId) || state?.bots.find(b => b.is_connected) || state?.bots[0]
const say = what => { if (bot() && socket.readyState === 1) socket.send(JSON.stringify({ bot: bot().id, ...what })) }

function connect() {
  socket = new WebSocket(`${location.origin.replace('http', 'ws')}/telegram/ws?me=${query.get('me') || ''}`)
  socket.onmessage = event => { state = JSON.parse(event.data); draw() }
  socket.onclose = () => { $('sub').textContent = w('offline'); setTimeout(connect, 1000) }
}

function draw() {
  document.documentElement.lang = lang
  document.title = w('title')
  for (const e of document.querySelectorAll('[data-w]')) e.textContent = w(e.dataset.w)
  for (const e of document.querySelectorAll('[data-lang]')) e.ariaPressed = String(e.dataset.lang === lang)
  $('words').placeholder = w('message'); $('words').ariaLabel = w('message')
  if (!state) return
  $('people').replaceChildren(...state.people.map(p => el('button', { className: 'soft', ariaPressed: String(p.id === state.me.id), textContent: p.first_name, onclick: () => { location.search = `?me=${p.id}` } })))
  const b = bot()
  if (!b) { $('name').textContent = w('none'); return }
  $('bot').textContent = `${b.name} · @${b.username}`
  $('token').textContent = b.token
  $('hook').textContent = w(b.is_connected ? 'hooked' : 'unhooked')
  document.querySelector('.face').textContent = b.name.slice(0, 1)
  $('name').textContent = b.name
  $('sub').textContent = b.typing > 0 ? w('typing') : w('bot')
  if (b.typing > 0) setTimeout(() => { b.typing = 0; $('sub').textContent = w('bot') }, b.typing * 1000)
  $('block').textContent = w(b.is_blocked ? 'unblock' : 'block')
  $('block').hidden = !b.is_started
  $('more').replaceChildren(...[['photo', () => $('file').click()], ['place', () => say({ do: 'location', latitude: 43.3183, longitude: -1.9812 })],
    ['contact', () => say({ do: 'contact' })], ['poll', () => say({ do: 'poll' })]].map(([key, act]) => el('button', { className: 'soft', type: 'button', textContent: w(key), onclick: act })))
  const target = quoted || editing
  $('note').hidden = !target && !b.is_blocked
  $('note').replaceChildren(target ? `${w(editing ? 'editing' : 'replying')}: ${words(target).slice(0, 60)}` : w('blocked'),
    ...(target ? [el('button', { textContent: w('cancel'), onclick: () => { quoted = editing = null; draw() } })] : []))
  const talk = $('talk')
  if (!b.is_started) {
    talk.replaceChildren(el('div', { className: 'empty' }, el('span', { textContent: w('hello') }), el('button', { textContent: w('start'), onclick: () => say({ do: 'text', text: '/start' }) })))
    return
  }
  const drawn = JSON.stringify([b.messages, b.waits, lang])
  if (drawn === seen) return
  seen = drawn
  talk.replaceChildren(...b.messages.map(bubble), ...(b.waits ? [el('small', { textContent: w('waits') })] : []))
  talk.scrollTop = talk.scrollHeight
}

function words(m) {
  return m.text || m.caption || (m.location ? `${w('placeOf')}: ${m.venue?.title || [m.location.latitude, m.location.longitude].join(', ')}` : m.contact ? `${m.contact.first_name} · ${m.contact.phone_number}` : m.poll ? `${w('pollOf')}: ${m.poll.question}` : m.file?.name || w('file'))
}

function bubble(m) {
  const me = !m.from.is_bot, b = el('div', { className: 'b' })
  if (m.reply_to_message) b.append(el('div', { className: 'q', textContent: words(m.reply_to_message) }))
  if (m.file) {
    const kind = m.file.mime.split('/')[0]
    if (kind === 'image') b.append(el('img', { src: m.file.url, alt: m.file.name, onload: () => { $('talk').scrollTop = $('talk').scrollHeight } }))
    else if (kind === 'audio' || kind === 'video') b.append(el(kind, { src: m.file.url, controls: true }))
    else b.append(el('a', { href: m.file.url, download: m.file.name, textContent: m.file.name }))
    if (m.caption) b.append(el('div', { textContent: m.caption }))
  } else b.append(words(m))
  const time = new Date(m.date * 1000).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' })
  const liked = m.reactions?.length ? m.reactions[0].emoji : ''
  const foot = el('div', { className: 't' }, `${liked} ${m.edit_date ? w('edited') : ''} ${time}`.trim(),
    el('button', { textContent: '↩', ariaLabel: w('reply'), onclick: () => { quoted = m; editing = null; draw(); $('words').focus() } }),
    ...(me ? (m.text ? [el('button', { textContent: '✎', ariaLabel: w('edit'), onclick: () => { editing = m; quoted = null; draw(); $('words').value = m.text; $('words').focus() } })] : [])
      : [el('button', { textContent: liked ? '♥' : '♡', ariaLabel: w('like'), onclick: () => say({ do: 'react', id: m.message_id, emoji: liked ? '' : '❤' }) })]))
  const rows = m.reply_markup?.inline_keyboard || []
  const keys = el('div', { className: 'k' }, ...rows.flatMap((row, r) => row.map((k, c) => k.url
    ? el('a', { href: k.url, target: '_blank', rel: 'noopener noreferrer', textContent: `${k.text} ↗` })
    : el('button', { textContent: k.text, onclick: () => say({ do: 'tap', id: m.message_id, row: r, column: c }) }))))
  return el('div', { className: me ? 'm me' : 'm' }, b, ...(rows.length ? [keys] : []), foot)
}

$('form').onsubmit = event => {
  event.preventDefault()
  const text = $('words').value.trim()
  if (!text) return
  say(editing ? { do: 'edit', id: editing.message_id, text } : { do: 'text', text, quoted: quoted?.message_id })
  $('words').value = ''
  quoted = editing = null
  draw()
}
$('file').onchange = async () => {
  const form = new FormData()
  form.append('file', $('file').files[0])
  const stored = await (await fetch('/telegram/files', { method: 'POST', body: form })).json()
  say({ do: 'file', file: stored.file, caption: $('words').value.trim(), quoted: quoted?.message_id })
  $('file').value = $('words').value = ''
}
$('block').onclick = () => say({ do: bot().is_blocked ? 'unblock' : 'block' })
$('copy').onclick = async () => { await navigator.clipboard.writeText(bot().token); $('copy').textContent = w('copied') }
$('revoke').onclick = () => fetch('/_control/telegram/revoke', { method: 'POST', body: JSON.stringify({ bot: bot().id }) })
for (const e of document.querySelectorAll('[data-lang]')) e.onclick = () => { lang = e.dataset.lang; localStorage.setItem('telegram.lang', lang); seen = ''; draw() }
draw()
connect()
