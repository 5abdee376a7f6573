// JSON to our own routes. Passwords and codes travel here, never through the State of a tab.
import { useEffect, useRef, useState } from "react";
import { getLang } from "$/public/external/saas_admin/ui/jsx/i18n.js";

// {ok, data} or {error: {code, message, fields}}; a dead connection is an error with words too.
export async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ lang: getLang(), ...body }) });
    const data = await answer.json().catch(() => ({}));
    return answer.ok ? { ok: true, data } : { error: data.error ?? { code: "unexpected" } };
  } catch {
    return { error: { code: "network" } };
  }
}

export function usePost(path) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const form = useRef(null);
  const running = useRef(false);
  // `settle`: stay on this page after success, instead of leaving it with the button still busy.
  const send = async (body, { settle = false, to = path } = {}) => {
    // A code sends itself when its last digit is there; Enter right after it is not a second try.
    if (running.current) return {};
    running.current = true;
    setBusy(true);
    setError(null);
    const answer = await post(to, body);
    running.current = !(answer.error || settle);
    if (answer.error || settle) setBusy(false);
    if (answer.error) {
      setError(answer.error);
      const first = Object.keys(answer.error.fields ?? {})[0];
      if (first) setTimeout(() => form.current?.elements[first]?.focus());
    }
    return answer;
  };
  // The message of the server is in our language already; what never reached it has words here.
  return { busy, error, send, form, fields: error?.fields ?? {}, setError };
}

// The page is prerendered: until React is here, a submit would be the browser's own and put the password into the address.
export function usePostForm(path) {
  const [isAlive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  return { form: { method: "post", action: path, noValidate: true }, submit: isAlive ? "submit" : "button" };
}

export function valuesOf(event) {
  event.preventDefault();
  return Object.fromEntries(new FormData(event.currentTarget));
}

// Only a path of ours: never `//elsewhere`.
export function wantedNext() {
  const next = new URLSearchParams(window.location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "";
}

// The token of a mail's link. It leaves the address at once: no history entry, no referrer keeps it.
export function takeToken() {
  const token = new URLSearchParams(window.location.search).get("token") ?? "";
  if (token) window.history.replaceState(null, "", window.location.pathname);
  return token;
}
