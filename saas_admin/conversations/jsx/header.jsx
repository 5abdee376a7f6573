// The thread's head: who, until when one may write, whose it is, and the verbs.
import { useState } from "react";
import { Avatar } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { Archive, Check, ChevronDown, ChevronLeft, Ellipsis, PanelRight, Plus, Reopen, Tag, UserCheck, UserX } from "./icons.js";
import { Item, Pop } from "./pop.jsx";
import { cx, hourIn, phone, useInbox, useMinute } from "./util.js";
import { WindowPill } from "./window.jsx";

export const TAG_COLORS = ["c1", "c2", "c3", "c4", "ok", "warn", "bad", "info"];

export function OwnerItems({ row, close }) {
  const { t, me, members, act } = useInbox();
  const choose = (user) => { close(); if (user !== row.assignee_id) (user === me.id ? act.take(row.id) : act.assign(row.id, user)); };
  const others = members.filter((member) => member.id !== me.id);
  return (
    <>
      {[{ id: me.id, name: me.name, own: true }, ...others].map((member) => (
        <Item key={member.id} role="menuitemradio" checked={row.assignee_id === member.id} onClick={() => choose(member.id)} icon={<Avatar id={member.id} name={member.name} size={20} />}
          hint={row.assignee_id === member.id ? <Check size={16} aria-hidden="true" /> : null}>{member.own ? t("owner.me", { name: member.name }) : member.name}</Item>
      ))}
      {row.assignee_id && <div className="foot"><Item icon={<UserX size={16} strokeWidth={1.75} aria-hidden="true" />} onClick={() => choose(null)}>{t("owner.release")}</Item></div>}
    </>
  );
}

function OwnerMenu({ row, layer, onLayer }) {
  const { t, can, me } = useInbox();
  const name = row.assignee_id ? (row.assignee_id === me.id ? me.name : row.assignee_name)?.split(" ")[0] : null;
  return (
    <Pop role="menu" align="right" className="desk" label={t("owner.title")} open={layer === "owner"} onOpen={(on) => onLayer(on ? "owner" : null)} button={(props) => (
      <button {...props} disabled={!can("conversations:assign")} className="btn g owner" data-tip={`${t("owner.title")} (A)`} aria-label={name ? t("owner.is", { name: row.assignee_name }) : t("owner.nobody")}>
        {row.assignee_id ? <Avatar id={row.assignee_id} name={row.assignee_name} size={20} /> : <UserCheck size={16} strokeWidth={1.75} aria-hidden="true" />}
        <span className="cut">{name || t("owner.unassigned")}</span><ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />
      </button>
    )}>{(close) => <OwnerItems row={row} close={close} />}</Pop>
  );
}

export function TagItems({ row }) {
  const { t, tags, act, can } = useInbox();
  const [color, setColor] = useState(TAG_COLORS[1]), [name, setName] = useState("");
  const own = new Set(row.tags.map((tag) => tag.id));
  const words = name.trim().toLowerCase();
  const found = words ? tags.filter((tag) => tag.name.toLowerCase().includes(words)) : tags;
  const isNew = words && !tags.some((tag) => tag.name.toLowerCase() === words);
  const create = (event) => { event.preventDefault(); if (isNew && can("tags:manage")) { act.createTag(row.id, name.trim(), color); setName(""); } else if (found[0]) toggle(found[0]); };
  const toggle = (tag) => (own.has(tag.id) ? act.untag(row.id, tag.id) : act.tag(row.id, tag.id));
  return (
    <>
      <form onSubmit={create} className="bx-tagform">
        <input data-first value={name} maxLength={40} onChange={(event) => setName(event.target.value)} aria-label={t("tags.find")} placeholder={t("tags.find")} />
        {isNew && can("tags:manage") && (
          <>
            <div className="colors" role="radiogroup" aria-label={t("tags.color")}>
              {TAG_COLORS.map((one) => <button key={one} type="button" role="radio" aria-checked={one === color} aria-label={t(`tags.colors.${one}`)} data-tip={t(`tags.colors.${one}`)} className={cx("swatch", `c-${one}`)} onClick={() => setColor(one)} />)}
            </div>
            <button type="submit" className="bx-item strong"><Plus size={16} strokeWidth={1.75} aria-hidden="true" /><span className="cut">{t("tags.create", { name: name.trim() })}</span></button>
          </>
        )}
      </form>
      {found.length > 0 && <div className="bx-scroll" role="menu" aria-label={t("tags.title")}>
        {found.map((tag) => <Item key={tag.id} role="menuitemcheckbox" checked={own.has(tag.id)} icon={<i className={`bx-dot c-${tag.color}`} />} onClick={() => toggle(tag)} hint={own.has(tag.id) ? <Check size={16} aria-hidden="true" /> : null}>{tag.name}</Item>)}
      </div>}
      {!found.length && !isNew && <p className="bx-note">{t(words ? "tags.none_found" : "tags.none")}</p>}
    </>
  );
}

