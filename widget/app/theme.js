const DEFAULT = "#0e5f63";
const READABLE = 4.6;

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// WCAG 2
const luminance = (rgb) =>
  rgb.reduce((sum, value, at) => sum + ((value /= 255) <= 0.04 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4) * [0.2126, 0.7152, 0.0722][at], 0);

const contrast = (a, b) => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
};

const toward = (rgb, target, amount) => rgb.map((value, at) => Math.round(value + (target[at] - value) * amount));

/** From the shop's colour: what stands on it, and the nearest shade of it that can be read on the sheet. */
export const dress = (chosen) => {
  const color = chosen ?? DEFAULT;
  const { style, classList } = document.documentElement;
  const [sheet, away] = classList.contains("dark") ? [[27, 26, 23], [255, 255, 255]] : [[255, 255, 255], [0, 0, 0]];
  const rgb = parse(color);
  let text = rgb;
  for (let step = 0.05; contrast(text, sheet) < READABLE && step < 1; step += 0.05) text = toward(rgb, away, step);
  style.setProperty("--w", color);
  style.setProperty("--on", luminance(rgb) < 0.19 ? "#fff" : "#1a1714"); // as the server does for the launcher
  style.setProperty("--w-text", `rgb(${text})`);
};
