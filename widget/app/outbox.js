// What the visitor wrote and the server has not confirmed. It survives a reload; each entry carries its own id, so sending twice is sending once.
import { call, ensureToken, Refused } from "./api.js";
import { store } from "./store.js";
import { thread } from "./thread.js";

let entries = store.get("outbox") ?? [];
let isBusy = false;
let pause = 0;
let timer;
let page = {};

const keep = () => {
  store.set("outbox", entries.length ? entries : null);
  thread.changed();
};

export const outbox = {
  onSent: () => {},
  onReach: () => {},
  from: (where) => (page = where),

  list: () =>
    entries.filter((entry) => !thread.has(entry.id)).map((entry) => ({
      ...entry,
      rev: 0,
      kind: entry.attachments[0]?.kind ?? "text",
      direction: "in",
      author: { kind: "customer" },
      status: entry.error ? "failed" : isBusy && entry === waiting()[0] ? "sending" : "queued",
    })),

  /** `choice`: the id of the option these words stand on, when it was tapped. */
  add(text, attachments, choice) {
    // Each file is a message of its own; the text goes with the first.
    const parts = attachments.length ? attachments.map((file, at) => [at ? "" : text, [file]]) : [[text, []]];
    const at = new Date().toISOString();
    entries.push(...parts.map(([words, files]) => ({ id: newId(), text: words, attachments: files, at, choice })));
    keep();
    return outbox.flush();
  },

  retry(id) {
    entries = entries.map((entry) => (entry.id === id ? { ...entry, error: undefined } : entry));
    keep();
    return outbox.flush();
  },

  async flush() {
    clearTimeout(timer);
    if (isBusy || !waiting().length) return;
    isBusy = true;
    thread.changed();
    try {
      while (waiting().length) await send(waiting()[0]);
    } catch (error) {
      // Not reachable, or asked to slow down: the rest waits and goes in order.
      pause = error.retryAfter ? error.retryAfter * 1e3 : Math.min(15e3, (pause || 500) * 2);
      timer = setTimeout(outbox.flush, pause);
      if (!(error instanceof Refused)) outbox.onReach(false);
    }
    isBusy = false;
    keep();
  },
};

// randomUUID exists only on https and localhost; a shop being built may be neither.
const newId = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

const waiting = () => entries.filter((entry) => !entry.error);

const send = async (entry) => {
  try {
    await ensureToken();
    const answer = await call("POST", "messages", {
      client_id: entry.id,
      text: entry.text,
      attachment_ids: entry.attachments.map(({ id }) => id),
      choice: entry.choice,
      page,
    });
    pause = 0;
    entries = entries.filter(({ id }) => id !== entry.id);
    store.set("started", true);
    thread.merge([answer.message]);
    keep();
    outbox.onReach(true);
    outbox.onSent(answer);
  } catch (error) {
    if (!(error instanceof Refused) || error.retryAfter) throw error;
    if (error.status === 401) {
      // The token is of another time or install: begin anew, keeping what was written.
      store.set("token", null);
      thread.reset();
      if (entry.isSecond) throw error;
      entry.isSecond = true;
      return;
    }
    entries = entries.map((other) => (other.id === entry.id ? { ...other, error: error.message } : other));
    keep();
  }
};
