// The acts of a channel: check, test, new keys, connect again. Keys are written here and never come back.
import { useEffect, useRef, useState } from "react";
import { KeyRound, Send, Stethoscope } from "lucide-react";
import { Button, Checkbox, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatMoment, formatTime, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Dialog } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { useLast } from "$/public/external/saas_admin/ui/jsx/stay.jsx";
import { ChannelField, FormProblem, useFormErrors } from "./form.jsx";
import { ChannelTrouble } from "./status.jsx";
import { fieldError, fieldLabel } from "./words.js";

// Closes when the server has counted one more success.
function useDialog(done) {
  const [open, setOpen] = useState("");
  const before = useRef(done);
  useEffect(() => {
    if (done !== before.current) setOpen("");
    before.current = done;
  }, [done]);
  return [open, setOpen];
}

function FormDialog({ id, open, onClose, title, verb, busy, disabled, onSubmit, errors, children }) {
  const t = useT();
  const form = useFormErrors(errors);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      width={560}
      actions={
        <>
          <button type="button" className="btn g" onClick={() => onClose?.()}>{t("common.cancel")}</button>
          <Button type="submit" form={id} kind="p" busy={busy} disabled={disabled}>{verb}</Button>
        </>
      }
    >
      <form id={id} ref={form} className="form" style={{ marginTop: 8 }} noValidate autoComplete="off" onSubmit={(event) => { event.preventDefault(); onSubmit(Object.fromEntries(new FormData(event.currentTarget))); }}>
        {children}
      </form>
    </Dialog>
  );
}

// The buttons of the head with their dialogs, and the banners that lead to them.
export function ChannelDesk({ channel: now, about: known, refused, secretsSet, permissions, checking, busy, errors, problem, params, done, target, onCheck, onOpen, onRotate, onReauthorise, onTest, onRetry, part }) {
  const t = useT();
  const channel = useLast(now, !!now?.id);
  const about = useLast(known, !!now?.id);
  const [open, setOpen] = useDialog(done);
  const canManage = permissions?.includes("channels:manage");
  const show = (name) => {
    onOpen?.();
    setOpen(name);
  };
  if (!channel?.id) return null;
  const secret = (about?.fields ?? []).filter((field) => field.secret);
  const dialogProps = { busy, errors, onClose: () => setOpen("") };
  const { kind, provider } = channel;
  const fields = (isAgain) => secret.filter((field) => !field.generated).map((field) => (
    <ChannelField key={field.name} kind={kind} field={{ ...field, required: false }} kept={secretsSet?.includes(field.name)} provider={provider} error={errors?.[field.name]} isAgain={isAgain} />
  ));
  const said = { ...(params ?? {}), provider };
  return (
    <>
      {part === "head" ? null : <ChannelTrouble channel={channel} refused={refused} canManage={canManage} onAgain={() => show("again")} onRetry={onRetry} />}
      {canManage && channel.state !== "disabled" && part !== "banner" ? (
        <div className="row" style={{ gap: 8, flexWrap: "wrap", marginTop: 16 }}>
          <Button busy={checking} icon={<Stethoscope className="i s14" aria-hidden="true" />} onClick={() => onCheck?.()}>{t("channels.check.do")}</Button>
          <Button icon={<Send className="i s14" aria-hidden="true" />} onClick={() => show("test")}>{t("channels.test.do")}</Button>
          <Button icon={<KeyRound className="i s14" aria-hidden="true" />} onClick={() => show("rotate")}>{t("channels.keys.change")}</Button>
        </div>
      ) : null}
      <FormDialog id="rotate" open={open === "rotate"} title={t("channels.keys.change")} verb={t("channels.keys.save")} onSubmit={(form) => onRotate?.(form)} {...dialogProps}>
        <p className="t2 measure">{t("channels.keys.change_text", { provider })}</p>
        {fields(false)}
        {secret.filter((field) => field.generated).map((field) => (
          <Checkbox key={field.name} name={`renew.${field.name}`} label={t("channels.keys.renew", { label: fieldLabel(t, kind, field.name) })} />
        ))}
        {(about?.made ?? []).filter((name) => !secret.some((field) => field.name === name)).map((name) => (
          <Checkbox key={name} name={`renew.${name}`} label={t("channels.keys.renew", { label: fieldLabel(t, kind, name) })} />
        ))}
        <FormProblem code={problem} params={said} />
        <p className="small t3 measure">{t("channels.keys.overlap")}</p>
      </FormDialog>
      <FormDialog id="again" open={open === "again"} title={t("channels.keys.again")} verb={t("channels.keys.again_do")} onSubmit={(form) => onReauthorise?.(form)} {...dialogProps}>
        <p className="t2 measure">{t("channels.keys.again_text", { provider })}</p>
        {fields(true)}
        <FormProblem code={problem} params={said} />
      </FormDialog>
      <FormDialog id="test" open={open === "test"} title={t("channels.test.title")} verb={t("channels.test.send")} disabled={!target?.by_number && !target?.name} onSubmit={(form) => onTest?.(form)} {...dialogProps}>
        {target?.by_number ? (
          <Field name="to" type="tel" autoComplete="tel" label={t("channels.test.to")} hint={t("channels.test.to_hint")} error={fieldError(t, kind, "to", errors?.to)} maxLength={32} />
        ) : (
          <p className="t2 measure" role="status">{target?.name ? t("channels.test.to_person", { name: target.name }) : target?.by_number === false ? t("channels.test.to_nobody") : ""}</p>
        )}
        <Field name="text" label={t("channels.test.text")} multiline rows={2} defaultValue={t("channels.test.start")} error={fieldError(t, kind, "text", errors?.text)} maxLength={1000} />
        <FormProblem code={problem} params={said} />
      </FormDialog>
    </>
  );
}

// Which keys there are; never what they are.
export function KeysCard({ channel: now, about, secretsSet }) {
  const t = useT();
  const lang = useLang();
  const channel = useLast(now, !!now?.id);
  const fields = (about?.fields ?? []).filter((field) => field.secret);
  const until = about?.former_until;
  const isToday = until && new Date(until).toDateString() === new Date().toDateString();
  return (
    <div className="form" style={{ gap: 12 }}>
      <dl className="facts">
        {[...fields.map((field) => field.name), ...(about?.made ?? []).filter((name) => !fields.some((field) => field.name === name))].map((name) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{fieldLabel(t, channel.kind, name)}</dt>
            <dd>{t(!secretsSet?.includes(name) ? "channels.keys.missing" : about?.made?.includes(name) ? "channels.keys.made" : "channels.keys.kept")}</dd>
          </div>
        ))}
      </dl>
      {until ? <p className="small t3">{t("channels.keys.overlap_until", { until: t(isToday ? "channels.keys.until_time" : "channels.keys.until_day", { day: formatMoment(until, lang), time: formatTime(until, lang) }) })}</p> : null}
      <p className="small t3">{t("channels.new.safe")}</p>
    </div>
  );
}
