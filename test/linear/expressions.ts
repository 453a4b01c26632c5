import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { vi } from 'vitest'
import { TWO_DROPS } from '../cli/program.ts'
import { root } from '../kit/harness.ts'

export interface Expression {
  readonly source: string
  readonly flags: string
  /** `src/text/prompt.ts:3`, or that it is made at run time. */
  readonly place: string
}

/** The expressions that stand in src/ and adapters/. */
export function literals(): readonly Expression[] {
  const found: Expression[] = []
  for (const path of sources()) {
    const text = readFileSync(join(root, path), 'utf8')
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      if (isLiteral(node)) {
        const place = `${path}:${text.slice(0, node.start).split('\n').length}`
        found.push({ source: node.regex.pattern, flags: node.regex.flags, place })
      }
      for (const inner of Object.values(node)) visit(inner)
    }
    visit(parseAst(text, { lang: 'ts' }))
  }
  return found
}

/** They run when they are imported. */
const PROGRAMS: readonly string[] = ['src/main.ts', 'src/launcher.ts', 'src/coworker-launcher.ts']

function sources(): readonly string[] {
  return ['src', 'adapters']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/') && !PROGRAMS.includes(path))
}

interface Literal {
  readonly start: number
  readonly regex: { readonly pattern: string; readonly flags: string }
}

function isLiteral(node: object): node is Literal {
  return 'regex' in node && typeof node.regex === 'object' && node.regex !== null
}

/** Of a fixture. */
const MOST_BYTES = 4096

/** A layout with every column that may stand behind a payload. */
const ALL_FIELDS =
  'comm,tid,cpu,time,event,trace,addr,ip,sym,dso,iregs,uregs,brstack,brstackinsn,insn,phys_addr,data_page_size,code_page_size,cgroup,weight,data_src'

/** The expressions that are put together when modules are loaded and every fixture is converted. */
export async function made(): Promise<readonly Expression[]> {
  const found = new Map<string, Expression>()
  const Own = globalThis.RegExp
  // Only ours: the stack names who made it.
  const keep = (expression: RegExp): RegExp => {
    const place = /\/((?:src|adapters)\/[^:?)]+)/.exec(new Error('made').stack?.split('\n')[3] ?? '')?.[1]
    const { source, flags } = expression
    if (place !== undefined && !place.includes('/generated/'))
      found.set(`/${source}/${flags}`, { source, flags, place })
    return expression
  }
  globalThis.RegExp = new Proxy(Own, {
    construct: (target, [pattern, flags]) => keep(new target(pattern, flags)),
    apply: (target, _, [pattern, flags]) => keep(target(pattern, flags)),
  })
  try {
    vi.resetModules()
    for (const path of sources()) await import(join(root, path))
    const { openConverter, readCases } = await import('../kit/harness.ts')
    await (await openConverter([`--perf-fields=${ALL_FIELDS}`], '.')).convert(Buffer.from(TWO_DROPS))
    for (const { args, folder, input } of readCases().filter((one) => one.input.length < MOST_BYTES))
      await (await openConverter(args, folder)).convert(input)
  } finally {
    globalThis.RegExp = Own
  }
  return [...found.values()]
}
