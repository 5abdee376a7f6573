// Play the customer of a page (/messenger) or an Instagram account (/instagram). Asks for news every second.
const kind = location.pathname.slice(1);
const lang = (navigator.language || "es").startsWith("en") ? "en" : "es";
const WORDS = {
  es: { who: "Eres", to: "Escribes a", panel: "Panel de Meta simulado", url: "URL de devolución de llamada", token: "Token de verificación", save: "Verificar y guardar", saved: "Guardado.", refused: "Esa dirección no repitió el desafío.", send: "Enviar", attach: "Adjuntar un archivo", write: "Escribe un mensaje", typing: "Está escribiendo…", gone: "Mensaje eliminado", seen: "Visto", none: "Aún no hay mensajes. Escribe el primero.", page_id: "page_id", ig_id: "ig_id", blocked: "No salió. Inténtalo otra vez." },
  en: { who: "You are", to: "You write to", panel: "Simulated Meta panel", url: "Callback URL", token: "Verify token", save: "Verify and save", saved: "Saved.", refused: "That address did not repeat the challenge.", send: "Send", attach: "Attach a file", write: "Write a message", typing: "Typing…", gone: "Message removed", seen: "Seen", none: "No messages yet. Write the first one.", page_id: "page_id", ig_id: "ig_id", blocked: "It did not leave. Try again." },
}[lang];
const $ = (id) => document.getElementById(id);
const post = (path, said) => fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(said) });
const make = (tag, words, more = {}) => Object.assign(document.createElement(tag), words === undefined ? {} : { textContent: words }, more);
document.documentElement.lang = lang;
document.documentElement.dataset.kind = kind;
$("brand").textContent = document.title = kind === "messenger" ? "Messenger" : "Instagram";
document.querySelectorAll("[data-t]").forEach((node) => { node.textContent = WORDS[node.dataset.t]; });
$("text").placeholder = WORDS.write;
$("text").setAttribute("aria-label", WORDS.write);

let shown = "";
const act = (said) => post("/pages/do", { account: $("account").value, guest: $("guest").value, ...said }).then(refresh);

function fill(select, rows, label) {
  const signature = rows.map((row) => row.id + label(row)).join();
  if (select.dataset.signature === signature) return;
  const chosen = select.value;
  select.replaceChildren(...rows.map((row) => make("option", label(row), { value: row.id })));
  if (rows.some((row) => row.id === chosen)) select.value = chosen;
  select.dataset.signature = signature;
}

function keys(account) {
  if (!account) return;
  const id = kind === "messenger" ? WORDS.page_id : WORDS.ig_id;
  const token = kind === "messenger" ? "page_token" : "access_token";
  const rows = [[id, account.id], [token, account.token], ["app_secret", account.app_secret]];
  $("keys").replaceChildren(...rows.flatMap(([name, value]) => [make("dt", name), make("dd", value)]));
}

function attachment({ type, payload }) {
  const url = payload.url || (payload.attachment_id ? `/pages/files/${payload.attachment_id}` : "");
  if (type === "template") {
    const box = make("div", payload.text + "\n");
    for (const button of payload.buttons || []) {
      box.append(button.type === "web_url"
        ? make("a", button.title, { href: button.url, target: "_blank", rel: "noreferrer", className: "button" })
        : make("button", button.title, { onclick: () => act({ do: "postback", title: button.title, payload: button.payload }) }));
    }
    return box;
  }
  if (type === "image") return make("img", undefined, { src: url, alt: "" });
  if (type === "video" || type === "audio") return make(type, undefined, { src: url, controls: true });
  return make("a", "📎 " + (url.split("/").pop() || type), { href: url, target: "_blank", rel: "noreferrer" });
}

function draw(thread) {
  const signature = JSON.stringify(thread);
  if (signature === shown) return;
  shown = signature;
  const lines = thread ? thread.lines : [];
  const list = $("lines");
  list.replaceChildren(...(lines.length ? lines : [{ note: WORDS.none }]).map((line) => {
    if (line.note) return make("li", line.note, { className: "gone" });
    const item = make("li", line.is_deleted ? WORDS.gone : line.text, { className: (line.is_mine ? "mine" : "") + (line.is_deleted ? " gone" : "") });
    for (const each of line.attachments) item.append(attachment(each));
    if (line.reaction) item.append(make("small", line.reaction));
    if (line.is_mine && thread.seen_until >= line.at && line === lines.filter((each) => each.is_mine).at(-1)) item.append(make("small", WORDS.seen));
    if (!line.is_mine) item.ondblclick = () => act({ do: "react", mid: line.mid, emoji: line.reaction ? "" : "❤️" });
    return item;
  }));
  list.scrollTop = list.scrollHeight;
  $("typing").hidden = !thread?.is_typing;
  $("typing").textContent = WORDS.typing;
  const last = lines.at(-1);
  $("quick").replaceChildren(...(last && !last.is_mine ? last.quick_replies : []).map((reply) =>
    make("button", reply.title, { onclick: () => act({ do: "say", text: reply.title, payload: reply.payload }) })));
}

async function refresh() {
  const query = new URLSearchParams({ account: $("account").value, guest: $("guest").value, look: document.hidden ? "0" : "1" });
  const answer = await fetch(`/pages/${kind}/state?${query}`).then((found) => found.json()).catch(() => null);
  if (!answer) return;
  fill($("guest"), answer.guests, (row) => row.name);
  fill($("account"), answer.accounts, (row) => row.name + (row.webhook_url ? "" : " ·"));
  keys(answer.accounts.find((row) => row.id === $("account").value));
  draw(answer.thread);
}

$("say").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  act({ do: "say", text }).catch(() => { $("text").value = text; });
};
$("file").onchange = async () => {
  const body = new FormData();
  body.append("file", $("file").files[0]);
  const found = await fetch("/pages/files", { method: "POST", body }).then((answer) => answer.json());
  $("file").value = "";
  await act({ do: "say", attachments: [found] });
};
$("hook").onsubmit = async (event) => {
  event.preventDefault();
  const said = Object.fromEntries(new FormData($("hook")));
  const answer = await post("/pages/callback", { id: $("account").value, ...said });
  $("hooked").textContent = answer.ok ? WORDS.saved : WORDS.refused;
};
for (const id of ["guest", "account"]) $(id).onchange = () => { shown = ""; refresh(); };
refresh();
setInterval(refresh, 1000);
