// A street of small shops that get messages. Drawn from a few measures; the colours are in components.css, so that night has lit windows.
import { ChannelGlyph } from "$/public/external/saas_admin/ui/jsx/glyphs.jsx";
import { useT } from "$/public/external/saas_admin/ui/jsx/i18n.js";

const INK = ["#3f7fa6", "#d9a12e", "#c9623a", "#2f5d57", "#6b4b87"];
const HEIGHTS = [18, 25, 23, 21, 19, 26, 24, 22, 20];
const LIT = true;
const DARK = false;
// [x, width, top, wall, awning, goods, windows: [x, lit, flowers]]
const SHOPS = [
  [-40, 202, 124, "w3", "aw2", "books", []],
  [160, 226, 64, "w1", "aw1", "plants", [[23, DARK], [98, LIT, true], [173, LIT]]],
  [384, 196, 104, "w2", "aw3", "dresses", [[34, LIT, true], [132, LIT]]],
  [578, 268, 50, "w4", "aw4", "coffee", [[30, LIT], [119, DARK, true], [208, LIT]]],
  [844, 210, 94, "w1", "aw2", "jars", [[38, LIT, true], [142, LIT]]],
  [1052, 232, 60, "w3", "aw3", "plants", [[24, DARK], [101, LIT, true], [178, LIT]]],
  [1282, 200, 114, "w2", "aw1", "books", []],
];
// [x, y, tail from the right?, channel, words]
const BUBBLES = [
  [190, 0, false, "whatsapp_cloud", "auth.street.olives"],
  [404, 52, true, "instagram", "auth.street.size"],
  [690, -20, false, "webchat", "auth.street.today"],
  [1090, -6, true, "telegram", "auth.street.confirmed"],
];

const GOODS = {
  books: (width) => [0, 34].map((down) => (
    <g key={down}>
      {HEIGHTS.map((_, n) => {
        const height = HEIGHTS[(n + (down ? 3 : 0)) % 9] + (down ? 0 : 0);
        return <rect key={n} x={26 + n * 11} y={248 + down - height} width="8" height={height} rx="1" fill={INK[(n + (down ? 2 : 0)) % 5]} />;
      })}
      <rect x="22" y={248 + down} width={width - 90} height="2.5" fill="var(--frame)" />
    </g>
  )),
  plants: () => [0, 1, 2, 3].map((n) => (
    <g key={n} transform={`translate(${n * 34} 0)`}>
      <path d="M34 268c-12-8-9-22-3-24 2 6 5 6 5 12 2-8 6-10 10-9 0 10-4 18-10 21Z" fill="var(--leaf)" />
      <path d="M27 266h16l-2.5 16h-11Z" fill="var(--pot)" />
    </g>
  )),
  dresses: () => [["#c2456f", 42], ["#d9a12e", 86]].map(([colour, x]) => <path key={x} d={`M${x} 237l-6 5 3 12-9 28h24l-9-28 3-12-6-5Z`} fill={colour} />),
  coffee: () => ["#2f5d57", "#c9623a", "#d9a12e", "#37304a", "#3f7fa6"].map((colour, n) => (
    <g key={n} transform={`translate(${n * 30} 0)`}>
      <rect x="30" y="250" width="20" height="30" rx="3" fill={colour} />
      <rect x="34" y="260" width="12" height="13" rx="1.5" fill="#f3ead6" />
    </g>
  )),
  jars: () => [["#3f7fa6", "#2b6387"], ["#e9e1d0", "#d8cdb6"], ["#2f5d57", "#234640"]].map(([body, lid], n) => (
    <g key={n} transform={`translate(${n * 38} 0)`}>
      <path d="M32 258h18c4 6 5 12 2 18-2 4-5 6-11 6s-9-2-11-6c-3-6-2-12 2-18Z" fill={body} />
      <rect x="31" y="254" width="20" height="5" rx="2" fill={lid} />
    </g>
  )),
};

