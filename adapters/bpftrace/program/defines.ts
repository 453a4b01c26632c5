import { ProgramError } from './tokens.ts'

/** Object-like defines by name. Function-like ones are told when they hold a printing call: they are not expanded. */
export function definesOf(source: string, tell: (error: ProgramError) => void): ReadonlyMap<string, string> {
  const defines = new Map<string, string>()
  for (const match of source.matchAll(/^[ \t]*#[ \t]*define[ \t]+([A-Za-z_]\w*)(\()?[ \t]*(.*)$/gm)) {
    const [, name = '', parenthesis, text = ''] = match
    if (parenthesis === undefined) defines.set(name, text.split('//', 1).join('').trim())
    else if (/\b(?:printf|print|join|cat|system|time)\b/.test(text)) {
      tell(new ProgramError(`the macro "${name}" has parameters: what it prints is not decoded`, match.index))
    }
  }
  return defines
}
