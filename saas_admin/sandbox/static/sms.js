const WORDS = {
  es: {
    title: 'Twilio de prueba', who: 'Quién eres', to: 'A quién escribes', account: 'Tu cuenta, según la consola de Twilio', copy: 'Copiar', copied: 'Copiado',
    rotate: 'Cambiar el Auth Token', hooked: 'Conectado: los mensajes llegan a la bandeja.', unhooked: 'Todavía sin conectar: pega estos datos en «Canales» › «Twilio».',
    send: 'Enviar', message: 'Mensaje', file: 'Archivo', place: 'Ubicación', stop: 'STOP', start: 'START', hidden: 'número oculto', typing: 'escribe…', offline: 'Sin conexión', online: 'En línea',
    stopped: 'Has escrito STOP: Twilio no le deja escribirte hasta que escribas START.', empty: 'Escribe algo y aparecerá en la bandeja.', placeSent: 'Ubicación', lost: 'sin conexión con el simulador…',
    queued: 'en cola', sent: 'enviado', delivered: 'entregado', read: 'leído', failed: 'falló', undelivered: 'no entregado', order: 'Pedido (tipo sin soporte)', shop: 'Portal de casa',
  },
  en: {
    title: 'Test Twilio', who: 'Who you are', to: 'Who you write to', account: 'Your account, says the Twilio console', copy: 'Copy', copied: 'Copied',
    rotate: 'Change the Auth Token', hooked: 'Connected: messages reach the inbox.', unhooked: 'Not connected yet: paste these in “Channels” › “Twilio”.',
    send: 'Send', message: 'Message', file: 'File', place: 'Location', stop: 'STOP', start: 'START', hidden: 'hidden number', typing: 'typing…', offline: 'Offline', online: 'Online',
    stopped: 'You wrote STOP: Twilio does not let it write to you until you write START.', empty: 'Write something and it shows in the inbox.', placeSent: 'Location', lost: 'no connection to the simulator…',
    queued: 'queued', sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed', undelivered: 'not delivered', order: 'Order (unsupported kind)', shop: 'My front door',
  },
}
const $ = id => document.getElementById(id)
const el = (tag, props = {}, ...inside) => { const e = Object.assign(document.createElement(tag), props); e.append(...inside); return e }
const query = new URLSearchParams(location.search)
let lang = localStorage.getItem('sms.lang') || (navigator.language.startsWith('es') ? 'es' : 'en')
let me = query.get('me') || '', chosen = query.get('sender') || '', state, seen = ''
const w = key => WORDS[lang][key] || key
const sender = () => state?.senders.find(s => s.sid === chosen) || state?.senders[0]
const post = (path, said) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(said) })
const say = async what => { if (sender()) { await post('/sms/do', { me: state.me.number, sender: sender().sid, ...what }); await load() } }

async function load() {
  try {
    state = await (await fetch(`/sms/state?me=${encodeURIComponent(me)}`)).json()
    draw()
  } catch { $('sub').textContent = w('lost') }
}

function pressed(on, words, onclick) { return el('button', { className: 'soft', ariaPressed: String(on), textContent: words, onclick }) }

