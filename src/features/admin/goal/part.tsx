"use client";

import { type ReactNode, useEffect, useRef } from "react";
import { Section } from "../../shell/section.tsx";
import classes from "./goal.module.css";

/** A part of the page that an address can point to: it comes after the page has been read, so it goes there itself. */
export function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A bar that the address names is more than its part, and brings itself into view.
    const names = new URLSearchParams(window.location.search).has("run");
    if (window.location.hash === `#${id}` && !names) part.current?.scrollIntoView();
  }, [id]);
  return (
    <div ref={part} id={id} className={classes["part"]}>
      <Section title={title}>{children}</Section>
    </div>
  );
}
