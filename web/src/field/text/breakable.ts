/** Long words with soft hyphens: not every browser can hyphenate every language. */
export function breakable(text: string, breaks: readonly string[]): string {
  return breaks.reduce((said, word) => said.replace(word.replaceAll("\u00ad", ""), word), text);
}