function LocalHour({ customer }) {
  useMinute();
  const { t, lang } = useInbox();
  const there = customer?.timezone && hourIn(customer.timezone, lang);
  return there ? <span className="desk"> · {t("thread.local_hour", { time: there })}</span> : null;
}

export function Header({ talk, layer, onLayer, onBack, onCard }) {
  const { t, can, act, channelName, onePane } = useInbox();
  const row = talk.conversation;
  const Title = onePane ? "h1" : "h2"; // on a phone the thread is the page
  const closed = row.state === "closed";
  const name = row.customer_name || phone(row.phone) || t("panel.unnamed");
  const end = () => (closed ? act.reopen(row.id) : act.close(row.id));
  return (
    <header className="hd">
      <button type="button" className="ib phone" aria-label={t("thread.back")} onClick={onBack}><ChevronLeft size={20} strokeWidth={1.75} /></button>
      <span className="phone"><Avatar name={row.customer_name} url={row.avatar_url} tint={row.tint} size={36} /></span>
      <div className="grow">
        <div className="who"><Title className="title-s cut" data-tip={name}>{name}</Title><span className="desk"><WindowPill talk={talk} /></span></div>
        <div className="small t3 cut num">{[channelName(row.channel_kind), row.customer_name ? phone(row.phone) : null].filter(Boolean).join(" · ")}<LocalHour customer={talk.customer} /></div>
      </div>
      <OwnerMenu row={row} layer={layer} onLayer={onLayer} />
      {can("conversations:tag") && (
        <Pop align="right" className="desk" label={t("tags.title")} open={layer === "tags"} onOpen={(on) => onLayer(on ? "tags" : null)} button={(props) => <button {...props} className="ib" aria-label={t("tags.title")} data-tip={`${t("tags.title")} (L)`}><Tag size={16} strokeWidth={1.75} /></button>}>
          <TagItems row={row} />
        </Pop>
      )}
      <Pop role={layer === "phone-tags" ? "dialog" : "menu"} align="right" className="phone" label={t("thread.more")} open={layer === "more" || layer === "phone-tags" || layer === "phone-owner"} onOpen={(on) => onLayer(on ? "more" : null)} button={(props) => <button {...props} className="ib" aria-label={t("thread.more")}><Ellipsis size={20} strokeWidth={1.75} /></button>}>
        {(close) => (layer === "phone-tags" ? <TagItems row={row} /> : layer === "phone-owner" ? <OwnerItems row={row} close={close} /> : (
          <>
            {can("conversations:assign") && <Item icon={<UserCheck size={16} strokeWidth={1.75} aria-hidden="true" />} hint={row.assignee_name?.split(" ")[0]} onClick={() => onLayer("phone-owner")}>{t("owner.title")}</Item>}
            {can("conversations:tag") && <Item icon={<Tag size={16} strokeWidth={1.75} aria-hidden="true" />} hint={row.tags.length || null} onClick={() => onLayer("phone-tags")}>{t("tags.title")}</Item>}
            {can("conversations:reply") && <Item icon={closed ? <Reopen size={16} strokeWidth={1.75} aria-hidden="true" /> : <Archive size={16} strokeWidth={1.75} aria-hidden="true" />} onClick={() => { close(); end(); }}>{t(closed ? "thread.reopen" : "thread.close")}</Item>}
          </>
        ))}
      </Pop>
      <button type="button" className="ib card-toggle" aria-label={t("panel.open")} data-tip={t("panel.open")} onClick={onCard}><PanelRight size={16} strokeWidth={1.75} /></button>
      {can("conversations:reply") && <button type="button" className="btn s desk" data-tip={`${t(closed ? "thread.reopen" : "thread.close")} (E)`} onClick={end}>{closed ? <Reopen size={16} strokeWidth={1.75} aria-hidden="true" /> : <Check size={16} strokeWidth={1.75} aria-hidden="true" />}{t(closed ? "thread.reopen" : "thread.close")}</button>}
    </header>
  );
}
