import { Command } from 'commander'
import { UsageError } from '../errors.ts'
import { type Bundle, loadBundle, loadExplanations } from '../kernel/reasons/bundle.ts'
import {
  compareTables,
  decodeCode,
  listTables,
  nearNames,
  parseCode,
  pickedOf,
  showReason,
} from '../kernel/reasons/lookup.ts'
import {
  comparisonInWords,
  decodedInWords,
  namesInWords,
  pickedInWords,
  reasonInWords,
  tablesInWords,
} from '../kernel/reasons/lookup-text.ts'
import { pickTable, reasonsOfPick } from '../kernel/reasons/pick.ts'
import type { FoundPick } from '../kernel/reasons/pick-answer.ts'
import { NO_REASONS, namesByCode } from '../kernel/reasons/reasons.ts'
import { printableJson } from '../text/printable.ts'

interface ReasonsFlags {
  readonly kernel?: string
  readonly distro?: string
  readonly json?: true
}

/** What a lookup found. */
interface Answer {
  /** For programs. */
  readonly data: unknown
  /** For people. */
  text(): string
}

/** `tracenorm reasons`: looks up and compares the drop reasons of kernels. `write` takes the answer. */
export function reasonsCommand(write: (text: string) => void | Promise<void>): Command {
  const reasons = new Command('reasons').description(
    'drop reasons: their numbers by kernel, what they mean, what to check first',
  )
  const add = (usage: string, description: string): Command =>
    reasons.command(usage).description(description).option('--json', 'for programs').exitOverride()
  const give = async ({ data, text }: Answer, { json }: ReasonsFlags): Promise<void> =>
    write(json === true ? `${printableJson(data, 2)}\n` : text())

  withKernel(add('list', 'the kernels that are known, or with --kernel all reasons of one')).action(
    async (flags: ReasonsFlags) => give(await list(flags), flags),
  )
  add('show <name...>', 'what a reason means, what to check first, its number in every kernel').action(
    async (names: readonly string[], flags: ReasonsFlags) => give(await show(names), flags),
  )
  withKernel(
    add('decode <code...>', 'the reason of a number (3, 0x10001) in --kernel; without it all that it can be'),
  ).action(async (codes: readonly string[], flags: ReasonsFlags) => give(await decode(codes, flags), flags))
  add('compare <kernel> <kernel>', 'what is new, gone or under another number in the second')
    .option('--distro <name>', DISTRO_HELP)
    .action(async (first: string, second: string, flags: ReasonsFlags) =>
      give(await compare(first, second, flags), flags),
    )
  return reasons
}

async function list({ kernel, distro }: ReasonsFlags): Promise<Answer> {
  const bundle = await loadBundle()
  if (kernel === undefined) {
    const tables = listTables(bundle)
    return { data: tables, text: () => tablesInWords(tables) }
  }
  const pick = foundTable(bundle, kernel, distro)
  const names = namesByCode(pick.table)
  return { data: Object.fromEntries(names), text: () => namesInWords(names, pickedOf(pick)) }
}

async function show(names: readonly string[]): Promise<Answer> {
  const bundle = await loadBundle()
  const explanations = await loadExplanations()
  const shown = names.map((name) => {
    const reason = showReason(bundle, explanations, name)
    if (reason === undefined) throw noReason(bundle, name)
    return reason
  })
  return { data: shown.length === 1 ? shown[0] : shown, text: () => shown.map(reasonInWords).join('\n') }
}

async function decode(codes: readonly string[], { kernel, distro }: ReasonsFlags): Promise<Answer> {
  const bundle = await loadBundle()
  const explanations = await loadExplanations()
  const pick = kernel === undefined ? undefined : foundTable(bundle, kernel, distro)
  const picked = pick === undefined ? undefined : pickedOf(pick)
  const reasons = pick === undefined ? NO_REASONS : reasonsOfPick(pick)
  const decoded = codes.map((text) => decodeCode(bundle, explanations, codeOf(bundle, text), reasons))
  const head = picked === undefined ? '' : `${pickedInWords(picked)}\n`
  return {
    data: decoded.map((one) => ({ ...one, ...picked })),
    text: () => `${head}${decoded.map((one) => decodedInWords(bundle, one, picked)).join('')}`,
  }
}

async function compare(first: string, second: string, { distro }: ReasonsFlags): Promise<Answer> {
  const bundle = await loadBundle()
  const from = foundTable(bundle, first, distro, 'kernel')
  const to = foundTable(bundle, second, distro, 'kernel')
  const comparison = compareTables(from.table, to.table)
  return {
    data: { from: pickedOf(from), to: pickedOf(to), ...comparison },
    text: () => comparisonInWords(comparison, pickedOf(from), pickedOf(to)),
  }
}

const DISTRO_HELP = 'the distribution, where the release does not say it (ubuntu, debian, rhel, …)'

function withKernel(command: Command): Command {
  return command
    .option('--kernel <release>', 'a release (6.12), all of uname -r, or the name of a table')
    .option('--distro <name>', DISTRO_HELP)
}

/** Throws UsageError where there is no table of the kernel: an answer from another kernel's table would be wrong. */
function foundTable(bundle: Bundle, kernel: string, distro: string | undefined, given = '--kernel'): FoundPick {
  const pick = pickTable(bundle, kernel, distro)
  if (pick.kind === 'found') return pick
  const nearest = pick.nearest.length === 0 ? '' : `nearest ${pick.nearest.join(', ')}; `
  throw new UsageError(`${given} ${kernel}: ${pick.why}`, `${nearest}see "tracenorm reasons list"`)
}

function codeOf(bundle: Bundle, text: string): number {
  const code = parseCode(text)
  if (code !== undefined) return code
  const isName = text.length > 2 && nearNames(bundle, text).length > 0
  throw new UsageError(
    `"${text}" is not the number of a drop reason`,
    isName ? `for a name use "tracenorm reasons show ${text}"` : 'give it in decimal, or in hexadecimal with 0x',
  )
}

function noReason(bundle: Bundle, name: string): UsageError {
  const near = nearNames(bundle, name)
  if (parseCode(name) !== undefined)
    return new UsageError(`"${name}" is a number`, `"tracenorm reasons decode ${name}" names it`)
  return new UsageError(
    `no drop reason "${name}"`,
    near.length === 0 ? 'see "tracenorm reasons list --kernel RELEASE"' : `near: ${near.join(', ')}`,
  )
}
