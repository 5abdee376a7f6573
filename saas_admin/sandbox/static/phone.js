// The simulated phone. No framework: a state, a socket, and functions that draw.

const $ = (id) => document.getElementById(id);
const stored = (key, value) => (value === undefined ? localStorage.getItem(`phone.${key}`) : localStorage.setItem(`phone.${key}`, value));
const state = {
  lang: stored("lang") || (navigator.language.startsWith("es") ? "es" : "en"),
  featured: [], me: null, numbers: [], chats: {}, seen: JSON.parse(stored("seen") || "{}"),
  open: null, typing: {}, quoting: null, pending: [], sheet: false, isLive: false, recorder: null, drafts: {},
};
const t = (key) => window.WORDS[state.lang][key] ?? key;
const EMOJI = ["👍", "❤️", "😂", "😮", "🙏", "☕"];
const TINTS = ["#f6dfcb", "#dfe7e2", "#efe2f4", "#dcebf5", "#f8ecc9", "#f3d9d2"];
const PLACES = {
  Guadalajara: { latitude: 20.6738686, longitude: -103.3704325, name: "Portería", address: "Av. Chapultepec 284, Guadalajara" },
  Valencia: { latitude: 39.4623301, longitude: -0.3735914, name: "Portal 7, el timbre no va", address: "Carrer de Cuba 41, València" },
  Rosario: { latitude: -32.9477132, longitude: -60.6304658, name: "La oficina", address: "San Lorenzo 1319, Rosario" },
};
const CONTACTS = {
  Guadalajara: ["Lupita Robles", "+52 33 2104 7781"], Valencia: ["Vicent Soler", "+34 655 18 04 27"], Rosario: ["Caro Ledesma", "+54 9 341 614 2098"],
};

// ---- Drawing helpers

function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "html") node.innerHTML = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
const icon = (name, cls = "") => h("span", { html: `<svg class="i ${cls}" aria-hidden="true"><use href="#${name}"/></svg>` }).firstChild;

const FACES = {
  "5213318472290": ["#fbe0c8", "#2b1c18", "#d98a5f", "#d9572f", "M10 34V18a10 10 0 0 1 20 0v16Z"],
  "34622718340": ["#f4e3bf", "#7a4423", "#f0c29c", "#6f8f3a", "M11 19a9 9 0 0 1 18 0c0 2-18 2-18 0Z M20 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z"],
  "5493415872016": ["#d6e7f2", "#3a2a20", "#e4ad83", "#23506e", "M11 19a9 9 0 0 1 18 0c-2-3-4-4-9-4s-7 1-9 4Z"],
};
function avatar(id, name, size = "") {
  const face = FACES[id];
  if (face) {
    const [ground, hair, skin, shirt, cut] = face;
    return h("span", { class: `av ${size}`, html: `<svg viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" fill="${ground}"/><path d="${cut}" fill="${hair}"/><path d="M5 42c0-8.500 6-12.500 15-12.500S35 33.500 35 42Z" fill="${shirt}"/><path d="M17 25h6v6a3 3 0 0 1-6 0Z" fill="${skin}"/><ellipse cx="20" cy="20.500" rx="6.600" ry="7.600" fill="${skin}"/><path d="M13 20c0-6 3-8.500 7-8.500s7 2.500 7 8.500c-1.500-2.500-3-4-7-4s-5.500 1.500-7 4Z" fill="${hair}"/><path d="M17.500 23.600c1.600 1.400 3.400 1.400 5 0" stroke="#7d3b22" stroke-width="1.100" fill="none" stroke-linecap="round"/></svg>` });
  }
  if (/alborada/i.test(name)) {
    return h("span", { class: `av ${size}`, html: '<svg viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" fill="#f4c58d"/><circle cx="20" cy="25" r="8.500" fill="#c9512c"/><path d="M20 10v3M9.900 14.200l2.100 2.100M30.100 14.200 28 16.300" stroke="#c9512c" stroke-width="2" stroke-linecap="round"/><path d="M0 26h40v14H0Z" fill="#5b2a1c"/><path d="M9 32c3-2.600 5.600-2.600 8.500 0s5.500 2.600 8.500 0" stroke="#f4c58d" stroke-width="2" fill="none" stroke-linecap="round"/></svg>' });
  }
  const words = name.replace(/[^\p{L} ]/gu, "").trim().split(/\s+/).filter(Boolean);
  const initials = words.slice(0, 2).map((word) => word[0].toUpperCase()).join("");
  const tint = TINTS[[...id].reduce((sum, c) => sum + c.charCodeAt(0), 0) % TINTS.length];
  return h("span", { class: `av ${size}`, style: `background:${tint};color:#4c463d` }, initials || icon("person"));
}

