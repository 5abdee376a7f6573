// The web chat: what the visitor sees stands beside the form and changes as one types.
import { useEffect, useState } from "react";
import { ArrowUp, Check, MessageCircle, Paperclip, X } from "lucide-react";
import { Button, CopyLine, Field, FieldFrame, Segmented } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { FormProblem, useFormErrors } from "./form.jsx";
import { fieldError } from "./words.js";

const KIND = "webchat";
const COLOURS = ["#0e5f63", "#5b2a1c", "#2f6f5b", "#24548a", "#52379b", "#8f2a5c", "#f4b860"];
const HEX = /^#[0-9a-f]{6}$/i;

function luminance(hex) {
  return [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
}
// The same rule as the widget and the server: dark text on light colours, white on dark ones.
export function readableOn(hex) {
  return luminance(hex) < 0.19 ? "#ffffff" : "#1a1714";
}
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function ColourField({ value, onValue, error }) {
  const t = useT();
  const lang = useLang();
  const valid = HEX.test(value);
  const text = valid ? readableOn(value) : "#ffffff";
  const ratio = valid ? new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(contrast(value, text)) : "";
  const hint = valid ? t(text === "#ffffff" ? "channels.webchat.color.on_white" : "channels.webchat.color.on_dark", { ratio }) : t("errors.format_color");
  return (
    <FieldFrame id="color" label={t("channels.webchat.color.label")} hint={hint} error={error}>
      <div className="row" style={{ gap: 8, flexWrap: "wrap" }}>
        {COLOURS.map((colour) => (
          <button key={colour} type="button" className="hue" style={{ background: colour, color: readableOn(colour) }} aria-label={t("channels.webchat.color.pick", { color: colour })} aria-pressed={value.toLowerCase() === colour} onClick={() => onValue(colour)}>
            {value.toLowerCase() === colour ? <Check className="i s14" aria-hidden="true" /> : null}
          </button>
        ))}
        <div className={error ? "input err" : "input"} style={{ width: 138, paddingLeft: 5 }}>
          <input type="color" className="well" value={valid ? value : "#0e5f63"} onChange={(event) => onValue(event.target.value)} aria-label={t("channels.webchat.color.own")} />
          <input id="color" name="color" className="mono" value={value} maxLength={7} spellCheck={false} autoComplete="off" aria-describedby="color-note" aria-invalid={!valid || !!error} onChange={(event) => onValue(event.target.value)} />
        </div>
      </div>
    </FieldFrame>
  );
}

export function WebchatStudio({ values, errors, problem, busy, isNew, company, onSubmit }) {
  const t = useT();
  const form = useFormErrors(errors);
  const start = () => ({
    name: values?.name ?? t(`common.channel.${KIND}`),
    title: values?.title ?? company ?? "",
    greeting: values?.greeting ?? (isNew ? t("channels.webchat.greeting.start") : ""),
    color: values?.color || "#0e5f63",
    position: values?.position || "right",
    domains: (values?.domains ?? "").split(",").filter(Boolean).join(", "),
  });
  const [own, setOwn] = useState(start);
  const [touched, setTouched] = useState(isNew);
  const change = (name) => (value) => {
    setTouched(true);
    setOwn((now) => ({ ...now, [name]: value }));
  };
  // After saving, the stored values are the truth (domains come back cleaned).
  useEffect(() => {
    if (!values || busy) return;
    if (!touched) setOwn(start());
  }, [values]);
  useEffect(() => {
    if (!busy && !isNew && !Object.keys(errors ?? {}).length && !problem) setTouched(false);
  }, [busy]);
  const submit = (event) => {
    event.preventDefault();
    onSubmit?.(own);
  };
  const field = (name, rest) => <Field name={name} value={own[name]} onValue={change(name)} error={fieldError(t, KIND, name, errors?.[name])} {...rest} />;
  return (
    <div className="cols">
      <form className="form" onSubmit={submit} ref={form} noValidate>
        {field("name", { label: t("channels.field.name"), hint: t("channels.field.name_hint"), maxLength: 80 })}
        {field("title", { label: t("channels.webchat.title.label"), hint: t("channels.webchat.title.hint"), maxLength: 60 })}
        {field("greeting", { label: t("channels.webchat.greeting.label"), hint: t("channels.webchat.greeting.hint"), multiline: true, rows: 2, maxLength: 500, optional: true })}
        <ColourField value={own.color} onValue={change("color")} error={fieldError(t, KIND, "color", errors?.color)} />
        <div className="field">
          <div className="lb"><span>{t("channels.webchat.position.label")}</span></div>
          <Segmented label={t("channels.webchat.position.label")} value={own.position} onValue={change("position")} options={[{ value: "left", label: t("channels.webchat.position.left") }, { value: "right", label: t("channels.webchat.position.right") }]} />
        </div>
        {field("domains", { label: t("channels.webchat.domains.label"), hint: t("channels.webchat.domains.hint"), mono: true, multiline: true, rows: 2, maxLength: 2000, optional: true })}
        <FormProblem code={problem} />
        <div><Button type="submit" kind="p" size="md" busy={busy} disabled={!touched}>{t(isNew ? "channels.webchat.create" : "common.save")}</Button></div>
      </form>
      <WidgetPreview own={own} />
    </div>
  );
}

// Drawn, not embedded: no visitor is counted, nothing is stored, and it works before the channel exists.
function WidgetPreview({ own }) {
  const t = useT();
  const [open, setOpen] = useState(true);
  const colour = HEX.test(own.color) ? own.color : "#0e5f63";
  const style = { "--w": colour, "--on": readableOn(colour) };
  const name = own.title || t("channels.webchat.preview.shop");
  const side = own.position === "left" ? "left" : "right";
  return (
    <aside className="stick" aria-label={t("channels.webchat.preview.label")}>
      <div className="row" style={{ marginBottom: 8 }}>
        <span className="strong grow">{t("channels.webchat.preview.label")}</span>
        <Segmented label={t("channels.webchat.preview.state")} value={open ? "open" : "closed"} onValue={(value) => setOpen(value === "open")} options={[{ value: "closed", label: t("channels.webchat.preview.closed") }, { value: "open", label: t("channels.webchat.preview.open") }]} />
      </div>
      <div className={`shopwin ${side}`} style={style} aria-hidden="true">
        <div className="shopwin-bar"><i /><i /><i /><span>{own.domains.split(/[,\s]+/)[0].replace(/^https?:\/\/|^\*\.|\/.*$/g, "") || t("channels.webchat.preview.site")}</span></div>
        <div className="shopwin-page"><b /><u /><u /><div><s /><s /><s /></div></div>
        {open ? (
          <div className="wpanel">
            <header><span className="wface">{name.trim().slice(0, 1).toUpperCase()}</span><div className="grow"><div className="cut">{name}</div><small>{t("channels.webchat.preview.subtitle")}</small></div><X className="i" /></header>
            <div className="wlog">
              {own.greeting ? <p className="in">{own.greeting}</p> : null}
              <p className="out">{t("channels.webchat.preview.question")}</p>
              <p className="in">{t("channels.webchat.preview.answer")}</p>
            </div>
            <footer><span className="grow">{t("channels.webchat.preview.placeholder")}</span><Paperclip className="i" /><span className="wsend"><ArrowUp className="i" /></span></footer>
          </div>
        ) : (
          <div className="wpill"><MessageCircle className="i s20" />{t("channels.webchat.preview.launcher")}</div>
        )}
      </div>
    </aside>
  );
}

export function SnippetCard({ snippet, waiting }) {
  const t = useT();
  return (
    <div className="form" style={{ gap: 12 }}>
      <p className="t2 measure">{t("channels.webchat.snippet.text")}</p>
      <CopyLine text={snippet} label={t("channels.webchat.snippet.label")} many />
      <p className="small t3 measure">{t(waiting ? "channels.webchat.snippet.waiting" : "channels.webchat.snippet.where")}</p>
    </div>
  );
}
