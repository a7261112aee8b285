"use client";

import { Code } from "@mantine/core";
import { useId } from "react";
import { CopyButton } from "../../me/copy-button.tsx";
import classes from "./documents.module.css";

/** A value as JSON has it, folded away until somebody asks, with a button that copies it. */
export function JsonBlock({ title, value, open = false }: { title: string; value: unknown; open?: boolean }) {
  const text = JSON.stringify(value, null, 2) ?? "null";
  const id = useId();
  return (
    <details className={classes["block"]} open={open}>
      <summary id={id}>{title}</summary>
      <div className={classes["content"]}>
        <div className={classes["copy"]}>
          <CopyButton text={() => text} />
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it */}
        <section className={classes["json"]} tabIndex={0} aria-labelledby={id}>
          <Code block>{text}</Code>
        </section>
      </div>
    </details>
  );
}