const clock = (at) => new Date(at * 1000).toLocaleTimeString(state.lang, { hour: "2-digit", minute: "2-digit" });
function day(at) {
  const date = new Date(at * 1000), now = new Date();
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  const words = date.toLocaleDateString(state.lang, days < 7 ? { weekday: "long" } : { day: "numeric", month: "long" });
  return words[0].toUpperCase() + words.slice(1);
}
const short = (at) => (day(at) === t("today") ? clock(at) : day(at));
const kilo = (size) => (size > 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1e3))} kB`);
function spaced(waId) {
  const digits = waId.replace(/^521(?=\d{10}$)/, "52");
  const groups = { 34: /^(34)(\d{3})(\d{2})(\d{2})(\d{2})$/, 52: /^(52)(\d{2})(\d{4})(\d{4})$/, 54: /^(54)(9)(\d{3})(\d{3})(\d{4})$/, 57: /^(57)(\d{3})(\d{3})(\d{4})$/ }[digits.slice(0, 2)];
  return `+${(groups && digits.match(groups)?.slice(1).join(" ")) ?? digits}`;
}

function preview(message) {
  const { type, content } = message;
  if (type === "text") return content.body;
  if (type === "interactive") return content.body?.text ?? chosen(content)?.title ?? "";
  const names = { image: "photo", document: "document", audio: content.voice ? "voice" : "audio", video: "video", sticker: "sticker", location: "location", contacts: "contact", template: "template", unsupported: "poll" };
  const said = content.caption || (type === "document" && (content.filename || message.file?.name)) || (type === "contacts" && content.contacts?.[0]?.name?.formatted_name) || "";
  return said ? `${t(names[type] ?? type)} · ${said}` : t(names[type] ?? type);
}
function linked(text) {
  const parts = text.split(/(https?:\/\/[^\s]+)/g);
  return parts.map((part, i) => (i % 2 ? h("a", { href: part, target: "_blank", rel: "noreferrer" }, part) : part));
}

// ---- The list and the side

function drawSide() {
  const me = state.me?.wa_id;
  const people = state.featured.map((person) => pick(person, person.wa_id === me));
  if (state.me && !state.featured.some((p) => p.wa_id === me)) people.push(pick(state.me, true));
  const other = h("button", { class: "pick", onclick: askPerson }, h("span", { class: "av" }, icon("plus")), h("span", {}, h("b", {}, t("other")), h("small", {}, t("otherHint"))));
  $("side").replaceChildren(
    h("h1", {}, t("title")), h("p", { class: "lead" }, t("lead")),
    h("h2", {}, t("who")), h("div", { class: "people" }, ...people, other),
    h("button", { class: "switch", role: "switch", "aria-checked": String(state.me ? !state.me.is_online : false), onclick: toggleOnline }, icon("plane"), h("span", {}, h("b", { style: "font-weight:600" }, t("offline")), h("small", {}, t("offlineHint"))), h("i")),
    h("h2", {}, t("tryTitle")), h("ol", { class: "tips" }, ...["try1", "try2", "try3"].map((key) => h("li", {}, h("span", {}, t(key))))),
    h("nav", { class: "links" }, h("a", { href: "/shop", target: "_blank" }, t("shop"), icon("arrow")), h("a", { href: "/meta", target: "_blank" }, t("meta"), icon("arrow")), h("button", { onclick: switchLang, lang: state.lang === "es" ? "en" : "es" }, t("lang"))),
  );
}
function pick(person, isMe) {
  const phone = spaced(person.wa_id);
  return h("button", { class: "pick", "aria-pressed": String(isMe), onclick: () => become(person) }, avatar(person.wa_id, person.name), h("span", {}, h("b", {}, person.name), h("small", {}, person.place ? `${person.place} · ${phone}` : phone)), isMe && h("span", { class: "on" }));
}
function askPerson() {
  const error = h("p", { class: "err", hidden: true }, t("numberBad"));
  const name = h("input", { name: "name", autocomplete: "off", maxlength: 80 }), number = h("input", { name: "number", inputmode: "tel", autocomplete: "off", placeholder: "+34 6…" });
  const submit = async (event) => {
    event.preventDefault();
    const answer = await fetch("/phone/people", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: name.value, number: number.value }) });
    if (!answer.ok) { error.hidden = false; number.setAttribute("aria-invalid", "true"); number.focus(); return; }
    box.close();
    become(await answer.json());
  };
  const box = h("dialog", { onclose: () => box.remove() }, h("form", { onsubmit: submit }, h("h2", {}, t("other")), h("label", {}, t("name"), name), h("label", {}, t("number"), number), error, h("div", { class: "act" }, h("button", { type: "button", onclick: () => box.close() }, t("cancel")), h("button", { class: "p" }, t("enter")))));
  document.body.append(box);
  box.showModal();
}

function drawList() {
  const rows = state.numbers.map((number) => {
    const messages = state.chats[number.id] ?? [], last = messages.at(-1), unread = unreadOf(number.id);
    const words = last ? preview(last) : t("noMessages");
    const line = state.typing[number.id] ? h("p", { class: "typing" }, h("span", {}, t("typing"))) : h("p", {}, last?.is_mine && tick(last), h("span", {}, words), unread ? h("span", { class: "n" }, String(unread)) : null);
    return { at: last?.at ?? 0, node: h("button", { class: `row ${unread ? "un" : ""}`, onclick: () => openChat(number.id) }, avatar(number.id, number.name), h("span", { class: "t" }, h("span", { class: "l" }, h("b", {}, number.name), last && h("time", {}, short(last.at))), line)) };
  });
  rows.sort((a, b) => b.at - a.at);
  const cup = '<svg viewBox="0 0 112 84" fill="none" stroke="#b9ae98" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M24 34h52v22a20 20 0 0 1-20 20H44a20 20 0 0 1-20-20Z" fill="#f4eee3"/><path d="M76 40h8a9 9 0 0 1 0 19h-8M40 22c-4-6 4-8 0-15M58 22c-4-6 4-8 0-15"/></svg>';
  $("screen").replaceChildren(
    h("header", { class: "head" }, h("h2", {}, t("chats")), h("button", { class: "ib", style: "width:44px;height:44px", "aria-label": t("change"), title: t("change"), onclick: openDrawer }, state.me ? avatar(state.me.wa_id, state.me.name, "xs") : icon("person"))),
    h("div", { class: "rows", style: rows.length ? "" : "display:flex" }, rows.length ? rows.map((row) => row.node) : h("div", { class: "empty" }, h("span", { html: cup }), h("p", {}, t("nobody")))),
  );
}
const unreadOf = (id) => (state.chats[id] ?? []).filter((m) => !m.is_mine && m.status !== "read" && m.at > (state.seen[`${state.me.wa_id}:${id}`] ?? 0)).length;

// ---- A chat

function openChat(id, push = true) {
  state.open = id; state.quoting = null; state.sheet = false;
  if (push) history.pushState({ open: id }, "", `#${id}`);
  look(); drawChat();
  if (matchMedia("(min-width:768px)").matches) $("text")?.focus();
}
function closeChat() {
  state.open = null; look(); drawList();
}
function look() {
  say({ do: "open", number: document.hidden ? null : state.open });
  const last = (state.chats[state.open] ?? []).at(-1);
  if (state.open && last && !document.hidden) { state.seen[`${state.me.wa_id}:${state.open}`] = last.at; stored("seen", JSON.stringify(state.seen)); }
}

