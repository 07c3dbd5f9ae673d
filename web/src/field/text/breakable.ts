/** Long words with the places where they may be broken: not every browser knows those of every language. */
export function breakable(text: string, breaks: readonly string[]): string {
  return breaks.reduce((said, word) => said.replace(word.replaceAll("\u00ad", ""), word), text);
}
