const two = (value: number) => String(value).padStart(2, "0");

/** A time as a field of `datetime-local` has it, in the browser's zone: `2026-11-22T18:05`. */
export function toLocalField(iso: string): string {
  const time = new Date(iso);
  const day = `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** What such a field says, as ISO 8601; undefined where it says no time. */
export function fromLocalField(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** An amount as a field has it, in whole units of a currency with two decimals: 1250 is `12.5`. */
export const toUnitsField = (minor: number | undefined): string =>
  minor === undefined ? "" : String(minor / 100);

/** What such a field says in minor units; undefined where it is no amount. A comma is a point, as many write it. */
export function fromUnitsField(text: string): number | undefined {
  const written = text.trim().replace(",", ".");
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(written)) return undefined;
  return Math.round(Number(written) * 100);
}
