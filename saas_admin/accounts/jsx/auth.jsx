// Sign-in, sign-up and confirmation: plain JSON posts to our own routes, then a full navigation (the cookie is only seen by a new handshake).
import { useEffect, useRef, useState } from "react";
import { MailCheck, TriangleAlert } from "lucide-react";
import { Button, Checkbox, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ProductMark } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { setLang, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { PasswordField } from "./password.jsx";
import { post, usePost, usePostForm, valuesOf, wantedNext } from "./post.js";
import { Street } from "./street.jsx";

const WAITING = "waiting-for";

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
    const values = valuesOf(event);
    const answer = await send({ email: values.email, password: values.password, keep: values.keep === "on" });
    if (!answer.ok) return;
    const { next } = answer.data;
    if (next === "/confirm-email") remember(values.email);
    const after = wantedNext();
    if (next === "/sign-in-code") window.location.assign(after ? `${next}?next=${encodeURIComponent(after)}` : next);
    else window.location.assign(next === "/confirm-email" ? next : after || next || "/");
  };
  return (
    <AuthPage question={t("auth.sign_in.question")} action={t("auth.sign_in.other")} href="/register">
      <h1>{t("auth.sign_in.title")}</h1>
      <p className="sub">{t("auth.sign_in.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        <Field name="email" type="email" large label={t("auth.field.email")} autoComplete="username" error={fields.email} required autoFocus />
        <Field name="password" type="password" large label={t("auth.field.password")} autoComplete="current-password" error={fields.password} required />
        <div className="row" style={{ gap: 12, justifyContent: "space-between", flexWrap: "wrap" }}>
          <Checkbox name="keep" label={t("auth.sign_in.keep")} defaultChecked />
          <a className="link" href="/forgot">{t("auth.forgot.question")}</a>
        </div>
        <Problem error={error} />
        <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.sign_in.do")}</Button>
      </form>
    </AuthPage>
  );
}

function valuesIn(form) {
  return form ? { company: form.elements.company.value, name: form.elements.name.value, email: form.elements.email.value } : {};
}

export function Register() {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/auth/register");
  const native = usePostForm("/auth/register");
  const submit = async (event) => {
    const values = valuesOf(event);
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
        <PasswordField large label={t("auth.field.password")} error={fields.password} words={() => valuesIn(form.current)} />
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
