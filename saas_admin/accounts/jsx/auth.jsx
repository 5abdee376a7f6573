// Sign-in, sign-up and confirmation: plain JSON posts to our own routes, then a full navigation (the cookie is only seen by a new handshake).
import { useEffect, useRef, useState } from "react";
import { MailCheck, TriangleAlert } from "lucide-react";
import { Button, Checkbox, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ProductMark } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { getLang, setLang, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Street } from "./street.jsx";

const WAITING = "waiting-for";

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

function remember(email) {
  try {
    sessionStorage.setItem(WAITING, email);
  } catch { /* then the page asks for it */ }
}
function remembered() {
  try {
    return sessionStorage.getItem(WAITING) ?? "";
  } catch {
    return "";
  }
}

// Only a path of ours: never `//elsewhere`.
function wantedNext() {
  const next = new URLSearchParams(window.location.search).get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "";
}

export function usePost(path) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const form = useRef(null);
  const send = async (body) => {
    setBusy(true);
    setError(null);
    const answer = await post(path, body);
    if (answer.error) {
      setBusy(false);
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

export function Problem({ error }) {
  const t = useT();
  if (!error || Object.keys(error.fields ?? {}).length) return null;
  return (
    <div className="banner bad" role="alert" style={{ padding: "10px 12px", gap: 10 }}>
      <span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span>
      <span className="grow">{error.message ?? t(error.code === "network" ? "auth.problem.network" : "auth.problem.unexpected")}</span>
    </div>
  );
}

export function AuthPage({ question, action, href, tall, children }) {
  const t = useT();
  const lang = useLang();
  const other = lang === "es" ? ["en", "English"] : ["es", "Español"];
  return (
    <div className={tall ? "login tall" : "login"}>
      <header className="top">
        <ProductMark />
        {t("common.brand")}
        <span className="grow" />
        <button type="button" className="btn g" lang={other[0]} onClick={() => setLang(other[0])}>{other[1]}</button>
        {question ? <span className="small t3 desk" style={{ fontWeight: 400 }}>{question}</span> : null}
        {action ? <a className="btn s" href={href}>{action}</a> : null}
      </header>
      <main className="box" id="content">{children}</main>
      <Street />
    </div>
  );
}

export function SignIn() {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/auth/sign-in");
  const native = usePostForm("/auth/sign-in");
  const submit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget));
    const answer = await send({ email: values.email, password: values.password, keep: values.keep === "on" });
    if (!answer.ok) return;
    if (answer.data.next === "/confirm-email") remember(values.email);
    window.location.assign(answer.data.next === "/confirm-email" ? answer.data.next : wantedNext() || answer.data.next || "/");
  };
  return (
    <AuthPage question={t("auth.sign_in.question")} action={t("auth.sign_in.other")} href="/register">
      <h1>{t("auth.sign_in.title")}</h1>
      <p className="sub">{t("auth.sign_in.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        <Field name="email" type="email" large label={t("auth.field.email")} autoComplete="username" error={fields.email} required autoFocus />
        <Field name="password" type="password" large label={t("auth.field.password")} autoComplete="current-password" error={fields.password} required />
        <Checkbox name="keep" label={t("auth.sign_in.keep")} defaultChecked />
        <Problem error={error} />
        <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.sign_in.do")}</Button>
      </form>
    </AuthPage>
  );
}

// A plain hint, not a gate: length says most, variety a little.
export function strengthOf(password) {
  if (!password) return "";
  const variety = [/[a-zà-ÿ]/, /[A-ZÀ-Þ]/, /\d/, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
  if (password.length < 10 || new Set(password).size < 5) return "short";
  return password.length >= 14 || (password.length >= 12 && variety >= 3) ? "strong" : "fair";
}

export function Register() {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/auth/register");
  const native = usePostForm("/auth/register");
  const [strength, setStrength] = useState("");
  const submit = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.currentTarget));
    const answer = await send(values);
    if (!answer.ok) return;
    remember(answer.data.email ?? values.email);
    window.location.assign("/confirm-email");
  };
  return (
    <AuthPage tall question={t("auth.register.question")} action={t("auth.register.other")} href="/login">
      <h1>{t("auth.register.title")}</h1>
      <p className="sub">{t("auth.register.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        <Field name="company" large label={t("auth.field.company")} autoComplete="organization" maxLength={80} error={fields.company} required autoFocus />
        <Field name="name" large label={t("auth.field.name")} autoComplete="name" maxLength={80} error={fields.name} required />
        <Field name="email" type="email" large label={t("auth.field.email")} autoComplete="username" maxLength={254} error={fields.email} required />
        <Field name="password" type="password" large label={t("auth.field.password")} autoComplete="new-password" hint={t(`auth.strength.${strength || "none"}`)} error={fields.password} onValue={(value) => setStrength(strengthOf(value))} required />
        <Problem error={error} />
        <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.register.do")}</Button>
      </form>
    </AuthPage>
  );
}

const PAUSE = 30;
export function ConfirmEmail({ knownEmail, demo }) {
  const t = useT();
  const [stage, setStage] = useState("");
  const [email, setEmail] = useState("");
  const [wait, setWait] = useState(0);
  const [sent, setSent] = useState(false);
  const { busy, error, send, form, fields } = usePost("/auth/resend");
  const tried = useRef(false);

  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    const token = new URLSearchParams(window.location.search).get("token");
    setEmail(remembered());
    if (!token) {
      setWait(remembered() ? PAUSE : 0);
      setStage("waiting");
      return;
    }
    // The token leaves the address at once: no history entry, no referrer keeps it.
    window.history.replaceState(null, "", "/confirm-email");
    setStage("checking");
    post("/auth/confirm", { token }).then((answer) => {
      if (answer.ok) window.location.assign("/");
      else setStage("failed");
    });
  }, []);
  useEffect(() => {
    if (wait <= 0) return undefined;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const address = email || knownEmail || "";
  const resend = async (event) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("email") ?? address;
    const answer = await send({ email: typed });
    if (!answer.ok) return;
    remember(typed);
    setEmail(typed);
    setSent(true);
    setStage("waiting");
    setWait(PAUSE);
  };

  if (stage === "" || stage === "checking") {
    return (
      <AuthPage>
        <h1>{t("auth.confirm.checking")}</h1>
        <p className="sub">{t("auth.confirm.checking_line")}</p>
      </AuthPage>
    );
  }
  const failed = stage === "failed";
  return (
    <AuthPage question={t("auth.register.question")} action={t("auth.register.other")} href="/login">
      <h1>{t(failed ? "auth.confirm.failed" : "auth.confirm.title")}</h1>
      <p className="sub">
        {failed ? t("auth.confirm.failed_line") : address ? t("auth.confirm.line", { email: address }) : t("auth.confirm.line_unknown")}
      </p>
      <form className="form" onSubmit={resend} ref={form} noValidate>
        {address && !failed ? null : <Field name="email" type="email" large label={t("auth.field.email")} autoComplete="username" defaultValue={address} error={fields.email} required />}
        <Problem error={error} />
        <Button type="submit" kind={failed ? "p" : "s"} size="l" className="wide" busy={busy} disabled={wait > 0}>
          {wait > 0 ? t("auth.confirm.again_in", { seconds: wait }) : t("auth.confirm.again")}
        </Button>
        {demo ? <a className="btn t l wide" href="/outbox"><MailCheck className="i" aria-hidden="true" />{t("auth.confirm.outbox")}</a> : null}
        <p className="small t3" role="status">{sent ? t("auth.confirm.sent", { email: address }) : t("auth.confirm.spam")}</p>
      </form>
    </AuthPage>
  );
}