function Window({ x, sill, lit, flowers }) {
  return (
    <>
      <path d={`M${x} ${sill}v-30a15 15 0 0 1 30 0v30Z`} fill={lit ? "var(--lit)" : "var(--unlit)"} />
      <rect x={x - 4} y={sill} width="38" height="4" rx="2" fill="var(--cornice)" />
      {flowers ? <path d={`M${x} ${sill}c2-9 8-9 10-2 2-9 9-9 10 0 2-6 9-6 10 2Z`} fill="var(--leaf)" /> : null}
    </>
  );
}

function Shop({ x, width, top, wall, awning, goods, windows }) {
  const stripes = Math.floor((width - 4) / 16);
  const start = (width - stripes * 16) / 2;
  const glass = width - 82;
  return (
    <g transform={`translate(${x} 0)`}>
      <rect y={top} width={width} height={300 - top} rx="4" fill={`var(--${wall})`} />
      <rect y={top} width={width} height="10" rx="3" fill="var(--cornice)" />
      {windows.map(([at, lit, flowers]) => <Window key={at} x={at} sill={top + 72} lit={lit} flowers={flowers} />)}
      <rect x="10" y="202" width={width - 20} height="98" fill="var(--frame)" />
      <rect x="18" y="218" width={glass} height="66" rx="2" fill="var(--lit)" />
      <rect x={glass + 26} y="218" width="38" height="82" rx="2" fill="var(--lit2)" />
      <circle cx={glass + 57} cy="262" r="2.5" fill="var(--frame)" />
      {Array.from({ length: stripes }, (_, n) => (
        <path key={n} d={`M${start + n * 16} 188h16v28a8 8 0 0 1-16 0Z`} fill={n % 2 ? "var(--stripe)" : `var(--${awning})`} />
      ))}
      <rect x={start} y="186" width={stripes * 16} height="5" rx="2" fill={`var(--${awning})`} />
      {GOODS[goods](width)}
    </g>
  );
}

function Tree({ x }) {
  return (
    <g transform={`translate(${x} 0)`}>
      <rect x="-3" y="214" width="6" height="88" rx="3" fill="var(--trunk)" />
      <circle cy="196" r="30" fill="var(--leaf)" />
      <circle cx="-21" cy="212" r="20" fill="var(--leaf)" />
      <circle cx="20" cy="212" r="20" fill="var(--leaf2)" />
    </g>
  );
}

function Bubble({ x, y, right, kind, words }) {
  const width = 64 + words.length * 6.7;
  return (
    <g className="says" transform={`translate(${x} ${y})`}>
      <rect width={width} height="40" rx="14" fill="var(--bub)" stroke="var(--bubl)" />
      <path d={right ? `M${width - 18} 39l0 12-12-12Z` : "M18 39l0 12 12-12Z"} fill="var(--bub)" />
      <foreignObject x="12" y="10" width="20" height="20"><ChannelGlyph kind={kind} size={20} decorative /></foreignObject>
      <text x="40" y="25" fontFamily="var(--font)" fontSize="14" fill="var(--text)">{words}</text>
    </g>
  );
}

export function Street() {
  const t = useT();
  return (
    <svg className="street" viewBox="0 0 1440 400" preserveAspectRatio="xMidYMax slice" role="img" aria-label={t("auth.street.label")}>
      <g transform="translate(0 60)">
        <circle cx="962" cy="52" r="34" fill="var(--orb)" />
        {SHOPS.map(([x, width, top, wall, awning, goods, windows]) => (
          <Shop key={x} x={x} width={width} top={top} wall={wall} awning={awning} goods={goods} windows={windows} />
        ))}
        <rect x="-20" y="300" width="1500" height="44" fill="var(--road)" />
        <rect x="-20" y="300" width="1500" height="5" fill="var(--kerb)" />
        <Tree x={371} />
        <Tree x={1049} />
        {BUBBLES.map(([x, y, right, kind, key]) => <Bubble key={key} x={x} y={y} right={right} kind={kind} words={t(key)} />)}
      </g>
    </svg>
  );
}
