// E-mail, password and sessions of one's own account.
import { useState } from "react";
import { Laptop, Mail, Lock, Smartphone } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ConfirmDialog, Dialog, toast } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { Ago } from "$/public/external/saas_admin/ui/jsx/feedback.jsx";
import { formatDate, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Problem } from "./auth.jsx";
import { PasswordField } from "./password.jsx";
import { usePost, valuesOf } from "./post.js";

export function LoginSection({ login, twoStep, onChanged, onCancelEmail }) {
  const t = useT();
  const lang = useLang();
  const [open, setOpen] = useState("");
  const close = () => setOpen("");
  const done = (words, params) => {
    close();
    toast({ text: t(words, params) });
    onChanged?.();
  };
  return (
    <>
      <div className="set">
        <Mail className="i s20 t3" aria-hidden="true" />
        <div className="grow">
          <div className="strong cut">{login.email}</div>
          <div className="small t3">{t("ui.account.email_hint")}</div>
        </div>
        <Button onClick={() => setOpen("email")}>{t("account.email.change")}</Button>
      </div>
      {login.pending_email ? (
        <div className="banner" role="status" style={{ marginTop: 12 }}>
          <Mail className="i lead" aria-hidden="true" />
          <span className="grow">{t("account.email.pending", { email: login.pending_email })}</span>
          <Button onClick={() => onCancelEmail?.()}>{t("account.email.cancel")}</Button>
        </div>
      ) : null}
      <hr className="rule" />
      <div className="set">
        <Lock className="i s20 t3" aria-hidden="true" />
        <div className="grow">
          <div className="strong">{t("auth.field.password")}</div>
          <div className="small t3">{login.password_changed_at ? t("account.password.since", { date: formatDate(login.password_changed_at, lang) }) : t("account.password.line")}</div>
        </div>
        <Button onClick={() => setOpen("password")}>{t("account.password.change")}</Button>
      </div>
      <Dialog open={open === "email"} onClose={close} title={t("account.email.title")} keep>
        <EmailForm twoStep={twoStep} onCancel={close} onDone={(email) => done("account.email.asked", { email })} />
      </Dialog>
      <Dialog open={open === "password"} onClose={close} title={t("account.password.title")} keep>
        <PasswordForm onCancel={close} onDone={() => done("account.password.done")} />
      </Dialog>
    </>
  );
}

function EmailForm({ twoStep, onCancel, onDone }) {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/account/email");
  const submit = async (event) => {
    const answer = await send(valuesOf(event), { settle: true });
    if (answer.ok) onDone(answer.data.pending);
  };
  return (
    <form className="form" onSubmit={submit} ref={form} noValidate style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.email.line")}</p>
      <Field name="email" type="email" label={t("account.email.new")} autoComplete="email" maxLength={254} error={fields.email} required autoFocus />
      <Field name="password" type="password" label={t("auth.field.password")} autoComplete="current-password" error={fields.password} required />
      {twoStep ? <Field name="code" mono label={t("account.two.any_code")} autoComplete="one-time-code" maxLength={20} error={fields.code} required /> : null}
      <Problem error={error} />
      <div className="acts">
        <Button kind="g" onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" kind="p" busy={busy}>{t("account.email.do")}</Button>
      </div>
    </form>
  );
}

function PasswordForm({ onCancel, onDone }) {
  const t = useT();
  const { busy, error, send, form, fields } = usePost("/account/password");
  const submit = async (event) => {
    const answer = await send(valuesOf(event), { settle: true });
    if (answer.ok) onDone();
  };
  return (
    <form className="form" onSubmit={submit} ref={form} noValidate style={{ marginTop: 10 }}>
      <p className="read t2">{t("account.password.what")}</p>
      <Field name="current" type="password" label={t("account.password.current")} autoComplete="current-password" error={fields.current} required autoFocus />
      <PasswordField label={t("account.password.new")} error={fields.password} />
      <Problem error={error} />
      <div className="acts">
        <Button kind="g" onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" kind="p" busy={busy}>{t("account.password.change")}</Button>
      </div>
    </form>
  );
}

export function SessionList({ rows, onEnd, onEndOthers }) {
  const t = useT();
  const [asked, setAsked] = useState(null);
  const others = rows?.filter((row) => !row.is_this) ?? [];
  return (
    <>
      <ul className="lines sessions">
        {rows?.map((row) => {
          const Icon = /iOS|Android|iPhone|iPad/.test(row.device) ? Smartphone : Laptop;
          return (
            <li key={row.id} className="set">
              <Icon className="i s20 t3" aria-hidden="true" />
              <div className="grow">
                <div className="row" style={{ gap: 8 }}><span className="strong cut">{row.device}</span>{row.is_this ? <span className="chip acc">{t("account.sessions.this")}</span> : null}</div>
                <div className="small t3 num">{row.ip ? `${row.ip} · ` : ""}<Ago at={row.last_used_at} /></div>
              </div>
              {row.is_this ? null : <Button kind="g" onClick={() => setAsked(row)} aria-label={t("account.sessions.end_of", { device: row.device })}>{t("account.sessions.end")}</Button>}
            </li>
          );
        })}
      </ul>
      {others.length > 1 ? <div style={{ marginTop: 12 }}><Button onClick={() => setAsked("others")}>{t("account.sessions.end_others")}</Button></div> : null}
      <ConfirmDialog
        open={!!asked}
        title={t(asked === "others" ? "account.sessions.others_title" : "account.sessions.title", { device: asked?.device ?? "", n: others.length })}
        text={t("account.sessions.text")}
        verb={t(asked === "others" ? "account.sessions.end_others" : "account.sessions.end")}
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked === "others") onEndOthers?.();
          else onEnd?.(asked.id);
          setAsked(null);
        }}
      />
    </>
  );
}
