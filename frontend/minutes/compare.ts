// The same reading of numbers and the same comparison as on the server (inspections/limits.py).

/** `until`: the first day on which another edition of the regulation was in force; empty for none. */
export interface Limit {
  unit: string; lowest: string; highest: string; standard: string; until: string; untilShown: string;
}

/** A number as it is typed here, decimal comma; null for what is none or could be read two ways. */
export function readNumber(typed: string): { text: string; value: number; below: boolean } | null {
  let text = typed.replace(/\s+/g, "");
  const below = text.startsWith("<");
  if (below) text = text.slice(1);
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(text)) text = text.replace(/\./g, "");
  else if ((text.includes(",") && text.includes(".")) || /^[1-9]\d{0,2}(\.\d{3})+$/.test(text)) return null;
  text = text.replace(/,/g, ".");
  if (!/^\d{1,12}(\.\d{1,8})?$/.test(text)) return null;
  return { text, value: Number(text), below };
}

/** How a value stands to its limits; null where there is nothing to compare. */
export function compare(value: string, lowest: string, highest: string): { over: boolean; times: string } | null {
  const number = readNumber(value);
  const low = readNumber(lowest);
  const high = readNumber(highest);
  if (number === null || (low === null && high === null)) return null;
  if (number.below) return { over: false, times: "" };
  if (high !== null && number.value > high.value) {
    const times = high.value > 0 ? Math.round((number.value / high.value) * 10) / 10 : 0;
    return { over: true, times: times > 1 ? String(times).replace(".", ",") : "" };
  }
  return { over: low !== null && number.value < low.value, times: "" };
}
