// WhatsApp Cloud: each field says what it is and where Meta shows it; the token is proven before anything is saved.
import { useEffect, useRef, useState } from "react";
import { ExternalLink, TriangleAlert } from "lucide-react";
import { Button, CopyLine, Field } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { fieldError } from "./words.js";

const KIND = "whatsapp_cloud";
const FIELDS = [
  { name: "phone_number_id", inputMode: "numeric", mono: true, maxLength: 25 },
  { name: "waba_id", inputMode: "numeric", mono: true, maxLength: 25 },
  { name: "access_token", secret: true, mono: true, maxLength: 1024 },
  { name: "app_secret", secret: true, mono: true, maxLength: 128 },
  { name: "verify_token", secret: true, plain: true, mono: true, maxLength: 256, optional: true },
];

// The sentence above the button when it is nobody's field; the first wrong field gets the focus.
export function useFormErrors(errors, problem) {
  const form = useRef(null);
  useEffect(() => {
    const first = form.current && [...form.current.elements].find((element) => element.name && errors?.[element.name]);
    first?.focus();
  }, [errors]);
  return form;
}

export function FormProblem({ code }) {
  const t = useT();
  if (!code) return null;
  return (
    <div className="banner bad" role="alert" style={{ padding: "10px 14px" }}>
      <span className="lead"><TriangleAlert className="i" aria-hidden="true" /></span>
      <span className="grow">{t(`errors.${code}`)}</span>
    </div>
  );
}

export function WhatsAppForm({ values, secretsSet, errors, problem, busy, isNew, onSubmit }) {
  const t = useT();
  const form = useFormErrors(errors, problem);
  const [touched, setTouched] = useState(isNew);
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.(Object.fromEntries(new FormData(event.currentTarget)));
  };
  const words = (field) => `channels.${KIND}.${field}`;
  return (
    <form className="form" onSubmit={submit} onInput={() => setTouched(true)} ref={form} noValidate autoComplete="off">
      <Field name="name" label={t("channels.field.name")} hint={t("channels.field.name_hint")} defaultValue={values?.name ?? t(`common.channel.${KIND}`)} error={fieldError(t, KIND, "name", errors?.name)} maxLength={80} />
      {FIELDS.map(({ name, secret, plain, ...field }) => {
        const kept = secret && secretsSet?.includes(name);
        return (
          <Field
            key={name}
            {...field}
            name={name}
            reveal={secret && !plain}
            label={t(`${words(name)}.label`)}
            hint={kept ? t("channels.field.kept") : t(`${words(name)}.hint`)}
            placeholder={kept ? "••••••••••••" : undefined}
            defaultValue={secret ? "" : values?.[name]}
            autoComplete={secret && !plain ? "new-password" : "off"}
            error={fieldError(t, KIND, name, errors?.[name])}
          />
        );
      })}
      <FormProblem code={problem} />
      <div className="row" style={{ gap: 12, flexWrap: "wrap" }}>
        <Button type="submit" kind="p" size="md" busy={busy} disabled={!touched}>{t(isNew ? "channels.whatsapp_cloud.connect" : "common.save")}</Button>
        <span className="small t3 grow" role="status">{busy ? t("channels.whatsapp_cloud.asking") : isNew ? t("channels.whatsapp_cloud.before") : null}</span>
      </div>
    </form>
  );
}

// In the demo nobody needs an account at Meta: the sandbox plays its dashboard.
function DemoNumbers({ href }) {
  const t = useT();
  if (!href) return null;
  return (
    <p className="small t2 measure">
      {t("channels.whatsapp_cloud.demo.text")}{" "}
      <a className="link" href={href} target="_blank" rel="noreferrer">{t("channels.whatsapp_cloud.demo.open")}<span className="sr">{t("channels.new_tab")}</span></a>
    </p>
  );
}

// Where Meta keeps each thing, beside the form.
export function WhatsAppHelp({ demo }) {
  const t = useT();
  return (
    <div className="stick form">
      <section className="card pad">
        <h2 className="title-s">{t("channels.whatsapp_cloud.help.title")}</h2>
        <ol className="form" style={{ gap: 12, marginTop: 12 }}>
          {["app", "number", "token", "secret"].map((step, index) => (
            <li className="row" style={{ gap: 10, alignItems: "flex-start" }} key={step}>
              <span className="key" aria-hidden="true">{index + 1}</span>
              <span className="grow t2">{t(`channels.whatsapp_cloud.help.${step}`)}</span>
            </li>
          ))}
        </ol>
        <a className="link row" style={{ gap: 6, marginTop: 14 }} href="https://developers.facebook.com/apps/" target="_blank" rel="noreferrer">
          {t("channels.whatsapp_cloud.help.open")}<ExternalLink className="i s14" aria-hidden="true" /><span className="sr">{t("channels.new_tab")}</span>
        </a>
      </section>
      <DemoNumbers href={demo} />
      <p className="small t3">{t("channels.whatsapp_cloud.help.safe")}</p>
    </div>
  );
}

// The two things Meta asks for in return.
export function WebhookCard({ url, token, demo }) {
  const t = useT();
  return (
    <div className="form" style={{ gap: 14 }}>
      <p className="t2 measure">{t("channels.webhook.text")}</p>
      <div>
        <div className="strong" style={{ marginBottom: 6 }}>{t("channels.webhook.url")}</div>
        <CopyLine text={url} label={t("channels.webhook.url")} many />
      </div>
      {token ? (
        <div>
          <div className="strong" style={{ marginBottom: 6 }}>{t("channels.webhook.token")}</div>
          <CopyLine text={token} label={t("channels.webhook.token")} />
        </div>
      ) : null}
      <p className="small t3 measure">{t("channels.webhook.fields")}</p>
      <DemoNumbers href={demo} />
    </div>
  );
}
