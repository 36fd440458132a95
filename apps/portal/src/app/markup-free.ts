/** Text that no parser can make an element of, as it is; null for any other, which is then refused. */
export function markupFree(text: string): string | null {
  return text.includes('<') ? null : text;
}
