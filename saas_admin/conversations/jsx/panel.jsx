// The right pane: who this person is, where they are reached, and what was said before.
import { useEffect, useRef, useState } from "react";
import { copyText } from "$/public/external/saas_admin/ui/jsx/forms.jsx";
import { Avatar, ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { Check, ChevronLeft, Copy, Mail, Phone, Plus, X } from "./icons.js";
import { TagItems } from "./header.jsx";
import { Pop } from "./pop.jsx";
import { KIND_ICON, TagChip } from "./row.jsx";
import { month, phone, shortMoment, useInbox } from "./util.js";

function CopyLine({ icon, value, label }) {
  const { t } = useInbox();
  const [done, setDone] = useState(false), timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const act = async () => { if (await copyText(value)) { setDone(true); clearTimeout(timer.current); timer.current = setTimeout(() => setDone(false), 1600); } };
  return (
    <li>{icon}<span className="grow"><span className="num value">{phone(value)}</span>{label && <span className="small t3 cut block">{label}</span>}</span>
      <button type="button" className="ib sm copy" onClick={act} aria-label={t("panel.copy_value", { value })} data-tip={t(done ? "panel.copied" : "panel.copy")}>{done ? <Check size={14} strokeWidth={2} /> : <Copy size={14} strokeWidth={1.75} />}</button>
      <span className="sr" role="status">{done ? t("panel.copied") : ""}</span>
    </li>
  );
}

// One step below the name: on a phone the card is the page.
function Part({ title, children }) {
  const { onePane } = useInbox();
  const Title = onePane ? "h2" : "h3";
  return <section><Title className="sh">{title}</Title>{children}</section>;
}

function Identities({ customer }) {
  const { t } = useInbox();
  const seen = new Set(customer.identities.map((one) => one.label));
  return (
    <Part title={t("panel.found_at")}>
      <ul className="idl">
        {customer.identities.map((one) => one.label
          ? <CopyLine key={one.kind + one.label + one.channel_name} icon={<ChannelGlyph kind={one.kind} />} value={one.label} label={one.channel_name} />
          : <li key={one.kind + one.channel_name}><ChannelGlyph kind={one.kind} /><span className="cut">{one.channel_name}</span></li>)}
        {customer.phone && !seen.has(customer.phone) && <CopyLine icon={<Phone size={16} strokeWidth={1.75} aria-hidden="true" />} value={customer.phone} />}
        {customer.email && <CopyLine icon={<Mail size={16} strokeWidth={1.75} aria-hidden="true" />} value={customer.email} />}
      </ul>
    </Part>
  );
}

function Past({ items }) {
  const { t, lang, href, open } = useInbox();
  return items.length > 0 && (
    <Part title={t("panel.past")}>
      <ul className="past">
        {items.map((one) => {
          const Icon = KIND_ICON[one.preview_kind];
          return (
            <li key={one.id}><a href={href(one.id)} onClick={(event) => { if (event.metaKey || event.ctrlKey || event.shiftKey) return; event.preventDefault(); open(one.id); }}>
              <ChannelGlyph kind={one.channel_kind} />
              <span className="grow cut">{Icon && <Icon size={12} strokeWidth={2} aria-hidden="true" />}{one.preview || t(`kind.${one.preview_kind}`)}</span>
              {one.state !== "closed" && <span className="chip">{t(`panel.state.${one.bucket}`)}</span>}
              <time className="small t3" dateTime={one.last_message_at}>{shortMoment(one.last_message_at, lang)}</time>
            </a></li>
          );
        })}
      </ul>
    </Part>
  );
}

function Card({ talk, onClose, closeIcon }) {
  const { t, lang, can, onePane } = useInbox();
  const Name = onePane ? "h1" : "h2";
  const { customer, conversation: row } = talk;
  const name = customer.name || phone(customer.phone) || t("panel.unnamed");
  return (
    <>
      <section className="top">
        {onClose && <button type="button" className="ib close" aria-label={t("panel.close")} onClick={onClose}>{closeIcon}</button>}
        <div className="li"><Avatar name={customer.name} url={row.avatar_url} tint={customer.tint ?? row.tint} size={48} /><div className="grow"><Name className="title-s name">{name}</Name>
          <div className="small t3">{t("panel.since", { month: month(customer.since, lang) })}</div></div></div>
      </section>
      <Identities customer={customer} />
      <Part title={t("tags.title")}>
        <div className="tags">
          {row.tags.map((tag) => <TagChip key={tag.id} tag={tag} />)}
          {can("conversations:tag") && <Pop label={t("tags.title")} align="left" button={(props) => <button {...props} className="chip line bx-add"><Plus size={12} strokeWidth={2} aria-hidden="true" />{t("tags.add")}</button>}><TagItems row={row} /></Pop>}
          {!row.tags.length && !can("conversations:tag") && <span className="t3">{t("tags.none_yet")}</span>}
        </div>
      </Part>
      <Past items={customer.conversations} />
    </>
  );
}

// Third column on a wide screen, drawer in between, a pane of its own on a phone: one card, three places.
export function Panel({ talk, mode, open, onClose }) {
  const { t } = useInbox();
  const dialog = useRef(null);
  useEffect(() => {
    if (mode !== "drawer" || !dialog.current) return;
    if (open && !dialog.current.open) dialog.current.showModal();
    if (!open && dialog.current.open) dialog.current.close();
  }, [open, mode, !!talk]);
  if (!talk?.customer) return mode === "column" ? <aside className="bx-side" aria-label={t("panel.label")} /> : null;
  if (mode === "drawer") {
    return (
      <dialog ref={dialog} className="bx-drawer bx-side" aria-label={t("panel.label")} onClose={onClose} onClick={(event) => event.target === dialog.current && dialog.current.close()}>
        {open && <Card talk={talk} onClose={() => dialog.current.close()} closeIcon={<X size={16} strokeWidth={1.75} />} />}
      </dialog>
    );
  }
  if (mode === "pane" && !open) return null;
  return (
    <aside className="bx-side" aria-label={t("panel.label")}>
      {mode === "pane" ? <Card talk={talk} onClose={onClose} closeIcon={<ChevronLeft size={20} strokeWidth={1.75} />} /> : <Card talk={talk} />}
    </aside>
  );
}
