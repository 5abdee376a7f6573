// The categories beside the list: chosen, counted, created in place, renamed, ordered, deleted.
import { useEffect, useState } from "react";
import { ArrowDown, ArrowUp, Ellipsis, Pencil, Plus, Trash2 } from "lucide-react";
import { Button, Words } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { formatNumber, useLang, useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";
import { ConfirmDialog, Dialog, Menu, MenuItem } from "$/public/external/saas_admin/ui/jsx/overlays.jsx";

function NameDialog({ category, longest, open, error, params, onName, onClose }) {
  const t = useT();
  const [name, setName] = useState("");
  useEffect(() => setName(category?.name ?? ""), [category, open]);
  const submit = (event) => { event.preventDefault(); onName(name); };
  return (
    <Dialog open={open} onClose={onClose} title={t(category?.id ? "faqs.category.rename" : "faqs.category.new")} keep={name !== (category?.name ?? "")}>
      <form className="form" style={{ marginTop: 12 }} onSubmit={submit} noValidate>
        <Words most={longest} name="name" label={t("faqs.category.name")} value={name} onValue={setName} autoFocus error={error ? t(`errors.${error}`, params) : undefined} />
        <div className="acts" style={{ marginTop: 0 }}>
          <Button kind="g" onClick={onClose}>{t("common.cancel")}</Button>
          <Button kind="p" type="submit">{t("common.save")}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function DrawerMenu({ category, at, last, onRename, onRemove, onShift }) {
  const t = useT();
  const label = t("faqs.category.menu", { name: category.name });
  return (
    <Menu label={label} trigger={(props) => <button {...props} className="ib sm" aria-label={label}><Ellipsis className="i s14" aria-hidden="true" /></button>}>
      {(close) => (
        <>
          <MenuItem icon={<Pencil className="i" aria-hidden="true" />} onClick={() => { close(false); onRename(); }}>{t("faqs.category.rename")}</MenuItem>
          {at > 0 ? <MenuItem icon={<ArrowUp className="i" aria-hidden="true" />} onClick={() => { close(); onShift(-1); }}>{t("faqs.category.up")}</MenuItem> : null}
          {at < last ? <MenuItem icon={<ArrowDown className="i" aria-hidden="true" />} onClick={() => { close(); onShift(1); }}>{t("faqs.category.down")}</MenuItem> : null}
          <hr />
          <MenuItem danger icon={<Trash2 className="i" aria-hidden="true" />} onClick={() => { close(false); onRemove(); }}>{t("faqs.category.delete")}</MenuItem>
        </>
      )}
    </Menu>
  );
}

export function Drawers({ overview, chosen, canManage, error, params, done, longest, onChoose, onAdd, onRename, onRemove, onOrder }) {
  const t = useT();
  const lang = useLang();
  const [naming, setNaming] = useState(null);
  const [tried, setTried] = useState(false);
  const [leaving, setLeaving] = useState(null);
  useEffect(() => setNaming(null), [done]);
  const categories = overview.categories ?? [];
  const open = (category) => { setTried(false); setNaming(category); };
  const name = (text) => {
    setTried(true);
    if (naming.id) onRename(naming.id, text);
    else onAdd(text);
  };
  const shift = (at, step) => {
    const ids = categories.map((each) => each.id);
    [ids[at], ids[at + step]] = [ids[at + step], ids[at]];
    onOrder(ids);
  };
  const item = (id, words, count, menu) => (
    <li key={id || "all"} className={chosen === id ? "on" : undefined}>
      <button type="button" className="pick" aria-current={chosen === id ? "true" : undefined} onClick={() => onChoose(id)}>
        <span className="grow cut" title={words}>{words}</span>
        <span className="num t3">{formatNumber(count ?? 0, lang)}</span>
      </button>
      {menu}
    </li>
  );
  return (
    <nav className="fdrawers" aria-label={t("faqs.category.label")}>
      <ul>
        {item("", t("faqs.category.all"), overview.total)}
        {categories.map((each, at) => item(each.id, each.name, each.faqs, canManage ? <DrawerMenu category={each} at={at} last={categories.length - 1} onRename={() => open(each)} onRemove={() => setLeaving(each)} onShift={(step) => shift(at, step)} /> : null))}
        {categories.length && overview.without_category ? item("none", t("faqs.category.none"), overview.without_category) : null}
      </ul>
      {canManage ? <button type="button" className="fadd" onClick={() => open({})}><Plus className="i s14" aria-hidden="true" />{t("faqs.category.new")}</button> : null}
      <NameDialog category={naming} longest={longest} open={!!naming} error={tried ? error : ""} params={params} onName={name} onClose={() => setNaming(null)} />
      <ConfirmDialog
        open={!!leaving}
        title={t("faqs.category.remove.title", { name: leaving?.name })}
        text={t("faqs.category.remove.text", { n: leaving?.faqs ?? 0 })}
        verb={t("faqs.category.delete")}
        onConfirm={() => { onRemove(leaving.id); setLeaving(null); }}
        onClose={() => setLeaving(null)}
      />
    </nav>
  );
}