function drawChat() {
  const number = state.numbers.find((n) => n.id === state.open);
  if (!number) return closeChat();
  $("screen").replaceChildren(h("section", { class: "chat", "aria-label": number.name },
    h("header", { class: "head" }, h("button", { class: "ib", "aria-label": t("back"), onclick: () => history.back() }, icon("back")), h("div", { class: "who" }, avatar(number.id, number.name, "s"), h("div", { style: "min-width:0" }, h("b", {}, number.name), h("small", { id: "presence" })))),
    h("div", { class: "log", id: "log", role: "log", "aria-live": "polite" }),
    h("footer", { class: "foot", id: "foot" }),
  ));
  drawLog(); drawPresence(); drawFoot();
}
function drawPresence() {
  const number = state.numbers.find((n) => n.id === state.open);
  if ($("presence") && number) $("presence").textContent = state.typing[state.open] ? t("typing") : number.phone;
}
function drawLog(newest) {
  const log = $("log");
  if (!log) return;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80 || !log.childElementCount;
  const messages = [...(state.chats[state.open] ?? []), ...state.pending.filter((m) => m.number === state.open)];
  const nodes = [h("p", { class: "note" }, t("encrypted"))];
  let before = null;
  for (const message of messages) {
    if (!before || day(before.at) !== day(message.at)) { nodes.push(h("p", { class: "day" }, day(message.at))); before = null; }
    const same = before && before.is_mine === message.is_mine && message.at - before.at < 120;
    nodes.push(bubble(message, same, message.id === newest, messages));
    before = message;
  }
  if (state.typing[state.open]) nodes.push(h("div", { class: "m" }, h("div", { class: "b", "aria-label": t("typing") }, h("span", { class: "dots" }, h("i"), h("i"), h("i")))));
  log.replaceChildren(...nodes);
  if (atEnd || newest) log.scrollTop = log.scrollHeight;
}
function bubble(message, same, isNew, all) {
  const quoted = message.quoted && all.find((m) => m.id === message.quoted);
  const { has, nodes } = body(message);
  const meta = h("span", { class: `meta ${message.status === "read" ? "read" : ""}` }, clock(message.at), message.is_mine && tick(message));
  const emoji = [...new Set(Object.values(message.reactions ?? {}).filter(Boolean))].join("");
  const options = message.draft ? null : h("button", { class: "opt", "aria-label": t("options"), onclick: (event) => openMenu(event.currentTarget, message) }, icon("more"));
  const quote = quoted && quoteBlock(quoted);
  const bare = has && message.type !== "location" && !message.content.caption;
  const node = h("div", { class: `m ${message.is_mine ? "me" : ""} ${same ? "same" : ""} ${isNew ? "new" : ""} ${emoji ? "rx" : ""}` },
    h("div", { class: `b ${has ? "has-pic" : ""} ${bare ? "bare" : ""}` }, quote, ...nodes, meta, options), emoji && h("span", { class: "rxs" }, emoji));
  let timer;
  node.addEventListener("touchstart", () => { timer = setTimeout(() => options && openMenu(node.querySelector(".b"), message), 450); }, { passive: true });
  for (const stop of ["touchend", "touchmove"]) node.addEventListener(stop, () => clearTimeout(timer), { passive: true });
  return node;
}
const quoteBlock = (message) => h("span", { class: "q" }, h("b", {}, message.is_mine ? t("you") : state.numbers.find((n) => n.id === state.open)?.name), h("span", {}, preview(message)));
const chosen = (content) => content[content.type];
function body({ id, type, content, file, is_mine }) {
  const caption = content.caption ? [h("div", { class: "cap" }, ...linked(content.caption))] : [];
  if (type === "text") return { nodes: linked(content.body) };
  if ((type === "image" || type === "sticker") && (file || content.link)) return { has: true, nodes: [h("a", { href: file?.url ?? content.link, target: "_blank" }, h("img", { class: "pic", src: file?.url ?? content.link, alt: content.caption || t("photo"), loading: "lazy" })), ...caption] };
  if (type === "video" && file) return { has: true, nodes: [h("video", { class: "pic", src: file.url, controls: true, preload: "metadata" }), ...caption] };
  if (type === "audio" && file) return { nodes: [voice(file)] };
  if (type === "document" && file) return { nodes: [h("a", { class: "card", href: file.url, download: content.filename ?? file.name }, h("span", { class: "g" }, icon("file")), h("span", {}, h("b", {}, content.filename ?? file.name), h("small", {}, `${(file.name.split(".").pop() ?? "").toUpperCase()} · ${kilo(file.size)}`))), ...caption] };
  if (type === "location") return { has: true, nodes: [map(content), h("div", { class: "cap" }, h("b", { style: "font-weight:600;display:block" }, content.name ?? t("location")), content.address ? h("small", { style: "color:var(--ink-3)" }, content.address) : "")] };
  if (type === "contacts") return { nodes: (content.contacts ?? []).map((card) => h("div", { class: "card" }, avatar(card.name?.formatted_name ?? "?", card.name?.formatted_name ?? "?", "s"), h("span", {}, h("b", {}, card.name?.formatted_name), h("small", {}, card.phones?.[0]?.phone ?? "")))) };
  if (type === "interactive") return { nodes: is_mine ? [chosen(content)?.title ?? ""] : [...linked(content.body?.text ?? ""), ...keys(id, content)] };
  if (type === "template") return { nodes: [`${t("template")} · ${content.name ?? ""}`] };
  return { nodes: [h("div", { class: "odd" }, type === "unsupported" ? t("pollText") : t("unsupported"))] };
}
// What a business offers to tap: a tap goes back as a reply to that very message.
function keys(id, { type, action = {} }) {
  const reply = (kind, row) => send("interactive", { type: kind, [kind]: row }, null, id);
  if (type === "button") return action.buttons.map((button) => h("button", { class: "key", onclick: () => reply("button_reply", button.reply) }, button.reply.title));
  if (type === "list") return [h("button", { class: "key", "aria-haspopup": "dialog", onclick: () => pickRow(action, (row) => reply("list_reply", row)) }, action.button)];
  if (type === "cta_url") return [h("a", { class: "key", href: action.parameters.url, target: "_blank", rel: "noreferrer" }, action.parameters.display_text)];
  return [];
}
function pickRow(action, then) {
  const rows = action.sections.flatMap((section) => section.rows);
  const box = h("dialog", { "aria-label": action.button, onclose: () => box.remove() }, h("h2", {}, action.button),
    ...rows.map((row) => h("button", { class: "choice", onclick: () => { box.close(); then(row); } }, h("b", {}, row.title), row.description ? h("small", {}, row.description) : null)),
    h("div", { class: "act" }, h("button", { type: "button", onclick: () => box.close() }, t("cancel"))));
  document.body.append(box);
  box.showModal();
}
function map({ latitude, longitude }) {
  const r = (n) => Math.abs(Math.sin(latitude * n + longitude)) * 40;
  return h("span", { html: `<svg class="map" viewBox="0 0 252 126" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><rect width="252" height="126" fill="#efe9dc"/><path d="M0 ${70 + r(1)} C70 ${50 + r(2)} 120 ${90 + r(3) / 2} 252 ${60 + r(4)} V126 H0Z" fill="#cfe4ee" opacity=".8"/><rect x="${20 + r(5)}" y="14" width="58" height="36" rx="6" fill="#d5e6cd"/><g stroke="#fff" stroke-width="7" fill="none"><path d="M-4 ${44 + r(2) / 2} 256 ${30 + r(1) / 2}M${70 + r(3)} -4 ${60 + r(2)} 130M${170 + r(5)} -4 ${186 + r(1)} 130"/></g><path d="M126 40c9 0 15 6.500 15 14.500 0 10-15 24-15 24s-15-14-15-24C111 46.500 117 40 126 40Z" fill="#c9332c"/><circle cx="126" cy="54" r="5" fill="#fff"/></svg>` }).firstChild;
}
function voice(file) {
  const sound = new Audio(file.url);
  const bars = Array.from({ length: 34 }, (_, i) => h("i", { style: `height:${22 + Math.abs(Math.sin(i * 1.7 + file.size) * Math.cos(i * 0.6)) * 78}%` }));
  const time = h("time", {}, "0:00"), button = h("button", { "aria-label": t("voice") }, icon("play"));
  const show = (s) => { time.textContent = Number.isFinite(s) ? `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}` : "0:00"; };
  sound.preload = "metadata";
  sound.onloadedmetadata = () => show(sound.duration);
  sound.ontimeupdate = () => { show(sound.currentTime); bars.forEach((bar, i) => bar.classList.toggle("on", i / bars.length < sound.currentTime / sound.duration)); };
  sound.onplay = () => button.replaceChildren(icon("pause"));
  sound.onpause = sound.onended = () => button.replaceChildren(icon("play"));
  button.onclick = () => (sound.paused ? sound.play() : sound.pause());
  return h("div", { class: "voice" }, button, h("span", { class: "w", "aria-hidden": "true" }, ...bars), time);
}
function tick(message) {
  const name = message.draft || message.status === "waiting" ? "clock" : message.status === "sent" ? "check" : "checks";
  return icon(name, message.status === "read" ? "read" : "");
}

