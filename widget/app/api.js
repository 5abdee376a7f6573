import { boot } from "./boot.js";
import { store } from "./store.js";

export const base = `/widget/v1/${boot.channel}`;

/** The server understood and said no. Anything else that goes wrong is "could not be reached" and may be tried again. */
export class Refused extends Error {
  constructor(status, { code, message, retry_after }) {
    super(message);
    Object.assign(this, { status, code, retryAfter: retry_after });
  }
}

export const call = async (method, path, body) => {
  const headers = {};
  const token = store.get("token");
  if (token) headers.Authorization = `Bearer ${token}`;
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const response = await fetch(`${base}/${path}${path.includes("?") ? "&" : "?"}lang=${boot.lang}`, {
    method,
    headers,
    body: isForm ? body : body && JSON.stringify(body),
    signal: AbortSignal.timeout(isForm ? 12e4 : 15e3),
    credentials: "omit",
    cache: "no-store",
  });
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  if (response.status < 500 && answer?.error) throw new Refused(response.status, answer.error);
  throw new Error(`unreachable: ${response.status}`);
};

let asking;

/** The signed token that is the visitor: asked for when there is first something to send, never before. */
export const ensureToken = async () => {
  if (store.get("token")) return;
  asking ??= call("POST", "session").finally(() => (asking = null));
  store.set("token", (await asking).token);
};

export const fileUrl = (path) => `${path}${path.includes("?") ? "&" : "?"}token=${store.get("token")}`;
