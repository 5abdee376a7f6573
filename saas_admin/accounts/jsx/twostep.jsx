// Two-step verification: set up, recovery codes shown once, new ones, off. Used in the account and where a company insists.
import { useEffect, useRef, useState } from "react";
import { Check, Copy, Download, ShieldCheck } from "lucide-react";
import { Button, Field, copyText } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Dialog, toast } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { formatDate, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { signOut } from "$/public/external/saas_admin/ui/jsx/shell.jsx";
import { AuthPage, Problem } from "./auth.jsx";
import { CodeField } from "./code.jsx";
import { post, usePost, valuesOf } from "./post.js";

function Qr({ setup }) {
  const t = useT();
  return (
    <svg className="qr" viewBox={`0 0 ${setup.size} ${setup.size}`} role="img" aria-label={t("account.two.qr")} shapeRendering="crispEdges">
      <rect width={setup.size} height={setup.size} fill="#fff" />
      <path d={setup.path} fill="#000" />
    </svg>
  );
}

// Scan, type the code, keep the recovery codes. `onDone` once they were seen.
export function TwoStepSetup({ onDone, onActive, onCancel, cancelWords }) {
  const t = useT();
  const [setup, setSetup] = useState(null);
  const [codes, setCodes] = useState(null);
  const [problem, setProblem] = useState(null);
  const { busy, error, send, form, fields } = usePost("/account/two-factor/confirm");
  const begun = useRef(false);
  const begin = async () => {
    const answer = await post("/account/two-factor/start", {});
    setProblem(answer.error ?? null);
    if (answer.ok) setSetup(answer.data);
  };
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    begin();
  }, []);
  const submit = async (event) => {
    const answer = await send({ code: valuesOf(event).code }, { settle: true });
    if (!answer.ok) return;
    onActive?.();
    setCodes(answer.data.codes);
  };
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  return (
    <form className="form" onSubmit={submit} ref={form} noValidate style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.two.scan")}</p>
      <div className="qr-row">
        {setup ? <Qr setup={setup} /> : <span className="sk qr" />}
        <div className="grow">
          <div className="small t3">{t("account.two.type")}</div>
          <code className="mono secret" data-secret={setup?.secret}>{setup ? setup.secret.match(/.{4}/g).join(" ") : " "}</code>
          <Button size="xs" icon={<Copy className="i s14" aria-hidden="true" />} disabled={!setup} onClick={async () => (await copyText(setup.secret)) && toast({ text: t("ui.copy.done") })}>{t("ui.copy.do")}</Button>
        </div>
      </div>
      <CodeField large={false} label={t("auth.code.code")} hint={t("account.two.code_hint")} error={fields.code} onFull={() => form.current?.requestSubmit()} />
      <Problem error={error ?? problem} />
      <div className="acts">
        {onCancel ? <Button kind="g" onClick={onCancel}>{cancelWords ?? t("common.cancel")}</Button> : null}
        <Button type="submit" kind="p" busy={busy} disabled={!setup}>{t("account.two.turn_on")}</Button>
      </div>
    </form>
  );
}

export function RecoveryCodes({ codes, onDone }) {
  const t = useT();
  const [kept, setKept] = useState(false);
  const text = `${t("account.two.file", { product: t("common.brand") })}\n\n${codes.join("\n")}\n`;
  const save = () => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: t("account.two.filename") });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    setKept(true);
  };
  return (
    <div style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.two.codes_line")}</p>
      <ol className="codes" aria-label={t("account.two.codes")}>{codes.map((code) => <li key={code} className="mono">{code}</li>)}</ol>
      <div className="row" style={{ gap: 8 }}>
        <Button icon={<Copy className="i s14" aria-hidden="true" />} onClick={async () => { if (await copyText(codes.join("\n"))) { setKept(true); toast({ text: t("ui.copy.done") }); } }}>{t("ui.copy.do")}</Button>
        <Button icon={<Download className="i s14" aria-hidden="true" />} onClick={save}>{t("account.two.download")}</Button>
      </div>
      <div className="acts"><Button kind={kept ? "p" : "s"} icon={<Check className="i s14" aria-hidden="true" />} onClick={onDone}>{t("account.two.kept")}</Button></div>
    </div>
  );
}

