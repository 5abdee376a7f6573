// The company: name, logo, and how its dates, amounts and hours are written.
import { useEffect, useRef, useState } from "react";
import { ImageUp } from "lucide-react";
import { Button, Field, FieldFrame } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { CompanyMark } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { getLang, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { Dialog, toast } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";
import { Problem, ReadOnly, SaveBar, SelectField, useDraft, useProblems } from "./frame.jsx";

export function CompanyForm({ company, locales, zones, currencies, errors, params, problem, busy, done, canEdit, onSubmit, onLogo, onRemoveLogo }) {
  const t = useT();
  const lang = useLang();
  const say = useProblems(errors, params);
  const { own, changed, change, reset } = useDraft(
    { name: company?.name ?? "", locale: company?.locale ?? "", time_zone: company?.time_zone ?? "", currency: company?.currency ?? "" },
    !!company?.id, done,
  );
  const money = new Intl.DisplayNames(lang, { type: "currency" });
  const nameOf = (code) => { try { return `${code} · ${money.of(code)}`; } catch { return code; } };
  const submit = (event) => { event.preventDefault(); onSubmit?.(own); };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <ReadOnly when={!canEdit} />
      <Logo company={company} canEdit={canEdit} onLogo={onLogo} onRemove={onRemoveLogo} />
      <Field name="name" label={t("settings.company.name")} value={own.name} maxLength={80} error={say("name")} readOnly={!canEdit} onValue={(name) => change({ name })} required />
      <SelectField label={t("settings.company.locale")} hint={t("settings.company.locale_hint")} error={say("locale")} value={own.locale} disabled={!canEdit} options={(locales ?? []).map((each) => [each, t(`settings.locale.${each.replace("-", "_")}`)])} onValue={(locale) => change({ locale })} />
      <ZoneField zones={zones} value={own.time_zone} error={say("time_zone")} readOnly={!canEdit} onValue={(zone) => change({ time_zone: zone })} />
      <SelectField label={t("settings.company.currency")} error={say("currency")} value={own.currency} disabled={!canEdit} options={[...new Set([...(currencies ?? []), own.currency].filter(Boolean))].map((code) => [code, nameOf(code)])} onValue={(currency) => change({ currency })} />
      <Preview {...own} />
      <Problem code={problem} params={params} />
      {canEdit ? <SaveBar changed={changed} busy={busy} onReset={reset} /> : null}
    </form>
  );
}

// Typing narrows the list; the stored name is a place («Europe/Madrid»).
function ZoneField({ zones, value, error, readOnly, onValue }) {
  const t = useT();
  return (
    <FieldFrame id="zone" label={t("settings.company.time_zone")} hint={t("settings.company.time_zone_hint")} error={error}>
      <div className={error ? "input err" : "input"}>
        <input id="zone" name="time_zone" list="zones" value={value} readOnly={readOnly} autoComplete="off" spellCheck={false} aria-invalid={error ? true : undefined} aria-describedby="zone-note" onChange={(event) => onValue(event.target.value)} />
        <datalist id="zones">{(zones ?? []).map((zone) => <option key={zone} value={zone}>{zone.replace(/_/g, " ")}</option>)}</datalist>
      </div>
    </FieldFrame>
  );
}

function Preview({ locale, time_zone: zone, currency }) {
  const t = useT();
  const [now, setNow] = useState(null);
  useEffect(() => { setNow(new Date()); const timer = setInterval(() => setNow(new Date()), 20000); return () => clearInterval(timer); }, []);
  const written = (make) => { try { return make(); } catch { return "…"; } };
  const lines = now && locale ? [
    ["preview_date", written(() => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: zone }).format(now))],
    ["preview_amount", written(() => new Intl.NumberFormat(locale, { style: "currency", currency }).format(12345.6))],
    ["preview_hour", written(() => new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: zone }).format(now))],
  ] : [];
  return (
    <section className="card pad" aria-live="polite">
      <h2 className="title-s" style={{ marginBottom: 10 }}>{t("settings.company.preview")}</h2>
      <dl className="facts num">{lines.map(([key, text]) => [<dt key={key}>{t(`settings.company.${key}`)}</dt>, <dd key={`${key}-is`}>{text}</dd>])}</dl>
    </section>
  );
}