// ---- Writing

function drawFoot() {
  const foot = $("foot");
  if (!foot) return;
  if (state.recorder) {
    const shown = h("span", {}, `${t("recording")} 0:00`);
    const began = Date.now();
    clearInterval(state.recorder.timer);
    state.recorder.timer = setInterval(() => { const s = Math.floor((Date.now() - began) / 1000); shown.textContent = `${t("recording")} ${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`; }, 250);
    foot.replaceChildren(h("div", { class: "box" }, h("div", { class: "field" }, h("div", { class: "rec" }, shown, h("button", { onclick: () => stopRecording(false) }, t("discard")))), h("button", { class: "go", "aria-label": t("stop"), title: t("stop"), onclick: () => stopRecording(true) }, icon("send"))));
    return;
  }
  const text = h("textarea", { id: "text", rows: 1, placeholder: t("write"), "aria-label": t("write"), enterkeyhint: "send" });
  text.value = state.drafts[state.open] ?? "";
  const go = h("button", { class: "go" });
  const fit = () => {
    text.style.height = "40px"; text.style.height = `${Math.min(120, text.scrollHeight)}px`;
    state.drafts[state.open] = text.value;
    const hasText = text.value.trim() !== "";
    go.replaceChildren(icon(hasText ? "send" : "mic"));
    go.setAttribute("aria-label", hasText ? t("send") : t("record"));
  };
  const sendText = () => {
    const body = text.value.trim();
    if (!body) return;
    text.value = ""; state.drafts[state.open] = "";
    send("text", { body });
    fit(); text.focus();
  };
  go.onclick = () => (text.value.trim() ? sendText() : startRecording());
  text.oninput = fit;
  text.onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendText(); } else if (event.key === "Escape") { state.quoting = null; drawFoot(); } };
  text.onpaste = (event) => { const file = [...event.clipboardData.files][0]; if (file) { event.preventDefault(); offer(file); } };
  const quoting = state.quoting && h("div", { class: "quoting" }, quoteBlock(state.quoting), h("button", { class: "ib", "aria-label": t("cancel"), onclick: () => { state.quoting = null; drawFoot(); $("text").focus(); } }, icon("x")));
  foot.replaceChildren(state.sheet ? sheet() : "", quoting ?? "", h("div", { class: "box" }, h("div", { class: "field" }, h("button", { class: "ib", "aria-label": t("attach"), "aria-expanded": String(state.sheet), title: t("attach"), onclick: () => { state.sheet = !state.sheet; drawFoot(); } }, icon(state.sheet ? "x" : "plus")), text), go));
  fit();
}
function sheet() {
  const place = PLACES[state.me.place] ?? PLACES.Valencia, [name, phone] = CONTACTS[state.me.place] ?? CONTACTS.Valencia;
  const [first, ...rest] = name.split(" ");
  const choices = [
    ["image", "photo", "#e6eff8", "#22598f", () => choose("image/*,video/mp4")], ["file", "document", "#efe9fb", "#6538b8", () => choose(".pdf,.doc,.docx,.xls,.xlsx,.txt,.csv", "document")], ["audio", "audio", "#fdf0d0", "#855600", () => choose("audio/*", "audio")],
    ["pin", "location", "#fce9e6", "#b4231f", () => send("location", place)], ["person", "contact", "#e1f4e7", "#0a7437", () => send("contacts", { contacts: [{ name: { formatted_name: name, first_name: first, last_name: rest.join(" ") }, phones: [{ phone, type: "CELL" }] }] })], ["poll", "poll", "#f4ebe1", "#75502f", () => send("unsupported", {})],
  ];
  return h("div", { class: "sheet", role: "menu" }, ...choices.map(([glyph, word, ground, ink, act]) => h("button", { role: "menuitem", onclick: () => { state.sheet = false; drawFoot(); act(); } }, h("span", { class: "g", style: `background:${ground};color:${ink}` }, icon(glyph)), t(word))));
}
function choose(accept, as) {
  const input = h("input", { type: "file", accept });
  input.onchange = () => input.files[0] && offer(input.files[0], as);
  input.click();
}
function offer(file, as) {
  const type = as ?? (file.type.startsWith("image/") ? "image" : file.type.startsWith("video/") ? "video" : file.type.startsWith("audio/") ? "audio" : "document");
  if (type === "audio") return upload(file, type, {});
  const caption = h("input", { placeholder: t("caption"), "aria-label": t("caption"), maxlength: 1024 }), url = URL.createObjectURL(file);
  const box = h("dialog", { onclose: () => { box.remove(); URL.revokeObjectURL(url); } }, h("form", { onsubmit: (event) => { event.preventDefault(); box.close(); upload(file, type, caption.value.trim() ? { caption: caption.value.trim() } : {}); } }, type === "image" ? h("img", { src: url, alt: "" }) : h("div", { class: "card", style: "margin-bottom:12px" }, h("span", { class: "g" }, icon("file")), h("b", {}, file.name)), caption, h("div", { class: "act", style: "margin-top:14px" }, h("button", { type: "button", onclick: () => box.close() }, t("cancel")), h("button", { class: "p" }, t("send")))));
  document.body.append(box);
  box.showModal();
}
async function upload(file, type, extra) {
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const answer = await fetch("/phone/files", { method: "POST", body: form });
    if (!answer.ok) throw new Error(String(answer.status));
    const stored = await answer.json();
    send(type, { id: stored.id, ...(type === "document" ? { filename: stored.name } : {}), ...extra }, stored);
  } catch { toast(t("uploadBad")); }
}
function send(type, content, file = null, quoted = state.quoting?.id ?? null) {
  const draft = crypto.randomUUID();
  const message = { draft, id: draft, number: state.open, is_mine: true, type, content, file, at: Date.now() / 1000, status: "waiting", quoted, reactions: {} };
  state.pending.push(message);
  state.quoting = null;
  transmit(message);
  drawLog(draft); drawFoot();
}
const transmit = (message) => say({ do: "send", number: message.number, draft: message.draft, type: message.type, content: message.content, quoted: message.quoted });

