import { boot } from "./boot.js";

// Storage of our origin inside the shop's page: browsers keep it apart per shop. When it is forbidden the visit lives in memory.
const memory = new Map();
const at = (name) => `chat:${boot.channel}:${name}`;

export const store = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(at(name)));
    } catch {
      return memory.get(name) ?? null;
    }
  },
  set(name, value) {
    memory.set(name, value);
    try {
      if (value === null) localStorage.removeItem(at(name));
      else localStorage.setItem(at(name), JSON.stringify(value));
    } catch {}
  },
};
