// The same as `faqs.variables.fill`, so that a preview is what the customer reads.
const PLACE = /\{\{|\}\}|\{\s*(\w+)\s*\}/g;

export function fill(answer, values) {
  let out = "";
  let end = 0;
  for (const found of answer.matchAll(PLACE)) {
    if (found.index < end) continue;
    out += answer.slice(end, found.index);
    end = found.index + found[0].length;
    const name = found[1];
    if (name === undefined) out += found[0][0];
    else if (values[name]) {
      out += values[name];
      // «6:00 p. m.» ends the sentence too.
      if (values[name].endsWith(".") && /^\.(?!\.)/.test(answer.slice(end))) end += 1;
    }
    else if (out.trim() && !out.endsWith("\n")) out = out.replace(/[,;]?[ \t]+$/, "");
    else {
      end += /^[ \t,;:.!?]*/.exec(answer.slice(end))[0].length;
      if (end < answer.length) out += answer[end++].toUpperCase();
    }
  }
  return out + answer.slice(end);
}

export function unknownIn(answer, variables) {
  return [...answer.matchAll(PLACE)].map((found) => found[1]).find((name) => name && !variables.includes(name));
}

export function fold(text) {
  return text.toLowerCase().replace(/['’]/g, "").normalize("NFD").replace(/\p{Mn}/gu, "").replace(/([\p{L}])\1{2,}/gu, "$1").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

// The same as `faqs.categories.name_key`.
export function nameKey(name) {
  return name.trim().replace(/\s+/g, " ").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
}

export function lengthFor(channel, text) {
  return channel.counts === "bytes" ? new TextEncoder().encode(text).length : text.length;
}
