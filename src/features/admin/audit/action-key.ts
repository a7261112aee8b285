import type { AuditAction } from "#src/contract/console.ts";

type Underscored<S extends string> = S extends `${infer Area}.${infer Rest}` ? `${Area}_${Rest}` : S;

/** An action's name as the texts have it: a point in a text's name would mean a text within another. */
export const actionKey = (action: AuditAction): Underscored<AuditAction> =>
  action.replace(".", "_") as Underscored<AuditAction>;
