/** A binary heap: the smallest element first, by the order given. */
export interface Heap<T> {
  readonly size: number;
  push(element: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

/** An empty heap. `before(a, b)` says that `a` comes first; equal elements come in any order. */
export function makeHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const elements: T[] = [];

  function isBefore(i: number, j: number): boolean {
    const a = elements[i];
    const b = elements[j];
    return a !== undefined && b !== undefined && before(a, b);
  }

  function swap(i: number, j: number): void {
    const a = elements[i];
    const b = elements[j];
    if (a === undefined || b === undefined) return;
    elements[i] = b;
    elements[j] = a;
  }

  function sink(): void {
    let at = 0;
    for (;;) {
      let least = at;
      if (isBefore(2 * at + 1, least)) least = 2 * at + 1;
      if (isBefore(2 * at + 2, least)) least = 2 * at + 2;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  }

  return {
    get size() {
      return elements.length;
    },
    peek: () => elements[0],
    push(element) {
      elements.push(element);
      let at = elements.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop() {
      const last = elements.length - 1;
      swap(0, last);
      const first = elements.pop();
      sink();
      return first;
    },
  };
}
