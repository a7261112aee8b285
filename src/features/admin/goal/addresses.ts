/** What tells one bar of a goal's waterfall from the others: the event that set it going, and whose work it is. */
export interface BarName {
  readonly eventId: string;
  readonly name: string;
}

/** A bar's name as an address has it. An event's id may hold anything but the tilde that ends it. */
export const barKey = ({ eventId, name }: BarName): string => `${eventId}~${name}`;

/** Where a goal is shown; with one of its bars open, where one is named. */
export function goalAddress(goalId: string, bar?: BarName): string {
  const page = `/admin/goals/${goalId}`;
  return bar === undefined ? page : `${page}?run=${encodeURIComponent(barKey(bar))}#waterfall`;
}
