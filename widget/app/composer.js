import { call, ensureToken, Refused } from "./api.js";
import { boot, t } from "./boot.js";
import { el, icon } from "./dom.js";
import { outbox } from "./outbox.js";
import { store } from "./store.js";

const TYPING_EVERY = 3e3;
const FILES = 5;

/** Text box, files, send. The draft survives a reload; files go up as soon as they are chosen. */
export const makeComposer = () => {
  const input = el("textarea", { rows: 1, maxLength: boot.limits.text, placeholder: t("placeholder"), "aria-label": t("placeholder"), value: store.get("draft") ?? "" });
  const picker = el("input", { type: "file", multiple: true, hidden: true, accept: boot.limits.accept });
  const clip = el("button", { className: "ib", type: "button", "aria-label": t("attach"), title: t("attach"), onclick: () => picker.click() }, icon("clip", 18));
  const go = el("button", { className: "go", "aria-label": t("send"), title: t("send") }, icon("arrow", 18));
  const tray = el("ul", { className: "tray", hidden: true });
  const note = el("div", { className: "note", role: "alert", hidden: true });
  const form = el("form", { className: "wr" }, input, clip, go, picker);
  let files = [];
  let typedAt = 0;

  const say = (text) => {
    note.textContent = text ?? "";
    note.hidden = !text;
  };
  const grow = () => {
    input.style.height = "0";
    input.style.height = `${Math.min(132, input.scrollHeight)}px`;
    go.disabled = !(input.value.trim() || files.length) || files.some(({ id }) => !id);
  };

  const send = () => {
    const text = input.value.trim();
    if (go.disabled) return;
    outbox.add(text, files.map(({ ticket }) => ticket));
    files.forEach(({ node }) => node.remove());
    files = [];
    tray.hidden = true;
    input.value = "";
    store.set("draft", null);
    typedAt = 0;
    say();
    grow();
  };

  const attach = async (file) => {
    if (files.length >= FILES) return;
    if (file.size > boot.limits.file) return say(t("too_large", { limit: Math.floor(boot.limits.file / 1e6) }));
    say();
    const cross = el("button", { type: "button", "aria-label": t("remove", { name: file.name }) }, icon("x", 14));
    const node = el("li", { "aria-label": t("uploading", { name: file.name }) }, icon("file", 16), el("span", {}, file.name), cross);
    const entry = { node };
    const drop = () => {
      files = files.filter((other) => other !== entry);
      node.remove();
      tray.hidden = !files.length;
      grow();
    };
    cross.onclick = drop;
    files.push(entry);
    tray.append(node);
    tray.hidden = false;
    grow();
    try {
      await ensureToken();
      const body = new FormData();
      body.append("file", file);
      entry.ticket = await call("POST", "media", body);
      entry.id = entry.ticket.id;
      node.classList.add("done");
      node.ariaLabel = file.name;
      grow();
    } catch (error) {
      drop();
      say(error instanceof Refused ? error.message : t("offline_file"));
    }
  };

  const tellTyping = () => {
    if (!store.get("started") || !input.value.trim() || Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    call("POST", "typing", { on: true }).catch(() => {});
  };

  form.onsubmit = (event) => {
    event.preventDefault();
    send();
    input.focus();
  };
  input.oninput = () => {
    store.set("draft", input.value || null);
    grow();
    tellTyping();
  };
  input.onkeydown = (event) => {
    // A finger on a phone keyboard expects a new line from Enter; a keyboard on a desk expects it to send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    send();
  };
  input.onpaste = ({ clipboardData }) => [...clipboardData.files].forEach(attach);
  picker.onchange = () => {
    [...picker.files].forEach(attach);
    picker.value = "";
  };
  document.ondragover = (event) => event.preventDefault();
  document.ondrop = (event) => {
    event.preventDefault();
    [...event.dataTransfer.files].forEach(attach);
  };

  return { node: el("footer", {}, note, tray, form, el("div", { className: "by" }, boot.powered)), focus: () => input.focus(), grow };
};
