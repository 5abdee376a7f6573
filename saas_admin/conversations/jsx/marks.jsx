// What stands around the words of a message: where it comes from, what it offers to tap, what became of it.
import { Ban, External, Forward, Layout, Link, Megaphone, Smartphone, Story, Users } from "./icons.js";
import { isWeb, MEDIA } from "./fit.js";
import { ButtonChip } from "./template-view.jsx";
import { exact, useInbox } from "./util.js";

const Mark = ({ Icon, children, ...rest }) => <span className="bx-mark" {...rest}><Icon size={14} strokeWidth={1.75} aria-hidden="true" />{children}</span>;

// Each provider has its own names for an ad; all say a headline and where it leads.
function Referral({ referral }) {
  const { t } = useInbox();
  const ads = referral.ads_context_data || {};
  const line = (value) => (typeof value === "string" ? value.trim() : "");
  const headline = line(referral.headline) || line(referral.Headline) || line(ads.ad_title), url = line(referral.source_url) || line(referral.SourceUrl);
  const kind = line(referral.source_type) || line(referral.SourceType) || line(referral.source);
  const isAd = !/post/i.test(kind) && !!(headline || referral.ad_id || referral.source_id || referral.SourceId || /ad/i.test(kind));
  const words = <><Megaphone size={14} strokeWidth={1.75} aria-hidden="true" /><span className="grow"><span className="t3 block">{t(isAd ? "mark.ad" : "mark.link")}</span>{headline && <b className="block">{headline}</b>}</span></>;
  return isWeb(url) ? <a className="bx-ad" href={url} target="_blank" rel="noopener noreferrer nofollow">{words}<External size={14} strokeWidth={1.75} aria-hidden="true" /></a> : <span className="bx-ad">{words}</span>;
}

export function Marks({ message, first }) {
  const { t } = useInbox();
  const data = message.data || {}, out = message.direction === "out";
  const told = (found) => found && typeof found === "object" && Object.keys(found).length > 0;
  return (
    <>
      {!out && first && data.author?.name && <b className="bx-author">{data.author.name}</b>}
      {data.template && <Mark Icon={Layout}>{t("mark.template", { name: data.template.name })}</Mark>}
      {data.standby && <Mark Icon={Users} data-tip={t("mark.standby_text")}>{t("mark.standby")}</Mark>}
      {data.frequently_forwarded ? <Mark Icon={Forward}>{t("mark.forwarded_often")}</Mark> : data.forwarded && <Mark Icon={Forward}>{t("mark.forwarded")}</Mark>}
      {told(data.story) && <Mark Icon={Story}>{t(data.story.type === "mention" ? "mark.mentioned" : "mark.story")}</Mark>}
      {told(data.referral) && <Referral referral={data.referral} />}
    </>
  );
}

// The words of a template: its first paragraph may be a title, its last the footer.
export function templateParts({ header_kind, footer }, text) {
  let body = text || "", title = "", foot = "";
  if (footer && body.endsWith(`\n\n${footer}`)) { foot = footer; body = body.slice(0, -footer.length - 2); }
  const cut = header_kind === "text" ? body.indexOf("\n\n") : -1;
  if (cut > 0) { title = body.slice(0, cut); body = body.slice(cut + 2); }
  return { title, body, foot };
}

export function TemplateMedia({ template }) {
  const { t } = useInbox();
  if (!MEDIA.has(template.header_kind) || !template.media) return null;
  const words = <><Link size={14} strokeWidth={1.75} aria-hidden="true" /><span className="cut">{t(`kind.${template.header_kind}`)}{" · "}{template.media}</span></>;
  return isWeb(template.media) ? <a className="bx-headlink" href={template.media} target="_blank" rel="noopener noreferrer nofollow">{words}</a> : <span className="bx-headlink">{words}</span>;
}

// What the customer can tap, drawn under the words; never shown when it went as words.
// `isOpen`: in our own chat a list needs no button to open it.
export function Offers({ message, isOpen }) {
  const { t } = useInbox();
  const { template, choices, link, fallback } = message.data || {};
  if (template?.buttons?.length) return <div className="bx-offers">{template.buttons.map((button, i) => <ButtonChip key={i} {...button} />)}</div>;
  if (fallback) return null;
  if (choices?.options?.length) {
    return (
      <div className="bx-offers" role="group" aria-label={t(choices.opener ? "mark.list" : "mark.choices")}>
        {choices.opener && !isOpen && <ButtonChip title={choices.opener} opener />}
        {choices.options.map((option) => <ButtonChip key={option.id} title={option.title} />)}
      </div>
    );
  }
  if (!link?.url || !isWeb(link.url)) return null;
  return <div className="bx-offers"><a className="bx-offer go" href={link.url} target="_blank" rel="noopener noreferrer nofollow" data-tip={link.url}><External size={14} strokeWidth={1.75} aria-hidden="true" /><span className="cut">{link.title || link.url}</span></a></div>;
}

export function Revoked({ message }) {
  const { t, lang } = useInbox();
  return <span className="bx-revoked" data-tip={exact(message.revoked_at, lang)}><Ban size={14} strokeWidth={1.75} aria-hidden="true" />{t("mark.revoked")}</span>;
}

export function Edited({ message }) {
  const { t, lang } = useInbox();
  return <span className="bx-edited" tabIndex={0} data-tip={t("mark.edited_at", { at: exact(message.edited_at, lang) })}>{t("mark.edited")}</span>;
}
