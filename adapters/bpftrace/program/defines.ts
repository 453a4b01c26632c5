import { ProgramError } from './tokens.ts'

/** Object-like defines by name. Function-like ones are not expanded: those with a printing call are reported. */
export function definesOf(source: string, report: (error: ProgramError) => void): ReadonlyMap<string, string> {
  const defines = new Map<string, string>()
  for (const match of source.matchAll(/^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\()?[ \t]*(.*)$/gm)) {
    const [, name = '', parenthesis, text = ''] = match
    if (parenthesis === undefined) defines.set(name, text.split('//', 1).join('').trim())
    else if (/\b(?:printf|print|join|cat|system|time)\b/.test(text)) {
      report(new ProgramError(`the macro "${name}" has parameters: what it prints is not decoded`, match.index))
    }
  }
  return defines
}
