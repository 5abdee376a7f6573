// New words as they are said: a WebSocket that resumes by cursor, a poll every few seconds while it cannot be had.
import { base, call, Refused } from "./api.js";
import { store } from "./store.js";
import { thread } from "./thread.js";

const BEAT = 25e3;
const SOON = 4e3;
const LATER = 15e3;

let socket, tries = 0, timer, beat, silence;

export const live = {
  isOnline: true,
  isWatched: () => false,
  onChange: () => {},
  onTyping: () => {},

  connect() {
    if (!store.get("started") || (socket && socket.readyState < 2)) return;
    clearTimeout(timer);
    const mine = (socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${base}/live`));
    watch(mine, 8e3);
    mine.onopen = () => mine.send(JSON.stringify({ token: store.get("token"), after: thread.cursor }));
    mine.onmessage = ({ data }) => {
      if (mine !== socket) return;
      tries = 0;
      live.reached(true);
      watch(mine, BEAT + 1e4);
      hear(JSON.parse(data));
    };
    mine.onclose = ({ code }) => mine === socket && again(code);
    clearInterval(beat);
    beat = setInterval(() => mine.readyState === 1 && mine.send(JSON.stringify({ kind: "ping", after: thread.cursor })), BEAT);
  },

  /** Another conversation has begun, or the token changed: come back with the new one. */
  restart() {
    socket?.close();
    socket = null;
    live.connect();
  },

  wake() {
    tries = 0;
    if (!socket || socket.readyState > 1) live.connect();
  },

  reached(yes) {
    if (live.isOnline !== yes) {
      live.isOnline = yes;
      live.onChange(yes);
    }
  },
};

/** A socket that says nothing for longer than its heartbeat is dead, whatever it believes. */
const watch = (mine, patience) => {
  clearTimeout(silence);
  silence = setTimeout(() => {
    if (mine !== socket) return;
    mine.onclose = null;
    mine.close();
    again();
  }, patience);
};

const hear = (news) => {
  if (news.kind === "sync") thread.take(news);
  if (news.kind === "message") thread.merge([news.message]);
  if (news.kind === "typing") live.onTyping(news);
  if (news.kind === "piece") thread.grow(news.text, news.question);
};

const again = (code) => {
  clearInterval(beat);
  clearTimeout(silence);
  if (code === 4401) return thread.reset();
  if (code === 4404) return;
  // Somebody who looks on is served soon; tabs in the background leave a returning server room to breathe.
  const most = live.isWatched() ? SOON : LATER;
  const wait = Math.min(most, 400 * 2 ** tries++) * (0.7 + Math.random() * 0.6);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (tries > 1) await poll();
    live.connect();
  }, wait);
};

const poll = async () => {
  try {
    thread.take(await call("GET", `messages?after=${thread.cursor ?? ""}`));
    live.reached(true);
  } catch (error) {
    if (!(error instanceof Refused)) live.reached(false);
  }
};
