// The second step of signing in, and the link that goes to a new address.
import { useEffect, useRef, useState } from "react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { AuthPage, Problem } from "./auth.jsx";
import { post, takeToken, usePost, usePostForm, valuesOf, wantedNext } from "./post.js";

const FEW = 3;

export function CodeField({ label, hint, error, recovery, large = true, onFull, autoFocus = true }) {
  if (recovery) return <Field key="recovery" name="code" large={large} mono label={label} hint={hint} error={error} autoComplete="off" maxLength={20} autoFocus={autoFocus} required />;
  return <Field key="code" name="code" large={large} mono label={label} hint={hint} error={error} autoComplete="one-time-code" inputMode="numeric" maxLength={7} onValue={(value) => (/^\d{6}$/.test(value.replace(/\s/g, "")) ? onFull?.() : undefined)} autoFocus={autoFocus} required />;
}

export function SignInCode() {
  const t = useT();
  const { busy, error, send, form, fields, setError } = usePost("/auth/second-step");
  const native = usePostForm("/auth/second-step");
  const [recovery, setRecovery] = useState(false);
  const [left, setLeft] = useState(null);
  const go = () => window.location.assign(wantedNext() || "/");
  const submit = async (event) => {
    const answer = await send({ code: valuesOf(event).code });
    if (!answer.ok) return;
    if (answer.data.codes_left !== undefined && answer.data.codes_left <= FEW) setLeft(answer.data.codes_left);
    else go();
  };
  const turn = () => {
    setError(null);
    setRecovery(!recovery);
  };
  if (left !== null) {
    return (
      <AuthPage>
        <h1>{t("auth.code.few_title")}</h1>
        <p className="sub" role="status">{t("auth.code.few", { n: left })}</p>
        <a className="btn p l wide" href="/account">{t("auth.code.few_do")}</a>
        <button type="button" className="btn g l wide" style={{ marginTop: 8 }} onClick={go}>{t("auth.code.later")}</button>
      </AuthPage>
    );
  }
  const over = error?.code === "challenge_over";
  return (
    <AuthPage>
      <h1>{t("auth.code.title")}</h1>
      <p className="sub">{t(recovery ? "auth.code.recovery_line" : "auth.code.line")}</p>
      <form className="form" onSubmit={submit} ref={form} {...native.form}>
        <CodeField recovery={recovery} label={t(recovery ? "auth.code.recovery" : "auth.code.code")} error={fields.code} onFull={() => form.current?.requestSubmit()} />
        <Problem error={error} />
        {over ? (
          <a className="btn p l wide" href="/login">{t("auth.code.again")}</a>
        ) : (
          <Button type={native.submit} kind="p" size="l" className="wide" busy={busy}>{t("auth.sign_in.do")}</Button>
        )}
        <button type="button" className="btn g wide" onClick={turn}>{t(recovery ? "auth.code.use_app" : "auth.code.use_recovery")}</button>
      </form>
    </AuthPage>
  );
}

export function ConfirmChange() {
  const t = useT();
  const [outcome, setOutcome] = useState(null);
  const tried = useRef(false);
  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    post("/auth/confirm-change", { token: takeToken() }).then((answer) => setOutcome(answer));
  }, []);
  if (!outcome) {
    return (
      <AuthPage>
        <h1>{t("auth.confirm.checking")}</h1>
        <p className="sub">{t("auth.confirm.checking_line")}</p>
      </AuthPage>
    );
  }
  return (
    <AuthPage>
      <h1>{t(outcome.ok ? "auth.change.done" : "auth.confirm.failed")}</h1>
      <p className="sub" role="status">{outcome.ok ? t("auth.change.done_line", { email: outcome.data.email }) : outcome.error.message ?? t("auth.problem.network")}</p>
      <a className="btn p l wide" href="/">{t("auth.change.go")}</a>
    </AuthPage>
  );
}