function Logo({ company, canEdit, onLogo, onRemove }) {
  const t = useT();
  const input = useRef(null);
  const [picked, setPicked] = useState(null);
  const has = !!company?.logo_id;
  return (
    <div className="field">
      <div className="lb">{t("settings.company.logo")}</div>
      <div className="row" style={{ gap: 16 }}>
        {has ? <img className="logo64" src={`/pictures/${company.logo_id}.png`} alt="" width="64" height="64" /> : <CompanyMark name={company?.name} id={company?.id} size={64} />}
        {canEdit ? (
          <div className="grow">
            <div className="row" style={{ gap: 8 }}>
              <Button icon={<ImageUp className="i s14" aria-hidden="true" />} onClick={() => input.current?.click()}>{t(has ? "settings.company.logo_change" : "settings.company.logo_choose")}</Button>
              {has ? <Button kind="g" onClick={() => onRemove?.()}>{t("settings.company.logo_remove")}</Button> : null}
            </div>
            <span className="hint">{t("settings.company.logo_hint")}</span>
          </div>
        ) : null}
        <input ref={input} type="file" hidden accept="image/png,image/jpeg,image/webp" data-logo onChange={(event) => { setPicked(event.target.files?.[0] ?? null); event.target.value = ""; }} />
      </div>
      <CropDialog file={picked} onClose={() => setPicked(null)} onDone={() => { setPicked(null); onLogo?.(); toast({ text: t("settings.company.logo_saved") }); }} />
    </div>
  );
}

const SIDE = 280;
const OUT = 512;
function CropDialog({ file, onClose, onDone }) {
  const t = useT();
  const canvas = useRef(null);
  const held = useRef(null);
  const [image, setImage] = useState(null);
  const [view, setView] = useState({ zoom: 1, x: 0, y: 0 });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");

  useEffect(() => {
    setImage(null); setError(""); setBusy(false); setView({ zoom: 1, x: 0, y: 0 });
    if (!file) return undefined;
    let gone = false;
    createImageBitmap(file).then((found) => !gone && setImage(found), () => !gone && setError(t("errors.image_broken")));
    return () => { gone = true; };
  }, [file]);

  const draw = (target, side) => {
    const scale = (side / Math.min(image.width, image.height)) * view.zoom;
    const [w, h] = [image.width * scale, image.height * scale];
    const reach = (size) => Math.max(0, (size - side) / 2);
    const at = (offset, size) => (side - size) / 2 + Math.max(-1, Math.min(1, offset)) * reach(size);
    const pen = target.getContext("2d");
    pen.clearRect(0, 0, side, side);
    pen.drawImage(image, at(view.x, w), at(view.y, h), w, h);
  };
  useEffect(() => { if (image && canvas.current) draw(canvas.current, SIDE * 2); }, [image, view]);

  const move = (dx, dy) => setView((now) => ({ ...now, x: Math.max(-1, Math.min(1, now.x + dx)), y: Math.max(-1, Math.min(1, now.y + dy)) }));
  const keys = (event) => {
    const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
    if (step) { event.preventDefault(); move(...step); }
  };
  const save = async () => {
    setBusy(true); setError("");
    const sheet = Object.assign(document.createElement("canvas"), { width: OUT, height: OUT });
    draw(sheet, OUT);
    const blob = await new Promise((give) => sheet.toBlob(give, "image/png"));
    const body = new FormData();
    body.append("file", blob, "logo.png");
    const answer = await fetch("/settings/logo", { method: "POST", body, headers: { "accept-language": getLang() } }).catch(() => null);
    setBusy(false);
    if (answer?.ok) onDone();
    else setError((await answer?.json().catch(() => null))?.error?.message ?? t("auth.problem.network"));
  };
  return (
    <Dialog open={!!file} onClose={onClose} keep={busy} title={t("settings.company.crop")} actions={<><Button kind="g" onClick={onClose}>{t("common.cancel")}</Button><Button kind="p" busy={busy} disabled={!image} onClick={save}>{t("settings.company.use")}</Button></>}>
      <p className="read t2" style={{ margin: "4px 0 14px" }}>{t("settings.company.crop_hint")}</p>
      <canvas
        ref={canvas} className="crop" width={SIDE * 2} height={SIDE * 2} tabIndex={0} role="img" aria-label={t("settings.company.crop_area")} onKeyDown={keys}
        onPointerDown={(event) => { held.current = [event.clientX, event.clientY]; event.currentTarget.setPointerCapture(event.pointerId); }}
        onPointerMove={(event) => { if (!held.current) return; const [x, y] = held.current; held.current = [event.clientX, event.clientY]; move((event.clientX - x) / 120, (event.clientY - y) / 120); }}
        onPointerUp={() => { held.current = null; }}
      />
      <label className="row small" style={{ gap: 12, marginTop: 12 }}>
        {t("settings.company.zoom")}
        <input type="range" className="grow range" min="1" max="4" step="0.05" value={view.zoom} onChange={(event) => setView((now) => ({ ...now, zoom: Number(event.target.value) }))} />
      </label>
      {error ? <p className="error" role="alert">{error}</p> : null}
    </Dialog>
  );
}
