import localFont from "next/font/local";

// The paths are literals because the build reads them; the files come with the packages @fontsource-variable/*.
// A fallback with the same measures is generated for each, so that nothing moves when the typeface arrives.
const text = localFont({
  src: "../../../node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2",
  weight: "300 900",
  variable: "--font-text",
  adjustFontFallback: "Arial",
});

/** The rest of the Latin letters, fetched only by a page that has one of them. */
const textExt = localFont({
  src: "../../../node_modules/@fontsource-variable/figtree/files/figtree-latin-ext-wght-normal.woff2",
  weight: "300 900",
  variable: "--font-text-ext",
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: "unicode-range",
      value:
        "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
    },
  ],
});

const heading = localFont({
  src: "../../../node_modules/@fontsource-variable/fraunces/files/fraunces-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-heading",
  adjustFontFallback: "Times New Roman",
});

/** The classes that bring the typefaces to the page: as `--font-text`, `--font-text-ext` and `--font-heading`. */
export const fontClasses = [text, textExt, heading].map(({ variable }) => variable).join(" ");
