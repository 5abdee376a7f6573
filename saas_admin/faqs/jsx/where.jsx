// Where a FAQ counts: its category, language and channels, and whether it is said without a second look.
import { useId, useState } from "react";
import { Check, Plus } from "lucide-react";
import { Button, FieldFrame, Segmented } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { languageName } from "./words.jsx";

function CategoryField({ value, categories, canManage, onValue, onAdd }) {
  const t = useT();
  const id = useId();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const add = () => { if (name.trim()) { onAdd(name); setName(""); setNaming(false); } };
  return (
    <FieldFrame id={id} label={t("faqs.category.single")} optional aside={canManage && !naming ? <button type="button" className="link small" onClick={() => setNaming(true)}>{t("faqs.category.new")}</button> : null}>
      {naming ? (
        <div className="row" style={{ gap: 8 }}>
          <div className="input grow"><input id={id} autoFocus value={name} maxLength={60} aria-label={t("faqs.category.name")} placeholder={t("faqs.category.example")} onChange={(event) => setName(event.target.value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); add(); } if (event.key === "Escape") setNaming(false); }} /></div>
          <Button kind="t" size="md" icon={<Plus className="i s14" aria-hidden="true" />} onClick={add}>{t("faqs.category.create")}</Button>
        </div>
      ) : (
        <div className="input">
          <select id={id} value={value} disabled={!canManage} onChange={(event) => onValue(event.target.value)}>
            <option value="">{t("faqs.category.none")}</option>
            {(categories ?? []).map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
          </select>
        </div>
      )}
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

export function Where({ own, change, categories, languages, channels, errors, params, canManage, onAddCategory }) {
  const t = useT();
  const lang = useLang();
  const id = useId();
  return (
    <section className="card">
      <header><h2 className="title-s grow">{t("faqs.where.title")}</h2></header>
      <div className="body form">
        <CategoryField value={own.category_id} categories={categories} canManage={canManage} onValue={(category_id) => change({ category_id })} onAdd={onAddCategory} />
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
