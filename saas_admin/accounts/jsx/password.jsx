// A new password: judged while it is typed by the same judge that decides; forgotten and replaced.
import { useEffect, useRef, useState } from "react";
import { MailCheck } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { AuthPage, Problem } from "./auth.jsx";
import { post, takeToken, usePost, usePostForm, valuesOf } from "./post.js";

const PAUSE = 250;

// `words`: () => {company, name, email} that are not in the session yet.
export function PasswordField({ name = "password", label, large, error, words, autoFocus }) {
  const t = useT();
  const [judged, setJudged] = useState(null);
  const [fresh, setFresh] = useState(false);
  const timer = useRef(null);
  const latest = useRef("");
  useEffect(() => setFresh(false), [error]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const judge = (password) => {
    latest.current = password;
    setFresh(true);
    clearTimeout(timer.current);
    if (!password) return setJudged(null);
    timer.current = setTimeout(async () => {
      const answer = await post("/auth/strength", { password, ...words?.() });
      if (latest.current === password && answer.ok) setJudged(answer.data);
    }, PAUSE);
    return undefined;
  };
  const lit = judged ? Math.max(1, judged.level) : 0;
  const hint = (
    <>
      <span className={`meter ${judged?.enough ? (judged.level > 3 ? "strong" : "good") : ""}`} aria-hidden="true">
        {[1, 2, 3, 4].map((n) => <i key={n} className={n <= lit ? "on" : undefined} />)}
      </span>
      <span role="status">{judged?.words ?? t("auth.strength.none")}</span>
    </>
  );
  return <Field name={name} type="password" large={large} label={label} autoComplete="new-password" hint={hint} error={fresh ? undefined : error} onValue={judge} autoFocus={autoFocus} required />;
}

export function Forgot({ demo }) {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/auth/forgot");
  const native = usePostForm("/auth/forgot");
  const [sent, setSent] = useState("");
  const submit = async (event) => {
    const { email } = valuesOf(event);
    const answer = await send({ email }, { settle: true });
    if (answer.ok) setSent(email);
  };
  return (
    <AuthPage question={t("auth.forgot.remembered")} action={t("auth.register.other")} href="/login">
      <h1>{t(sent ? "auth.confirm.title" : "auth.forgot.title")}</h1>
      <p className="sub" role="status">{sent ? t("auth.forgot.sent", { email: sent }) : t("auth.forgot.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        {sent ? null : <Field name="email" type="email" large label={t("auth.field.email")} autoComplete="username" error={fields.email} required autoFocus />}
        <Problem error={error} />
        {sent ? null : <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.forgot.do")}</Button>}
        {sent && demo ? <a className="btn t l wide" href="/outbox"><MailCheck className="i" aria-hidden="true" />{t("auth.confirm.outbox")}</a> : null}
        {sent ? <p className="small t3">{t("auth.confirm.spam")}</p> : null}
      </form>
    </AuthPage>
  );
}

export function ResetPassword() {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/auth/reset");
  const native = usePostForm("/auth/reset");
  const [token, setToken] = useState(null);
  const [done, setDone] = useState(false);
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    setToken(takeToken());
  }, []);
  const over = token === "" || ["link_unknown", "link_used", "link_expired"].includes(error?.code);
  const submit = async (event) => {
    const { password } = valuesOf(event);
    const answer = await send({ token, password }, { settle: true });
    if (answer.ok) setDone(true);
  };
  if (done || over) {
    return (
      <AuthPage>
        <h1>{t(done ? "auth.reset.done" : "auth.confirm.failed")}</h1>
        <p className="sub" role="status">{done ? t("auth.reset.done_line") : error?.message ?? t("auth.reset.missing")}</p>
        <a className="btn p l wide" href={done ? "/login" : "/forgot"}>{t(done ? "auth.sign_in.do" : "auth.reset.again")}</a>
      </AuthPage>
    );
  }
  return (
    <AuthPage>
      <h1>{t("auth.reset.title")}</h1>
      <p className="sub">{t("auth.reset.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        <PasswordField large label={t("auth.reset.password")} error={fields.password} autoFocus />
        <Problem error={error} />
        <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.reset.do")}</Button>
      </form>
    </AuthPage>
  );
}
