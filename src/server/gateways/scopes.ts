import { AsyncLocalStorage } from "node:async_hooks";

/** What every line of the log says of the work that it belongs to, such as whose end it serves. */
export type Fields = Readonly<Record<string, string | number>>;

/** A place in a trace: 32 and 16 hexadecimal digits. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
}

/** What the work under way belongs to: fields for its log, and the span within which new ones begin. */
interface Scope {
  readonly fields: Fields;
  readonly span?: SpanPlace | undefined;
}

/**
 * What the work under way belongs to, wherever it awaits. One for all services of an app rather than a module's own
 * variable: what Next has bundled may hold a module more than once.
 */
export interface Scopes {
  /** The innermost scope; empty outside any. */
  current(): Scope;
  /** Runs work in a scope within the current one: what it does not say is the outer one's. */
  run<T>(scope: Partial<Scope>, work: () => T): T;
  /** Changes the current scope, for work that learns only on its way whose it is. */
  become(scope: Partial<Scope>): void;
}

const none: Scope = { fields: {} };

export function openScopes(): Scopes {
  const storage = new AsyncLocalStorage<{ scope: Scope }>();
  const current = () => storage.getStore()?.scope ?? none;
  const within = ({ fields, span = current().span }: Partial<Scope>): Scope => ({
    fields: { ...current().fields, ...fields },
    span,
  });
  return {
    current,
    run: (scope, work) => storage.run({ scope: within(scope) }, work),
    become: (scope) => {
      const store = storage.getStore();
      if (store !== undefined) store.scope = within(scope);
    },
  };
}
