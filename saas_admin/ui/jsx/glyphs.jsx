// Own 16 px channel shapes (lucide has no brand marks), avatars and the marks of product and company.
import { UserRound } from "lucide-react";
import { useT } from "./i18n.js";

const SHAPES = {
  wa: <path d="M8 1.4A6.6 6.6 0 0 0 2.4 11.4L1.5 14.5l3.2-.9A6.6 6.6 0 1 0 8 1.4Zm3 8.9c-.5.8-1.7.9-3.4-.1-1.6-1-2.6-2.5-2.7-3.6 0-.7.5-1.4.9-1.5.4-.1.6 0 .8.4l.4 1c.1.3-.4.7-.3 1 .4.8 1 1.3 1.8 1.6.3.1.7-.6 1-.5l1.1.5c.5.2.6.7.4 1.2Z" />,
  ig: (
    <>
      <path fillRule="evenodd" d="M5 1.5h6A3.5 3.5 0 0 1 14.5 5v6a3.5 3.5 0 0 1-3.5 3.5H5A3.5 3.5 0 0 1 1.5 11V5A3.5 3.5 0 0 1 5 1.5Zm0 1.6A1.9 1.9 0 0 0 3.1 5v6A1.9 1.9 0 0 0 5 12.9h6a1.9 1.9 0 0 0 1.9-1.9V5A1.9 1.9 0 0 0 11 3.1H5ZM8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6Zm0 1.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3Z" />
      <circle cx="11.4" cy="4.6" r=".9" />
    </>
  ),
  ms: <path fillRule="evenodd" d="M8 1.5C4.3 1.5 1.4 4.2 1.4 7.7c0 1.9.9 3.5 2.3 4.6v2.3l2.1-1.2c.7.2 1.4.3 2.2.3 3.7 0 6.6-2.6 6.6-6S11.7 1.5 8 1.5ZM4 9.6l2.9-3.1 1.7 1.6L11.9 6 9 9.2 7.3 7.6 4 9.6Z" />,
  tg: <path d="M14.3 2.2 1.6 7.2c-.6.2-.6.9 0 1.1l3.1 1 1.3 4c.2.5.7.6 1 .2l1.7-1.7 3 2.2c.4.3.9.1 1-.4l2-10.6c.1-.6-.3-1-.4-.8ZM6.3 9.6l5.3-4.3-4.4 5-.2 1.9-.7-2.6Z" />,
  web: <path fillRule="evenodd" d="M3.5 2h9A2.5 2.5 0 0 1 15 4.5v5a2.5 2.5 0 0 1-2.5 2.5H8.3L4.6 14.7c-.4.3-.9 0-.9-.5V12A2.5 2.5 0 0 1 1 9.5v-5A2.5 2.5 0 0 1 3.5 2Zm1.3 3.2a.8.8 0 0 0 0 1.6h6.4a.8.8 0 0 0 0-1.6H4.8Zm0 2.8a.8.8 0 0 0 0 1.5h3.9a.8.8 0 0 0 0-1.5H4.8Z" />,
  sms: <path fillRule="evenodd" d="M5 1h6a1.8 1.8 0 0 1 1.8 1.8v10.4A1.8 1.8 0 0 1 11 15H5a1.8 1.8 0 0 1-1.8-1.8V2.8A1.8 1.8 0 0 1 5 1Zm0 2.4v7.2h6V3.4H5Zm3 8.3a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z" />,
  shop: <path fillRule="evenodd" d="M5.1 4.5V4a2.9 2.9 0 0 1 5.8 0v.5h1.6c.5 0 .9.4 1 .9l.7 8c0 .7-.4 1.2-1 1.2H2.8c-.6 0-1.1-.5-1-1.2l.7-8c0-.5.5-.9 1-.9h1.6Zm1.5 0h2.8V4a1.4 1.4 0 0 0-2.8 0v.5Z" />,
};
const SHAPE_OF_KIND = { whatsapp_cloud: "wa", twilio: "sms", instagram: "ig", messenger: "ms", telegram: "tg", webchat: "web", shop: "shop" };

export function shapeOf(kind) {
  return SHAPE_OF_KIND[kind] ?? "web";
}