// The page somebody is kept on until it is done.
export function TwoStepDue({ company }) {
  const t = useT();
  return (
    <AuthPage tall>
      <h1>{t("account.two.due_title")}</h1>
      <p className="sub">{t("account.two.due_line", { company })}</p>
      <TwoStepSetup onDone={() => window.location.assign("/")} onCancel={signOut} cancelWords={t("ui.account.sign_out")} />
    </AuthPage>
  );
}

export function TwoStepSection({ state, onChanged }) {
  const t = useT();
  const lang = useLang();
  const [open, setOpen] = useState("");
  const [keep, setKeep] = useState(false);
  const close = () => {
    setOpen("");
    setKeep(false);
    onChanged?.();
  };
  return (
    <>
      <div className="set">
        <ShieldCheck className={state.is_on ? "i s20 ok-text" : "i s20 t3"} aria-hidden="true" />
        <div className="grow">
          <div className="row" style={{ gap: 8 }}>
            <span className="strong">{t(state.is_on ? "account.two.on" : "account.two.off")}</span>
            {state.is_on ? <span className={state.codes_left <= 3 ? "chip warn" : "chip ok"}>{t("account.two.left", { n: state.codes_left })}</span> : null}
          </div>
          <div className="small t3">{state.is_on ? t("account.two.since", { date: formatDate(state.since, lang) }) : t("account.two.why")}</div>
        </div>
        {state.is_on ? (
          <div className="row" style={{ gap: 8 }}>
            <Button onClick={() => setOpen("codes")}>{t("account.two.new_codes")}</Button>
            {state.is_required ? null : <Button kind="g" onClick={() => setOpen("off")}>{t("account.two.turn_off")}</Button>}
          </div>
        ) : (
          <Button kind="p" onClick={() => setOpen("on")}>{t("account.two.turn_on")}</Button>
        )}
      </div>
      {state.is_on && state.is_required ? <p className="small t3" style={{ marginTop: 8 }}>{t("account.two.required")}</p> : null}
      <Dialog open={open === "on"} onClose={close} title={t("account.two.title")} width={560} keep={keep}>
        <TwoStepSetup onDone={close} onActive={() => setKeep(true)} onCancel={close} />
      </Dialog>
      <Dialog open={open === "codes"} onClose={close} title={t("account.two.new_codes")} width={560} keep={keep}>
        <NewCodes onDone={close} onActive={() => setKeep(true)} />
      </Dialog>
      <Dialog open={open === "off"} onClose={close} title={t("account.two.off_title")} keep={keep}>
        <TurnOff onDone={() => { close(); toast({ text: t("account.two.turned_off") }); }} onCancel={close} />
      </Dialog>
    </>
  );
}

function NewCodes({ onDone, onActive }) {
  const t = useT();
  const [codes, setCodes] = useState(null);
  const { busy, error, send, form, fields } = usePost("/account/two-factor/codes");
  const submit = async (event) => {
    const answer = await send({ code: valuesOf(event).code }, { settle: true });
    if (!answer.ok) return;
    onActive?.();
    setCodes(answer.data.codes);
  };
  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  return (
    <form className="form" onSubmit={submit} ref={form} noValidate style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.two.new_codes_line")}</p>
      <Field name="code" mono label={t("account.two.any_code")} autoComplete="one-time-code" maxLength={20} error={fields.code} required autoFocus />
      <Problem error={error} />
      <div className="acts">
        <Button kind="g" onClick={onDone}>{t("common.cancel")}</Button>
        <Button type="submit" kind="p" busy={busy}>{t("account.two.new_codes")}</Button>
      </div>
    </form>
  );
}

function TurnOff({ onDone, onCancel }) {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/account/two-factor/disable");
  const submit = async (event) => {
    const answer = await send(valuesOf(event), { settle: true });
    if (answer.ok) onDone();
  };
  return (
    <form className="form" onSubmit={submit} ref={form} noValidate style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.two.off_line")}</p>
      <Field name="password" type="password" label={t("auth.field.password")} autoComplete="current-password" error={fields.password} required autoFocus />
      <Field name="code" mono label={t("account.two.any_code")} autoComplete="one-time-code" maxLength={20} error={fields.code} required />
      <Problem error={error} />
      <div className="acts">
        <Button kind="g" onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" kind="d" busy={busy}>{t("account.two.turn_off")}</Button>
      </div>
    </form>
  );
}