async function startRecording() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mime = ["audio/ogg;codecs=opus", "audio/mp4", "audio/webm"].find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(stream, { mimeType: mime }), chunks = [];
    recorder.ondataavailable = (event) => chunks.push(event.data);
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      clearInterval(state.recorder.timer);
      const { isWanted } = state.recorder;
      state.recorder = null;
      drawFoot();
      const kind = mime.split(";")[0];
      if (isWanted) upload(new File(chunks, `nota.${kind.split("/")[1]}`, { type: kind }), "audio", { voice: true });
    };
    state.recorder = { recorder, isWanted: false };
    recorder.start();
    drawFoot();
  } catch { toast(t("noMic")); }
}
function stopRecording(isWanted) {
  state.recorder.isWanted = isWanted;
  state.recorder.recorder.stop();
}

function openMenu(anchor, message) {
  const at = anchor.getBoundingClientRect();
  const react = (emoji) => { say({ do: "react", number: state.open, id: message.id, emoji: message.reactions?.me === emoji ? "" : emoji }); close(); };
  const menu = h("div", { class: "menu", role: "menu" }, h("div", { class: "em" }, ...EMOJI.map((emoji) => h("button", { "aria-pressed": String(message.reactions?.me === emoji), onclick: () => react(emoji) }, emoji))),
    h("button", { role: "menuitem", onclick: () => { state.quoting = message; close(); drawFoot(); $("text")?.focus(); } }, icon("reply"), t("reply")),
    message.type === "text" && h("button", { role: "menuitem", onclick: () => { navigator.clipboard?.writeText(message.content.body); close(); } }, icon("file"), t("copy")));
  const veil = h("div", { class: "veil", onclick: () => close() });
  const onKey = (event) => event.key === "Escape" && close();
  function close() { veil.remove(); menu.remove(); removeEventListener("keydown", onKey); }
  addEventListener("keydown", onKey);
  document.body.append(veil, menu);
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, message.is_mine ? at.right - box.width : at.left))}px`;
  menu.style.top = `${at.bottom + box.height + 8 > innerHeight ? at.top - box.height - 6 : at.bottom + 6}px`;
  menu.querySelector("button").focus();
}
function toast(words) {
  document.querySelector(".toast")?.remove();
  const node = h("div", { class: "toast", role: "status" }, words);
  $("screen").append(node);
  setTimeout(() => node.remove(), 4200);
}

// ---- Who I am, and the line

function openDrawer() {
  if (matchMedia("(min-width:768px)").matches) return $("side").querySelector(".pick")?.focus();
  $("stage").classList.add("drawer");
}
addEventListener("click", (event) => { if ($("stage").classList.contains("drawer") && !event.target.closest("#side") && !event.target.closest(".ib") && !event.target.closest("dialog")) $("stage").classList.remove("drawer"); });
function become(person) {
  stored("me", person.wa_id);
  $("stage").classList.remove("drawer");
  Object.assign(state, { me: person, open: null, chats: {}, pending: [], typing: {}, drafts: {} });
  history.replaceState({}, "", location.pathname);
  connect(); drawSide(); drawList();
}
function toggleOnline() {
  state.me.is_online = !state.me.is_online;
  say({ do: "online", on: state.me.is_online });
  drawSide(); drawBar();
}
function switchLang() {
  state.lang = state.lang === "es" ? "en" : "es";
  stored("lang", state.lang);
  draw();
}
function draw() {
  document.documentElement.lang = state.lang;
  document.title = t("title");
  drawSide(); drawBar();
  if (state.open) drawChat(); else drawList();
}
function drawBar() {
  $("bar").replaceChildren(h("span", {}, clock(Date.now() / 1000)), h("span", {}, icon(state.me && !state.me.is_online ? "plane" : "signal"), h("span", { class: "bat" })));
}
setInterval(drawBar, 20000);

let socket = null, attempt = 0;
function say(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
}
function connect() {
  if (socket) { socket.onclose = null; socket.close(); }
  const mine = (socket = new WebSocket(`${location.origin.replace("http", "ws")}/phone/ws?me=${state.me.wa_id}`));
  mine.onmessage = (event) => { attempt = 0; hear(JSON.parse(event.data)); };
  mine.onclose = () => {
    if (attempt === 2) toast(t("lost"));
    setTimeout(() => mine === socket && connect(), Math.min(5000, 300 * 2 ** attempt++));
  };
}
function hear(event) {
  const messages = (state.chats[event.number] ??= []);
  const isShown = event.number === state.open;
  if (event.kind === "hello") {
    delete state.chats[undefined];
    Object.assign(state, { me: event.me, numbers: event.numbers, chats: event.chats });
    state.pending.forEach(transmit);
    const wanted = state.open ?? location.hash.slice(1);
    drawSide(); drawBar();
    if (wanted && state.numbers.some((n) => n.id === wanted)) { if (state.open !== wanted) openChat(wanted, false); else { look(); if ($("log")) drawLog(); else drawChat(); } } else drawList();
    return;
  }
  if (event.kind === "stranger") return become(state.featured[0]);
  if (event.kind === "placed") {
    state.pending = state.pending.filter((m) => m.draft !== event.draft);
    if (state.open) drawLog();
    return;
  }
  if (event.kind === "message") {
    messages.push(event.message);
    if (!event.message.is_mine) setTyping(event.number, 0);
    else state.pending = state.pending.filter((m) => !(m.number === event.number && JSON.stringify(m.content) === JSON.stringify(event.message.content)));
    if (isShown) { look(); drawLog(event.message.is_mine ? undefined : event.message.id); $("log").scrollTop = $("log").scrollHeight; }
  }
  const target = messages.find((m) => m.id === event.id);
  if (event.kind === "status" && target) target.status = event.status;
  if (event.kind === "reaction" && target) target.reactions = event.reactions;
  if (event.kind === "typing") setTyping(event.number, event.seconds);
  if (!state.open) drawList();
  else if (isShown && event.kind !== "message") { drawLog(); drawPresence(); }
}
function setTyping(number, seconds) {
  clearTimeout(state.typing[number]);
  if (seconds) state.typing[number] = setTimeout(() => { delete state.typing[number]; if (state.open) { drawLog(); drawPresence(); } else drawList(); }, seconds * 1000);
  else { delete state.typing[number]; drawPresence(); }
}

addEventListener("popstate", () => (state.open ? closeChat() : location.hash && openChat(location.hash.slice(1), false)));
document.addEventListener("visibilitychange", () => state.me && look());

state.featured = await (await fetch("/phone/people")).json();
const asked = new URLSearchParams(location.search).get("me") ?? stored("me");
state.me = state.featured.find((p) => p.wa_id === asked) ?? (asked ? { wa_id: asked, name: "", is_online: true } : state.featured[0]);
if (location.hash) history.replaceState({}, "", location.pathname + location.search + location.hash);
draw();
connect();