// A solid disc (on avatars) or a tinted tile (lists): `variant` disc | tile. The name is for screen readers.
export function ChannelGlyph({ kind, variant = "disc", size, off = false, decorative = false }) {
  const t = useT();
  const shape = shapeOf(kind);
  const className = variant === "tile" ? `ch tile ${off ? "off" : shape}` : `ch ${shape}`;
  const label = decorative ? { "aria-hidden": true } : { role: "img", "aria-label": t(`common.channel.${kind}`) };
  const style = size ? { width: size, height: size, ...(variant === "tile" && { borderRadius: Math.round(size * 0.275) }) } : undefined;
  return (
    <span className={className} style={style} {...label}>
      <svg viewBox="0 0 16 16" aria-hidden="true">{SHAPES[shape]}</svg>
    </span>
  );
}

export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter((word) => /\p{L}/u.test(word));
  if (!words.length) return "";
  return (words[0][0] + (words.length > 1 ? words[1][0] : (words[0][1] ?? ""))).toUpperCase();
}

// The same person has the same tint everywhere: a hash of the id, unless the server already chose.
export function tintOf(id) {
  let hash = 0;
  for (const letter of String(id ?? "")) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return hash % 6;
}

// sizes 20 26 34 36 40 48; `channel` puts the disc bottom right, `presence` available | away.
export function Avatar({ name, id, tint, url, size = 40, channel, presence, decorative = true }) {
  const t = useT();
  const letters = initials(name);
  const face = url ? <img src={url} alt="" loading="lazy" /> : letters || <UserRound className={size >= 36 ? "i s18" : "i s14"} aria-hidden="true" />;
  const label = decorative ? {} : { role: "img", "aria-label": presence ? `${name}, ${t(`common.presence.${presence}`)}` : name };
  return (
    <span className={`av a${tint ?? tintOf(id ?? name)}`} style={{ width: size, height: size, fontSize: Math.round(size * 0.35) }} {...label}>
      {face}
      {channel ? <ChannelGlyph kind={channel} size={size >= 40 ? 17 : 14} /> : null}
      {presence ? <span className={`pres ${presence === "away" ? "away" : ""}`} aria-hidden="true" /> : null}
    </span>
  );
}

export function ProductMark({ size = 28 }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 4h22a3 3 0 0 1 3 3v14a5 5 0 0 1-5 5H14l-5.3 4.2c-.7.5-1.7 0-1.7-.8V26a5 5 0 0 1-5-5V7a3 3 0 0 1 3-3Z" fill="var(--accent)" />
      <path d="M5 4h22a3 3 0 0 1 3 3v5a3.5 3.5 0 0 1-7 0 3.5 3.5 0 0 1-7 0 3.5 3.5 0 0 1-7 0 3.5 3.5 0 0 1-7 0V7a3 3 0 0 1 3-3Z" fill="var(--on-accent)" opacity=".24" />
      <path d="M9 4h7v8a3.5 3.5 0 0 1-7 0ZM23 4h4a3 3 0 0 1 3 3v5a3.5 3.5 0 0 1-7 0Z" fill="var(--on-accent)" opacity=".86" />
    </svg>
  );
}

const SHOPS = [
  ["#f4c58d", "#c9512c", "#5b2a1c"], ["#bcd7ea", "#2f6d9c", "#143a57"], ["#cfdca8", "#6b8a2a", "#33440f"],
  ["#f0c3d3", "#b8447c", "#5a1a3a"], ["#cfc4ee", "#6a4fb4", "#2f2160"], ["#b5dcd5", "#1c7f7a", "#0b3f41"],
];

// The company's own little shop front: an awning in its tint and its first letter, until it uploads a logo.
export function CompanyMark({ name, id, size = 38 }) {
  const [wall, awning, ink] = SHOPS[tintOf(id ?? name)];
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="11" fill={wall} />
      <path d="M0 11A11 11 0 0 1 11 0h18a11 11 0 0 1 11 11v2a5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0Z" fill={awning} />
      <path d="M10 0h10v13a5 5 0 0 1-10 0ZM30 0.05A11 11 0 0 1 40 11v2a5 5 0 0 1-10 0Z" fill="#fff" opacity=".28" />
      <text x="20" y="34" textAnchor="middle" fontFamily="var(--font)" fontSize="15" fontWeight="700" fill={ink}>{initials(name)[0] ?? ""}</text>
    </svg>
  );
}
