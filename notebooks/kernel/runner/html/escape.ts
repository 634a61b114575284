const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for HTML content and quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, c => ENTITIES[c]!);

/** JSON for a script element: `</script>` inside a string would end it. */
export const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

/** A fragment identifier from a heading. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** A percent-encoded name; one that is none is taken as it stands. */
export const decoded = (name: string): string => {
  try {
    return decodeURI(name);
  } catch {
    return name;
  }
};
