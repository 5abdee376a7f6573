// What has been said, newest state of each message. The server is the truth; this is its copy by `rev`, plus what waits in the outbox.
import { call } from "./api.js";
import { store } from "./store.js";

const DRAFT_LASTS = 15e3;
const messages = new Map();
const listeners = new Set();
let fading;

export const thread = {
  cursor: null,
  hasMore: false,
  /** Who of the team answered last; null where it was the bot, or nobody. */
  get agent() {
    const last = thread.list().filter(({ direction }) => direction === "out").at(-1);
    return last?.author.kind === "agent" ? last.author.name : null;
  },
  draft: null,
  isLoaded: !store.get("started"),

  /** Everything in reading order, without what is still in the outbox. */
  list: () => [...messages.values()].sort((a, b) => (a.order < b.order ? -1 : 1)),
  has: (id) => messages.has(id),
  onChange: (listener) => listeners.add(listener),
  changed: () => listeners.forEach((listener) => listener()),

  /** What the bot is about to say, as far as it has come: only while its question is the last word. An empty text takes it back, silence does too. */
  grow(text, question) {
    clearTimeout(fading);
    thread.draft = text && thread.list().at(-1)?.serverId === question ? { id: "draft", direction: "out", author: { kind: "bot", name: "" }, text, at: new Date().toISOString() } : null;
    if (thread.draft) fading = setTimeout(thread.grow, DRAFT_LASTS);
    thread.changed();
  },

  merge(news) {
    if (thread.draft && news.some(({ id, client_id }) => !messages.has(client_id ?? id))) thread.draft = null;
    for (const message of news) {
      // My own message is known by the id this browser gave it, so that its bubble stays the same when the server answers.
      const id = message.client_id ?? message.id;
      if ((messages.get(id)?.rev ?? -1) <= message.rev) messages.set(id, { ...message, id, serverId: message.id, order: `${message.at}|${message.id}` });
    }
    if (news.length) thread.changed();
  },

  take(answer) {
    if (answer.cursor) {
      if (thread.cursor && answer.cursor.split(".")[0] !== thread.cursor.split(".")[0]) messages.clear();
      if (!thread.cursor) thread.hasMore = answer.has_more;
      thread.cursor = answer.cursor;
    }
    thread.isLoaded = true;
    thread.merge(answer.messages);
    thread.changed();
  },

  async older() {
    const first = thread.list()[0];
    if (!first) return;
    const answer = await call("GET", `messages?before=${first.serverId}`);
    thread.hasMore = answer.has_more;
    thread.merge(answer.messages);
    thread.changed();
  },

  reset() {
    messages.clear();
    Object.assign(thread, { cursor: null, hasMore: false, draft: null, isLoaded: true });
    store.set("started", null);
    thread.changed();
  },
};
