// The form of any kind of channel, from the fields its adapter declares: each says what it is and where the provider shows it.
import { useEffect, useRef, useState } from "react";
import { ExternalLink, QrCode, TriangleAlert } from "lucide-react";
import { Button, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { hasWords, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { fieldError, fieldHint, fieldLabel, kindWords } from "./words.js";

// The first wrong field gets the focus.
export function useFormErrors(errors) {
  const form = useRef(null);
  useEffect(() => {
    const first = form.current && [...form.current.elements].find((element) => element.name && errors?.[element.name]);
    first?.focus();
  }, [errors]);
  return form;
}

// The sentence above the button when it is nobody's field.
export function FormProblem({ code, params }) {
  const t = useT();
  if (!code) return null;
  return (
    <div className="banner bad" role="alert" style={{ padding: "10px 14px" }}>
      <span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span>
      <span className="grow">{t(`errors.${code}`, params ?? undefined)}</span>
    </div>
  );
}

export function ChannelField({ kind, field, provider, defaultValue, error, kept }) {
  const t = useT();
  const isHidden = field.secret && !field.generated;
  return (
    <Field
      name={field.name}
      mono
      optional={!field.required && !kept}
      required={field.required && !kept}
      maxLength={field.max_length}
      inputMode={field.digits ? "numeric" : undefined}
      reveal={isHidden}
      label={fieldLabel(t, kind, field.name)}
      hint={fieldHint(t, kind, field)}
      placeholder={kept ? "••••••••••••" : undefined}
      defaultValue={field.secret ? "" : defaultValue}
      autoComplete={isHidden ? "new-password" : "off"}
      error={fieldError(t, kind, field.name, error, provider)}
    />
  );
}

export function ConnectForm({ kind, kinds, values, secretsSet, errors, problem, busy, isNew, onSubmit }) {
  const t = useT();
  const form = useFormErrors(errors);
  const [touched, setTouched] = useState(isNew);
  const about = kinds.find((each) => each.kind === kind);
  useEffect(() => {
    if (!isNew && !busy && !problem && !Object.keys(errors ?? {}).length) setTouched(false);
  }, [busy]);
  if (!about) return null;
  const { provider } = about;
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.(Object.fromEntries(new FormData(event.currentTarget)));
  };
  const shown = isNew ? about.fields : about.fields.filter((field) => !field.secret || (!field.required && !field.generated));
  return (
    <form key={kind} className="form" onSubmit={submit} onInput={() => setTouched(true)} ref={form} noValidate autoComplete="off">
      <Field name="name" label={t("channels.field.name")} hint={t("channels.field.name_hint")} defaultValue={values?.name ?? (kindWords(t, kind, "named") || t(`common.channel.${kind}`))} error={fieldError(t, kind, "name", errors?.name)} maxLength={80} />
      {shown.map((field) => (
        <ChannelField key={field.name} kind={kind} field={field} provider={provider} kept={secretsSet?.includes(field.name)} defaultValue={values?.[field.name]} error={errors?.[field.name]} />
      ))}
      <FormProblem code={problem} params={{ provider }} />
      <div className="row" style={{ gap: 12, flexWrap: "wrap" }}>
        <Button type="submit" kind="p" size="md" busy={busy} disabled={!touched}>{t(isNew ? "channels.form.connect" : "common.save")}</Button>
        <span className="small t3 grow" role="status">{busy ? t("channels.form.asking", { provider }) : isNew ? t("channels.form.before", { provider }) : null}</span>
      </div>
    </form>
  );
}

// In the demo nobody needs an account at the provider: the sandbox plays its dashboard.
export function DemoNumbers({ href, kind }) {
  const t = useT();
  if (!href) return null;
  const words = (what) => t(hasWords(`channels.${kind}.demo.${what}`) ? `channels.${kind}.demo.${what}` : `channels.demo.${what}`);
  return (
    <p className="small t2 measure">
      {words("text")}{" "}
      <a className="link" href={href} target="_blank" rel="noreferrer">{words("open")}<span className="sr">{t("channels.new_tab")}</span></a>
    </p>
  );
}

const META = "https://developers.facebook.com/apps/";
const CONSOLES = { whatsapp_cloud: META, messenger: META, instagram: META, telegram: "https://t.me/BotFather", twilio: "https://console.twilio.com/" };

// What it takes, where the provider keeps each thing, and what happens afterwards, beside the form.
export function ConnectHelp({ kind, demo }) {
  const t = useT();
  if (!kind) return null;
  const steps = ["s1", "s2", "s3", "s4", "s5", "s6"].filter((step) => hasWords(`wizard.${kind}.steps.${step}`));
  return (
    <div className="stick form">
      <section className="card pad">
        <h2 className="title-s">{t("channels.new.need")}</h2>
        <p className="t2" style={{ marginTop: 6 }}>{kindWords(t, kind, "need")}</p>
        <p className="small t3" style={{ marginTop: 4 }}>{kindWords(t, kind, "effort")}</p>
        <h2 className="title-s" style={{ marginTop: 18 }}>{t("channels.new.where")}</h2>
        <ol className="form" style={{ gap: 12, marginTop: 10 }}>
          {steps.map((step, index) => (
            <li className="row" style={{ gap: 10, alignItems: "flex-start" }} key={step}>
              <span className="key" aria-hidden="true">{index + 1}</span>
              <span className="grow t2">{t(`wizard.${kind}.steps.${step}`)}</span>
            </li>
          ))}
        </ol>
        {CONSOLES[kind] ? (
          <a className="link row" style={{ gap: 6, marginTop: 14 }} href={CONSOLES[kind]} target="_blank" rel="noreferrer">
            {kindWords(t, kind, "open")}<ExternalLink className="i s14" aria-hidden="true" /><span className="sr">{t("channels.new_tab")}</span>
          </a>
        ) : null}
        <h2 className="title-s" style={{ marginTop: 18 }}>{t("channels.new.after")}</h2>
        <p className="t2" style={{ marginTop: 6 }}>{kindWords(t, kind, "after")}</p>
      </section>
      <DemoNumbers href={demo} kind={kind} />
      <p className="small t3">{t("channels.new.safe")}</p>
    </div>
  );
}

// Said once, where somebody looks for it.
export function NoQr() {
  const t = useT();
  return (
    <p className="row small t3" style={{ gap: 10, alignItems: "flex-start", padding: "0 4px" }}>
      <QrCode className="i" style={{ marginTop: 1 }} aria-hidden="true" />
      <span className="measure">{t("channels.new.no_qr")}</span>
    </p>
  );
}
