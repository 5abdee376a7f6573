import { call } from "./api.js";
import { boot, t } from "./boot.js";
import { makeComposer } from "./composer.js";
import { el, icon } from "./dom.js";
import { live } from "./live.js";
import { makeLog } from "./log.js";
import { outbox } from "./outbox.js";
import { store } from "./store.js";
import { dress } from "./theme.js";
import { thread } from "./thread.js";

const TYPING_LASTS = 6e3;
const BOT_THINKS = 15e3;
const BOT_PAUSE = 350; // most answers of a bot are there before dots could be seen
let isOpen = false;
let acked = {};

const tellHost = (kind, more) => parent.postMessage({ kind, ...more }, "*"); // nothing said to the host is secret
const close = () => tellHost("close");

const heading = el("h1", {});
const subtitle = el("p", {});
const face = el("span", { className: "av", "aria-hidden": "true" });
const header = el(
  "header",
  {},
  face,
  el("div", { className: "who" }, heading, subtitle),
  el("button", { className: "ib", type: "button", "aria-label": t("close"), title: t("close"), onclick: close }, icon("x", 20)),
);

const initials = (name) => {
  const words = name.split(/\s+/).filter((word) => /^\p{Lu}/u.test(word));
  return (words.length ? words : [name]).slice(0, 2).map((word) => word[0].toUpperCase()).join("");
};

const greetBy = () => {
  const name = boot.title;
  heading.textContent = thread.agent ? t("agent", { agent: thread.agent.split(" ")[0], name }) : name;
  // Whether somebody is there; without business hours, what the shop says of itself.
  subtitle.textContent = boot.hours?.text ?? boot.subtitle;
  subtitle.className = boot.hours ? (boot.hours.isOpen ? "open" : "closed") : "";
  if (boot.logo && !thread.agent) face.replaceChildren(el("img", { src: boot.logo, alt: "" }));
  else face.textContent = initials(thread.agent ?? name);
};

const hasKeyboard = () => matchMedia("(hover: hover) and (pointer: fine)").matches;

const chat = () => {
  const log = makeLog();
  const composer = makeComposer();
  log.onPick = (words, id) => {
    outbox.add(words, [], id);
    if (hasKeyboard()) composer.focus();
  };
  const dots = el("span", { className: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  const typing = el("div", { className: "typing", hidden: true, role: "status" }, dots, el("span"));
  const offline = el("div", { className: "off", hidden: true, role: "status" }, icon("off", 16), t("offline"));
  document.body.append(header, offline, log.node, typing, composer.node);

  let quiet;
  const showTyping = ({ on, name, bot }) => {
    clearTimeout(quiet);
    if (on && bot && typing.hidden) quiet = setTimeout(() => tellTyping(true, name, BOT_THINKS), BOT_PAUSE);
    else tellTyping(on, name, bot ? BOT_THINKS : TYPING_LASTS);
  };
  const tellTyping = (on, name, lasts) => {
    typing.hidden = !on;
    typing.lastChild.textContent = name ? t("typing", { name }) : t("typing_shop");
    if (log.isNearEnd()) log.toEnd();
    if (on) quiet = setTimeout(() => (typing.hidden = true), lasts);
  };

  const readUp = () => {
    const theirs = thread.list().filter(({ direction }) => direction === "out");
    const last = theirs.at(-1);
    const isReading = live.isWatched() && log.isNearEnd();
    if (isReading && last) store.set("read", last.at);
    const since = store.get("read") ?? "";
    const unread = theirs.filter(({ at }) => at > since).length;
    tellHost("count", { unread });
    const status = isReading ? "read" : "delivered";
    if (!last || acked[last.serverId] === status || acked[last.serverId] === "read") return;
    acked = { [last.serverId]: status };
    call("POST", "receipts", { message_id: last.serverId, status }).catch(() => delete acked[last.serverId]);
  };

  let frame;
  const redraw = () => {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      greetBy();
      log.draw();
      readUp();
    });
    // A hidden page gets no animation frames, and a closed chat must still count what it missed.
    if (document.visibilityState === "hidden") readUp();
  };

  thread.onChange(redraw);
  live.isWatched = () => isOpen && document.visibilityState === "visible";
  live.onTyping = showTyping;
  live.onChange = (isOnline) => {
    offline.hidden = isOnline;
    if (isOnline) outbox.flush();
  };
  outbox.onReach = live.reached;
  outbox.onSent = ({ conversation }) => {
    tellHost("used");
    const isOther = thread.cursor && thread.cursor.split(".")[0] !== conversation;
    if (isOther) live.restart();
    else live.connect();
  };
  thread.onChange(() => (thread.draft || thread.list().at(-1)?.direction === "out") && showTyping({ on: false }));
  addEventListener("online", () => (live.wake(), outbox.flush()));
  addEventListener("offline", () => live.reached(false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (live.wake(), redraw()));
  document.querySelector(".log").addEventListener("scroll", readUp, { passive: true });

  redraw();
  live.connect();
  outbox.flush();
  return {
    opened() {
      live.wake();
      composer.grow();
      log.toEnd();
      readUp();
      if (hasKeyboard()) composer.focus();
    },
  };
};

/** The shop closed this channel, or never had it: say so calmly, and let go. */
const gone = () => {
  heading.textContent = t("gone_title");
  face.hidden = true;
  document.body.append(header, el("main", { className: "gone" }, el("p", {}, t("gone_text"))));
  return { opened() {} };
};

dress(boot.color);
const view = boot.isGone ? gone() : chat();
addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
addEventListener("message", ({ data, source }) => {
  if (source !== parent) return;
  if (data.kind === "open") {
    isOpen = true;
    outbox.from({ url: data.url, title: data.title });
    view.opened();
  }
  if (data.kind === "close") isOpen = false;
});
tellHost("ready", { looks: boot.looks });
