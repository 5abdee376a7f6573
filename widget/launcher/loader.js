// The only thing a shop's page loads before somebody wants to chat: one script, one button in a shadow root.
// The chat itself is an iframe of our origin, made on the first click (or, for somebody who has chatted before, when the page is idle).

const BOOT = __BOOT__; // put in by the server: { words: { es, en }, channels: { public_id: looks } }
const PHONE = 768;
const READY_WITHIN = 5e3;
const IDLE = 1500;

const script = document.currentScript ?? document.querySelector("script[data-channel]");
const id = script?.dataset.channel;
const key = `chat:${id}`;
const html = document.documentElement;

const start = () => {
  const given = script.dataset;
  const { origin } = new URL(script.src);
  const remembered = recall();
  // Freshest last: what the shop wrote into its snippet, what the last chat told us, what the server knew a moment ago.
  const looks = { ...given, ...remembered.looks, ...BOOT.channels[id] };
  const langs = [given.lang, html.lang, looks.lang, navigator.language].map((tag) => tag?.slice(0, 2).toLowerCase());
  const lang = langs.find((tag) => BOOT.words[tag]) ?? "es";
  const words = BOOT.words[lang];
  let frame, isReady, isOpen, overflow, box;
  let unread = 0;

  const host = el("div");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // not a <style>: the page's CSP may forbid inline styles
  sheet.replaceSync(__CSS__);
  shadow.adoptedStyleSheets = [sheet];
  const badge = el("b", "n");
  const faces = el("span", "f");
  const label = el("span", "t");
  const pill = el("span", "pill", {}, faces, label, el("span", "c", {}, bubble()));
  const button = el("button", "l", {}, pill, badge);
  const panel = el("div", "p", { role: "dialog" });
  const root = el("div", "w", {}, button, panel);
  const { style, classList } = root;
  shadow.append(root);

  const dress = () => {
    style.setProperty("--w", looks.color ?? "");
    style.setProperty("--on", looks.on ?? "");
    classList.toggle("left", looks.position == "left");
    style.colorScheme = looks.theme ?? "light";
    label.textContent = looks.label || words.label;
    faces.replaceChildren(...(looks.team?.map(face) ?? [bubble()]));
    panel.ariaLabel = looks.title || "Chat";
    // The visible words come first, so that speech input finds them.
    button.ariaLabel = `${label.textContent} ${words.open}${unread ? `. ${words.unread}: ${unread}` : ""}`;
    badge.hidden = !unread;
    badge.textContent = unread > 9 ? "9+" : unread;
  };
  const load = () => {
    if (frame) return;
    frame = el("iframe", "", { title: panel.ariaLabel });
    frame.src = `${origin}/widget/app/${id}?lang=${lang}&theme=${looks.theme ?? ""}`;
    // A page the shop did not allow gets the browser's own error: it never says ready, and nobody is shown it.
    frame.style.opacity = 0;
    frame.onload = () => setTimeout(() => isReady || fail(), READY_WITHIN);
    panel.append(frame);
  };
  const fail = () => {
    frame.remove();
    frame = 0;
    if (isOpen) {
      close();
      hint(words.unavailable);
    }
  };
  const tell = (kind) => isReady && frame.contentWindow.postMessage({ kind, url: location.origin + location.pathname, title: document.title }, origin);
  const open = () => {
    isOpen = true;
    load();
    fit();
    box?.remove();
    classList.add("o");
    overflow = html.style.overflow;
    if (innerWidth < PHONE) html.style.overflow = "hidden";
    frame.focus();
    tell("open");
  };
  const close = () => {
    isOpen = false;
    classList.remove("o");
    html.style.overflow = overflow;
    tell("close");
    button.focus();
  };
  // On phones the keyboard shrinks only the visual viewport; the panel follows it so that the text box stays above.
  const fit = () => {
    style.setProperty("--vh", `${visualViewport.height}px`);
    style.setProperty("--vt", `${visualViewport.offsetTop}px`);
  };
  const hint = (text) => {
    const cross = el("button", "x", { ariaLabel: words.close }, "×");
    box = el("div", "h", { role: "status" }, text, cross);
    box.onclick = ({ target }) => {
      box.remove();
      remember({ ...recall(), hint: text });
      if (target != cross) open();
    };
    root.append(box);
  };
  const shrink = () => classList.toggle("s", scrollY > 120);

  button.onclick = open;
  root.onkeydown = ({ key }) => {
    if (key == "Escape" && isOpen) close();
  };
  visualViewport.addEventListener("resize", fit);
  addEventListener("scroll", shrink, { passive: true });
  addEventListener("message", ({ data, source, origin: from }) => {
    if (from != origin || source != frame?.contentWindow) return;
    const { kind } = data;
    if (kind == "ready") {
      isReady = frame.style.opacity = 1;
      Object.assign(looks, data.looks);
      if (isOpen) tell("open");
    }
    if (kind == "close" && isOpen) close();
    if (kind == "used") remember({ looks, used: 1 });
    unread = data.unread ?? unread;
    dress();
  });

  dress();
  document.body.append(host);
  shrink();
  if (looks.hint && remembered.hint != looks.hint && innerWidth >= PHONE) hint(looks.hint);
  if (remembered.used) setTimeout(load, IDLE);
};

function el(tag, className = "", props, ...children) {
  const node = Object.assign(document.createElement(tag), { className }, props);
  node.append(...children);
  return node;
}

function face([initial, ...inks]) {
  const node = el("span", "", {}, initial);
  [node.style.background, node.style.color] = inks;
  return node;
}

function svg(tag, name, value, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function bubble() {
  return svg("svg", "viewBox", "0 0 24 24", svg("path", "d", "M7.9 20A9 9 0 1 0 4 16.1L2 22Z"));
}

// Storage of the shop's page: written only after the visitor has used the chat. It may be forbidden.
function recall() {
  try {
    return JSON.parse(localStorage[key]);
  } catch {
    return {};
  }
}

function remember(value) {
  try {
    localStorage[key] = JSON.stringify(value);
  } catch {}
}

if (id && !window[key]) {
  window[key] = 1;
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}
