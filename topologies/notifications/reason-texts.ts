import type { Reason } from '#schemas'
import { type Language, languages } from './template.ts'

/** The reasons as lines of text, one fact a language (`reasons.en`, `reasons.de`); English where there is no other. */
export function reasonFacts(reasons: readonly Reason[]): Record<string, string> {
  const linesIn = (language: Language) => reasons.map(({ text, texts }) => `- ${texts[language] ?? text}`).join('\n')
  return Object.fromEntries(languages.map((language) => [`reasons.${language}`, linesIn(language)]))
}
