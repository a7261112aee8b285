import {
  Alert,
  Badge,
  Button,
  Container,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  Input,
  NativeSelect,
  Paper,
  PasswordInput,
  Skeleton,
  TextInput,
} from "@mantine/core";
import { palette } from "./palette.ts";

const chinese = '"PingFang TC", "Microsoft JhengHei", "Noto Sans TC", "Noto Sans CJK TC"';
/** What a finger hits without aiming: 44 px. */
const touch = "2.75rem";

/** The product's look, in one place: colours, type, spacing, radii. The typefaces themselves are in `fonts.ts`. */
export const theme = createTheme({
  colors: palette,
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 4 },
  black: palette.gray[9],
  // What is filled is dark in the light look and light in the dark one: so is what is written on it, and the library knows one of them.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === "filled" && { color: "var(--on-filled)" }),
  }),
  cursorType: "pointer",
  respectReducedMotion: true,
  defaultRadius: "md",
  radius: { xs: "0.25rem", sm: "0.375rem", md: "0.625rem", lg: "1rem", xl: "1.5rem" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2.25rem" },
  shadows: {
    xs: "0 1px 2px rgb(43 38 32 / 6%)",
    sm: "0 1px 2px rgb(43 38 32 / 6%), 0 4px 12px rgb(43 38 32 / 5%)",
    md: "0 2px 4px rgb(43 38 32 / 6%), 0 10px 28px rgb(43 38 32 / 10%)",
  },
  fontFamily: `var(--font-text), var(--font-text-ext), system-ui, "Segoe UI", Roboto, ${chinese}, sans-serif`,
  fontFamilyMonospace: `ui-monospace, "Cascadia Mono", Menlo, "Noto Sans Mono", ${chinese}, monospace`,
  headings: {
    fontFamily: `var(--font-heading), var(--font-text-ext), ${chinese}, Georgia, serif`,
    fontWeight: "600",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: "clamp(1.75rem, 1.5rem + 1.2vw, 2.375rem)", lineHeight: "1.15" },
      h2: { fontSize: "clamp(1.5rem, 1.35rem + 0.7vw, 1.875rem)", lineHeight: "1.2" },
      h3: { fontSize: "1.25rem", lineHeight: "1.3" },
      h4: { fontSize: "1.125rem", lineHeight: "1.35" },
    },
  },
  components: {
    Alert: Alert.extend({ defaultProps: { radius: "md" } }),
    // A state is never cut short, however narrow its column, and never shouted.
    Badge: Badge.extend({
      styles: { root: { minWidth: "max-content", textTransform: "none", letterSpacing: 0, fontWeight: 600 } },
    }),
    Button: Button.extend({ styles: { root: { minHeight: touch } } }),
    Container: Container.extend({ defaultProps: { size: "72rem" } }),
    Input: Input.extend({
      // A field is seen as one: its edge stands out from the ground (3:1).
      vars: (_theme, { variant }) => ({
        wrapper: {
          "--input-height": touch,
          ...(variant !== "filled" && { "--input-bd": "var(--border-strong)" }),
        },
      }),
    }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: "md" } }),
    Paper: Paper.extend({
      defaultProps: { radius: "lg", shadow: "xs" },
      styles: { root: { backgroundColor: "var(--paper-ground, var(--surface))" } },
    }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: "md" } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: "lg" } }),
    TextInput: TextInput.extend({ defaultProps: { size: "md" } }),
  },
});

type Hue = "pine" | "red" | "yellow" | "green" | "blue" | "gray";
const hues: readonly Hue[] = ["pine", "red", "yellow", "green", "blue", "gray"];

/** For each colour, what `variant="light"` is made of. */
const lightVariants = (of: (hue: Hue) => { ground: string; hover: string; ink: string }) =>
  Object.fromEntries(
    hues.flatMap((hue) => {
      const { ground, hover, ink } = of(hue);
      const name = `--mantine-color-${hue}-light`;
      return [
        [name, ground],
        [`${name}-hover`, hover],
        [`${name}-color`, ink],
      ];
    }),
  );

/** The colours that differ between light and dark. Each ink reads well on its ground (4.5:1 at least). */
export const textColors: CSSVariablesResolver = ({ colors: { dark } }) => ({
  variables: {},
  light: {
    "--mantine-color-body": palette.gray[0],
    "--mantine-color-text": palette.gray[9],
    "--mantine-color-dimmed": palette.gray[7],
    "--mantine-color-placeholder": palette.gray[7],
    "--border-strong": palette.gray[6],
    "--mantine-color-default-border": palette.gray[3],
    "--mantine-color-anchor": palette.pine[7],
    "--mantine-color-error": palette.red[7],
    "--on-filled": "#ffffff",
    "--surface": "#ffffff",
    "--surface-raised": palette.gray[1],
    "--text-good": palette.green[8],
    "--text-waiting": palette.yellow[8],
    "--text-bad": palette.red[7],
    ...lightVariants((hue) => ({
      ground: palette[hue][1],
      hover: palette[hue][2],
      ink: palette[hue][hue === "gray" ? 8 : 9],
    })),
  },
  dark: {
    "--mantine-color-body": dark[8],
    "--mantine-color-text": dark[0],
    "--mantine-color-dimmed": dark[1],
    "--mantine-color-placeholder": dark[2],
    "--border-strong": dark[2],
    "--mantine-color-default": dark[6],
    "--mantine-color-default-hover": dark[5],
    "--mantine-color-default-border": dark[4],
    "--mantine-color-anchor": palette.pine[3],
    "--mantine-color-error": palette.red[3],
    "--on-filled": dark[9],
    "--surface": dark[7],
    "--surface-raised": dark[6],
    "--text-good": palette.green[3],
    "--text-waiting": palette.yellow[3],
    "--text-bad": palette.red[3],
    ...lightVariants((hue) => ({
      ground: hue === "gray" ? dark[5] : `color-mix(in srgb, ${palette[hue][6]} 28%, ${dark[7]})`,
      hover: hue === "gray" ? dark[4] : `color-mix(in srgb, ${palette[hue][6]} 40%, ${dark[7]})`,
      ink: palette[hue][2],
    })),
  },
});
