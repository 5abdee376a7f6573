// Where a FAQ counts: its category, language and channels, and whether it is said without a second look.
import { useId, useRef, useState } from "react";
import { Check, Plus } from "lucide-react";
import { Button, FieldFrame, Segmented, useRoom } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { nameKey } from "./fill.js";
import { languageName } from "./words.jsx";

// A name that is there already, but for case or accents, is that category.
function NewCategory({ id, categories, longest, onValue, onAdd, onClose }) {
  const t = useT();
  const [name, setName] = useState("");
  const [isEmpty, setEmpty] = useState(false);
  const input = useRef(null);
  const room = useRoom(name.trim(), longest);
  const known = (categories ?? []).find((each) => nameKey(each.name) === nameKey(name));
  const problem = room.problem ?? (isEmpty ? t("errors.faq_category_name", { longest }) : undefined);
  const add = () => {
    setEmpty(!name.trim());
    if (!name.trim() || room.problem) { input.current?.focus(); return; }
    if (known) onValue(known.id);
    else onAdd(name);
    onClose();
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) { event.preventDefault(); event.stopPropagation(); add(); }
    if (event.key === "Escape") onClose();
  };
  return (
    <div>
      <FieldFrame id={id} label={t("faqs.category.name")} aside={room.counter} error={problem} hint={known ? t("faqs.category.there", { name: known.name }) : undefined}>
        <div className={problem ? "input err" : "input"}><input ref={input} id={id} autoFocus value={name} aria-invalid={problem ? true : undefined} aria-describedby={problem || known ? `${id}-note` : undefined} placeholder={t("faqs.category.example")} onChange={(event) => { setName(event.target.value); setEmpty(false); }} onKeyDown={keys} /></div>
      </FieldFrame>
      <div className="row fname">
        <Button kind="t" icon={known ? <Check className="i s14" aria-hidden="true" /> : <Plus className="i s14" aria-hidden="true" />} onClick={add}>{t(known ? "faqs.category.use" : "faqs.category.create")}</Button>
        <Button kind="g" onClick={onClose}>{t("common.cancel")}</Button>
      </div>
    </div>
  );
}

function CategoryField({ value, categories, longest, canManage, onValue, onAdd }) {
  const t = useT();
  const id = useId();
  const [naming, setNaming] = useState(false);
  if (naming) return <NewCategory id={id} categories={categories} longest={longest} onValue={onValue} onAdd={onAdd} onClose={() => setNaming(false)} />;
  return (
    <FieldFrame id={id} label={t("faqs.category.single")} optional aside={canManage ? <button type="button" className="link small" onClick={() => setNaming(true)}>{t("faqs.category.new")}</button> : null}>
      <div className="input">
        <select id={id} value={value} disabled={!canManage} onChange={(event) => onValue(event.target.value)}>
          <option value="">{t("faqs.category.none")}</option>
          {(categories ?? []).map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
        </select>
      </div>
    </FieldFrame>
  );
}

function ChannelField({ own, channels, canManage, error, onValue }) {
  const t = useT();
  const [chosen, setChosen] = useState(false);
  const some = own.channel_kinds.length > 0 || chosen;
  const toggle = (kind) => { setChosen(true); onValue(own.channel_kinds.includes(kind) ? own.channel_kinds.filter((each) => each !== kind) : [...own.channel_kinds, kind]); };
  return (
    <div className="field">
      <div className="lb">{t("faqs.channels.title")}</div>
      <Segmented fill label={t("faqs.channels.title")} value={some ? "some" : "all"} onValue={(which) => { if (!canManage) return; setChosen(which === "some"); if (which === "all") onValue([]); }} options={["all", "some"].map((value) => ({ value, label: t(`faqs.channels.${value}`) }))} />
      {some ? (
        <div className="fkinds" role="group" aria-label={t("faqs.channels.some")}>
          {channels.map(({ kind }) => (
            <label key={kind} className={own.channel_kinds.includes(kind) ? "fkind on" : "fkind"}>
              <input type="checkbox" className="sr" checked={own.channel_kinds.includes(kind)} disabled={!canManage} onChange={() => toggle(kind)} />
              <ChannelGlyph kind={kind} size={16} decorative />
              {t(`common.channel.${kind}`)}
              {own.channel_kinds.includes(kind) ? <Check className="i s12" aria-hidden="true" /> : null}
            </label>
          ))}
        </div>
      ) : null}
      {error ? <span className="error" role="alert">{error}</span> : <span className="hint">{t(some && !own.channel_kinds.length ? "faqs.channels.none_chosen" : some ? "faqs.channels.some_hint" : "faqs.channels.all_hint")}</span>}
    </div>
  );
}

export function Where({ own, change, categories, languages, channels, limits, errors, params, canManage, onAddCategory }) {
  const t = useT();
  const lang = useLang();
  const id = useId();
  return (
    <section className="card">
      <header><h2 className="title-s grow">{t("faqs.where.title")}</h2></header>
      <div className="body form">
        <CategoryField value={own.category_id} categories={categories} longest={limits.category} canManage={canManage} onValue={(category_id) => change({ category_id })} onAdd={onAddCategory} />
        <FieldFrame id={`${id}-l`} label={t("faqs.language.title")} hint={t("faqs.language.hint")} error={errors?.language ? t(`errors.${errors.language}`, params) : undefined}>
          <div className="input"><select id={`${id}-l`} value={own.language} disabled={!canManage} onChange={(event) => change({ language: event.target.value })}>{languages.map((code) => <option key={code} value={code}>{languageName(code, lang)}</option>)}</select></div>
        </FieldFrame>
        <ChannelField own={own} channels={channels} canManage={canManage} error={errors?.channel_kinds ? t(`errors.${errors.channel_kinds}`, params) : undefined} onValue={(channel_kinds) => change({ channel_kinds })} />
        <div className="field">
          <div className="row" style={{ gap: 12 }}>
            <span className="grow" id={`${id}-s`} style={{ fontWeight: 500 }}>{t("faqs.sensitive.title")}</span>
            <button type="button" role="switch" className="sw" aria-checked={own.is_sensitive} aria-labelledby={`${id}-s`} aria-describedby={`${id}-sh`} disabled={!canManage} onClick={() => change({ is_sensitive: !own.is_sensitive })} />
          </div>
          <span className="hint" id={`${id}-sh`}>{t("faqs.sensitive.hint")}</span>
        </div>
      </div>
    </section>
  );
}
