// More than text in an answer: options to tap, a link, a place. What the channel makes of it is said before it is sent.
import { useEffect, useId, useRef, useState } from "react";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { FieldFrame } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Link, MapPin, Plus, Triangle, X, Zap } from "./icons.js";
import { formOf, isShortMap, isWeb, linkFits, mostChoices, placeFits, placeOf, titleLimit } from "./fit.js";
import { Pop } from "./pop.jsx";
import { cx, store, useInbox } from "./util.js";

const HTTPS = "https://";

// One of them at a time, kept in the browser like the text beside it.
export function useExtra(key) {
  const [extra, setExtra] = useState(() => store.get(key));
  useEffect(() => setExtra(store.get(key)), [key]);
  return [extra, (next) => { store.set(key, next); setExtra(next); }];
}

function Line({ label, value, onValue, error, max, limit, autoFocus, ...rest }) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} error={error} aside={limit ? <span className={cx("num small", value.length > limit ? "warn" : "t3")}>{value.length}{"/"}{limit}</span> : null}>
      <div className={cx("input", error && "err")}><input id={id} data-first={autoFocus ? "" : undefined} value={value} maxLength={max} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-note` : undefined} autoComplete="off" onChange={(event) => onValue(event.target.value)} {...rest} /></div>
    </FieldFrame>
  );
}

// It stands inside the composer, which is a form already: Enter is heard here and goes no further.
function Sheet({ onDone, children }) {
  const enter = (event) => { if (event.key === "Enter" && event.target.tagName === "INPUT" && !event.nativeEvent.isComposing) { event.preventDefault(); event.stopPropagation(); onDone(); } };
  return <div className="bx-form" onKeyDown={enter}>{children}</div>;
}

function Foot({ verb, onDone, onDrop }) {
  const { t } = useInbox();
  return <div className="acts">{onDrop && <button type="button" className="btn g" onClick={onDrop}>{t("extra.remove")}</button>}<span className="grow" /><button type="button" className="btn p" onClick={onDone}>{verb}</button></div>;
}

function ChoicesForm({ limits, extra, onDone }) {
  const { t } = useInbox();
  const translate = useT();
  const [titles, setTitles] = useState(() => extra?.choices?.options.map((option) => option.title) || ["", ""]);
  const [error, setError] = useState(null);
  const rows = useRef(null);
  const most = Math.min(mostChoices(), Math.max(limits.buttons || 0, limits.list_rows || 0) || mostChoices());
  const clean = titles.map((title) => title.trim().replace(/\s+/g, " ")).filter(Boolean);
  const options = clean.map((title, i) => ({ id: `choice-${i + 1}`, title }));
  const form = formOf(limits, { options });
  const limit = titleLimit(limits, clean.length);
  const set = (at, value) => { setError(null); setTitles(titles.map((title, i) => (i === at ? value : title))); };
  const add = () => { setTitles([...titles, ""]); setTimeout(() => rows.current?.querySelector("li:last-of-type input")?.focus(), 0); };
  const submit = () => {
    if (!options.length) { setError(t("extra.one_option")); return; }
    if (new Set(clean.map((title) => title.toLowerCase())).size < clean.length) { setError(translate("errors.choices_same")); return; }
    onDone({ choices: { options } });
  };
  return (
    <Sheet onDone={submit}>
      <p className="title-s">{t("extra.choices")}</p>
      <ul ref={rows}>
        {titles.map((title, i) => (
          <li key={i}><Line label={t("extra.option", { n: i + 1 })} value={title} max={80} limit={limit} autoFocus={i === 0} onValue={(value) => set(i, value)} />
            {titles.length > 1 && <button type="button" className="ib sm" aria-label={t("extra.remove_option", { n: i + 1 })} onClick={() => setTitles(titles.filter((_, at) => at !== i))}><X size={14} strokeWidth={1.75} /></button>}</li>
        ))}
      </ul>
      {titles.length < most && <button type="button" className="bx-item strong" onClick={add}><Plus size={16} strokeWidth={1.75} aria-hidden="true" />{t("extra.add_option")}</button>}
      {error ? <p className="error" role="alert">{error}</p> : <p className="small t3" role="status">{t(`extra.as.${form}`)}</p>}
      <Foot verb={t("extra.put")} onDone={submit} onDrop={extra?.choices && (() => onDone(null))} />
    </Sheet>
  );
}

function LinkForm({ limits, extra, onDone }) {
  const { t } = useInbox();
  const translate = useT();
  const [title, setTitle] = useState(extra?.link?.title || ""), [url, setUrl] = useState(extra?.link?.url || ""), [errors, setErrors] = useState({});
  const submit = () => {
    const address = /^[a-z][a-z0-9+.-]*:/i.test(url.trim()) ? url.trim() : `${HTTPS}${url.trim()}`;
    const wrong = { ...(!title.trim() && { title: translate("errors.required") }), ...((!isWeb(address) || !new URL(address).hostname.includes(".")) && { url: translate("errors.link_format") }) };
    setErrors(wrong);
    if (!Object.keys(wrong).length) onDone({ link: { title: title.trim(), url: address } });
  };
  return (
    <Sheet onDone={submit}>
      <p className="title-s">{t("extra.link")}</p>
      <Line label={t("extra.link_title")} value={title} max={80} limit={limits.has_links ? limits.button_length : 0} error={errors.title} autoFocus onValue={setTitle} placeholder={t("extra.link_hint")} />
      <Line label={t("extra.link_url")} value={url} max={2000} error={errors.url} onValue={setUrl} inputMode="url" placeholder={HTTPS} />
      <p className="small t3" role="status">{t(linkFits(limits, { title: title.trim() }) ? "extra.link_button" : "extra.link_words")}</p>
      <Foot verb={t("extra.put")} onDone={submit} onDrop={extra?.link && (() => onDone(null))} />
    </Sheet>
  );
}

function PlaceForm({ limits, text, extra, onDone }) {
  const { t } = useInbox();
  const translate = useT();
  const was = extra?.location;
  const [where, setWhere] = useState(was ? `${was.latitude}, ${was.longitude}` : ""), [name, setName] = useState(was?.name || ""), [error, setError] = useState(null);
  const found = placeOf(where);
  const submit = () => {
    if (!found) { setError(isShortMap(where) ? t("extra.place_short") : where.trim() ? t("extra.place_unread") : translate("errors.required")); return; }
    onDone({ location: { latitude: found.latitude, longitude: found.longitude, name: name.trim() || found.name || "" } });
  };
  return (
    <Sheet onDone={submit}>
      <p className="title-s">{t("extra.place")}</p>
      <Line label={t("extra.place_where")} value={where} max={2000} error={error} autoFocus onValue={(value) => { setWhere(value); setError(null); const name_ = placeOf(value)?.name; if (name_) setName(name_.slice(0, 100)); }} placeholder="39.4699, -0.3763" />
      <Line label={t("extra.place_name")} value={name} max={100} onValue={setName} placeholder={t("extra.place_hint")} />
      <p className="small t3" role="status">{t(placeFits(limits, text) ? "extra.place_pin" : limits.has_location ? "extra.place_with_words" : "extra.place_words")}</p>
      <Foot verb={t("extra.put")} onDone={submit} onDrop={was && (() => onDone(null))} />
    </Sheet>
  );
}

const FORMS = [["choices", Zap, ChoicesForm], ["link", Link, LinkForm], ["place", MapPin, PlaceForm]];

export function ExtraTools({ limits, extra, blocked, text, onExtra }) {
  const { t } = useInbox();
  return FORMS.map(([name, Icon, Form]) => (
    <Pop key={name} label={t(`extra.${name}`)} className="up wide" disabled={blocked} button={(props) => <button {...props} className="ib" aria-label={t(`extra.${name}`)} data-tip={blocked ? t("extra.no_files") : t(`extra.${name}`)}><Icon size={16} strokeWidth={1.75} /></button>}>
      {(close) => <Form limits={limits} extra={extra} text={text()} onDone={(next) => { onExtra(next); close(); }} />}
    </Pop>
  ));
}

// What goes along, above the tools: seen, removable, and honest about the form it takes.
export function ExtraChip({ limits, extra, filled, onExtra }) {
  const { t } = useInbox();
  if (!extra) return null;
  const words = !filled && !extra.location;
  const form = extra.choices ? t(`extra.as.${formOf(limits, extra.choices)}`) : extra.link ? t(linkFits(limits, extra.link) ? "extra.link_button" : "extra.link_words") : t(placeFits(limits, filled) ? "extra.place_pin" : limits.has_location ? "extra.place_with_words" : "extra.place_words");
  return (
    <div className="bx-extra">
      <div className="grow">
        <span className="offers">
          {extra.choices?.options.map((option) => <span key={option.id} className="chip line"><span className="cut">{option.title}</span></span>)}
          {extra.link && <span className="chip line" data-tip={extra.link.url}><Link size={12} strokeWidth={2} aria-hidden="true" /><span className="cut">{extra.link.title}</span></span>}
          {extra.location && <span className="chip line"><MapPin size={12} strokeWidth={2} aria-hidden="true" /><span className="cut">{extra.location.name || `${extra.location.latitude}, ${extra.location.longitude}`}</span></span>}
        </span>
        <span className={cx("small", words ? "wants" : "t3")} role="status">{words && <Triangle size={12} strokeWidth={2} aria-hidden="true" />}{words ? t("extra.needs_words") : form}</span>
      </div>
      <button type="button" className="ib sm" aria-label={t("extra.remove")} data-tip={t("extra.remove")} onClick={() => onExtra(null)}><X size={14} strokeWidth={1.75} /></button>
    </div>
  );
}