function draw() {
  const s = sender()
  const drawn = JSON.stringify([state, chosen, lang])
  if (drawn === seen) return
  seen = drawn
  document.documentElement.lang = lang
  document.title = w('title')
  for (const e of document.querySelectorAll('[data-w]')) e.textContent = w(e.dataset.w)
  for (const e of document.querySelectorAll('[data-lang]')) e.ariaPressed = String(e.dataset.lang === lang)
  $('words').placeholder = w('message'); $('words').ariaLabel = w('message')
  if (!s) return
  $('app').className = s.is_whatsapp ? 'wa' : ''
  $('people').replaceChildren(...state.people.map(p => pressed(p.number === state.me.number, p.name + (p.is_hidden ? ` · ${w('hidden')}` : ''), () => { me = p.number; load() })))
  $('senders').replaceChildren(...state.senders.map(x => pressed(x.sid === s.sid, `${x.is_whatsapp ? 'WhatsApp' : 'SMS'} · ${x.address.split(':').pop()}`, () => { chosen = x.sid; draw() })))
  $('keys').replaceChildren(...[['Account SID', s.account_sid], ['Auth Token', s.auth_token], ['From', s.address]].flatMap(([name, value]) => {
    const copy = el('button', { className: 'soft', textContent: w('copy'), ariaLabel: `${w('copy')}: ${name}` })
    copy.onclick = async () => { await navigator.clipboard.writeText(value); copy.textContent = w('copied') }
    return [el('dt', { textContent: name }), el('dd', {}, el('code', { textContent: value }), copy)]
  }))
  $('hook').textContent = w(s.is_connected ? 'hooked' : 'unhooked')
  document.querySelector('.face').textContent = s.name.slice(0, 1)
  $('name').textContent = s.name
  $('sub').textContent = s.typing ? w('typing') : `${s.is_whatsapp ? 'WhatsApp' : 'SMS'} · ${s.address.split(':').pop()}`
  $('online').textContent = w(state.me.is_online ? 'online' : 'offline')
  $('online').ariaPressed = String(state.me.is_online)
  $('note').hidden = !s.is_stopped
  $('note').textContent = w('stopped')
  $('more').replaceChildren(
    el('button', { className: 'soft', textContent: w('file'), onclick: () => $('file').click() }),
    ...(s.is_whatsapp ? [
      el('button', { className: 'soft', textContent: w('place'), onclick: () => say({ do: 'location', latitude: 39.469907, longitude: -0.376288, label: w('shop') }) }),
      el('button', { className: 'soft', textContent: w('order'), onclick: () => say({ do: 'unknown' }) }),
    ] : ['stop', 'start'].map(word => el('button', { className: 'soft', textContent: w(word), onclick: () => say({ do: 'text', text: w(word) }) }))))
  const talk = $('talk')
  talk.replaceChildren(...(s.messages.length ? s.messages.map(bubble) : [el('div', { className: 'empty' }, w('empty'))]))
  talk.scrollTop = talk.scrollHeight
}

function bubble(m) {
  const b = el('div', { className: 'b' })
  for (const f of m.files) {
    const kind = f.mime.split('/')[0]
    if (kind === 'image') b.append(el('img', { src: f.url, alt: f.name, onload: () => { $('talk').scrollTop = $('talk').scrollHeight } }))
    else if (kind === 'audio' || kind === 'video') b.append(el(kind, { src: f.url, controls: true }))
    else b.append(el('a', { href: f.url, download: f.name, textContent: f.name }))
  }
  if (m.place) b.append(el('div', { textContent: `${w('placeSent')}${m.place === '…' ? '' : `: ${m.place}`}` }))
  b.append(el('div', { textContent: m.body || (m.files.length || m.place ? '' : w('order')) }))
  const time = new Date(m.at * 1000).toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' })
  const foot = el('div', { className: 't' }, el('span', { className: m.error_code ? 'bad' : '', textContent: m.is_mine ? '' : `${w(m.status)}${m.error_code ? ` ${m.error_code}` : ''}` }), time)
  const keys = el('div', { className: 'k' }, ...m.buttons.filter(k => k.type === 'QUICK_REPLY').map(k => el('button', { textContent: k.title, onclick: () => say({ do: 'tap', title: k.title, id: k.id, quoted: m.sid }) })))
  return el('div', { className: m.is_mine ? 'm me' : 'm' }, b, keys, foot)
}

$('form').onsubmit = event => {
  event.preventDefault()
  const text = $('words').value.trim()
  if (text) say({ do: 'text', text })
  $('words').value = ''
}
$('file').onchange = async () => {
  const form = new FormData()
  form.append('file', $('file').files[0])
  const stored = await (await fetch('/sms/files', { method: 'POST', body: form })).json()
  await say({ do: 'file', file: stored.file, caption: $('words').value.trim() })
  $('file').value = $('words').value = ''
}
$('online').onclick = () => say({ do: 'online', on: !state.me.is_online })
$('rotate').onclick = async () => { await post('/_control/twilio/rotate', { account: sender().account_sid }); await load() }
for (const e of document.querySelectorAll('[data-lang]')) e.onclick = () => { lang = e.dataset.lang; localStorage.setItem('sms.lang', lang); draw() }
await load()
setInterval(async () => {
  if (document.hidden || !sender()) return
  await post('/sms/do', { me: state.me.number, sender: sender().sid, do: 'look' })
  await load()
}, 1000)
