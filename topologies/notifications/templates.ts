/** All that the platform says to consumers, as data. */
import { accountTexts } from './account-texts.ts'
import { paymentTexts } from './payment-texts.ts'
import { planTexts } from './plan-texts.ts'
import { purchaseTexts } from './purchase-texts.ts'
import type { Template } from './template.ts'

/** The templates by name. */
export const templates = { ...purchaseTexts, ...paymentTexts, ...planTexts, ...accountTexts }

/** The name of a template. */
export type TemplateName = keyof typeof templates

/** The template of a name as it stands in a record. @throws Error for a name that was never given */
export function templateOf(name: string): Template {
  const template: Template | undefined = Object.hasOwn(templates, name) ? templates[name as TemplateName] : undefined
  if (template === undefined) throw new Error(`There is no template '${name}'.`)
  return template
}
