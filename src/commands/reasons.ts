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

interface Flags {
  readonly kernel?: string
  readonly distro?: string
  readonly json?: true
}

/** `tracenorm reasons`: looks up and compares the drop reasons of kernels. `write` takes the answer. */
export function reasonsCommand(write: (text: string) => void | Promise<void>): Command {
  const reasons = new Command('reasons').description(
    'drop reasons: their numbers by kernel, what they mean, what to check first',
  )
  const add = (usage: string, description: string): Command =>
    reasons.command(usage).description(description).option('--json', 'for programs').exitOverride()
  const json = (value: unknown): void | Promise<void> => write(`${printableJson(value, 2)}\n`)

  withKernel(add('list', 'the kernels that are known, or with --kernel all reasons of one')).action(
    async (flags: Flags) => {
      const bundle = await loadBundle()
      if (flags.kernel === undefined) {
        const tables = listTables(bundle)
        return flags.json === true ? json(tables) : write(tablesInWords(tables))
      }
      const pick = foundTable(bundle, flags.kernel, flags.distro)
      const names = namesByCode(pick.table)
      return flags.json === true ? json(Object.fromEntries(names)) : write(namesInWords(names, pickedOf(pick)))
    },
  )

  add('show <name...>', 'what a reason means, what to check first, its number in every kernel').action(
    async (names: readonly string[], flags: Flags) => {
      const bundle = await loadBundle()
      const explanations = await loadExplanations()
      const shown = names.map((name) => {
        const reason = showReason(bundle, explanations, name)
        if (reason === undefined) throw noReason(bundle, name)
        return reason
      })
      return flags.json === true
        ? json(shown.length === 1 ? shown[0] : shown)
        : write(shown.map(reasonInWords).join('\n'))
    },
  )

  withKernel(
    add('decode <code...>', 'the reason behind a number (3, 0x10001), by --kernel; without it all that it can be'),
  ).action(async (codes: readonly string[], flags: Flags) => {
    const bundle = await loadBundle()
    const explanations = await loadExplanations()
    const pick = flags.kernel === undefined ? undefined : foundTable(bundle, flags.kernel, flags.distro)
    const picked = pick === undefined ? undefined : pickedOf(pick)
    const reasons = pick === undefined ? NO_REASONS : reasonsOfPick(pick)
    const decoded = codes.map((text) => decodeCode(bundle, explanations, codeOf(bundle, text), reasons))
    if (flags.json === true) return json(decoded.map((one) => ({ ...one, ...picked })))
    const head = picked === undefined ? '' : `${pickedInWords(picked)}\n`
    return write(`${head}${decoded.map((one) => decodedInWords(bundle, one, picked)).join('')}`)
  })

  add('compare <kernel> <kernel>', 'what is new, gone or under another number in the second')
    .option('--distro <name>', DISTRO_HELP)
    .action(async (first: string, second: string, flags: Flags) => {
      const bundle = await loadBundle()
      const from = foundTable(bundle, first, flags.distro, 'kernel')
      const to = foundTable(bundle, second, flags.distro, 'kernel')
      const comparison = compareTables(from.table, to.table)
      return flags.json === true
        ? json({ from: pickedOf(from), to: pickedOf(to), ...comparison })
        : write(comparisonInWords(comparison, pickedOf(from), pickedOf(to)))
    })
  return reasons
}

const DISTRO_HELP = 'whose kernel it is, where its release does not tell (ubuntu, debian, rhel, …)'

function withKernel(command: Command): Command {
  return command
    .option('--kernel <release>', 'a release (6.12), all of uname -r, or the name of a table')
    .option('--distro <name>', DISTRO_HELP)
}

/** A usage error where there is none: an answer by another kernel's table would be wrong. */
function foundTable(bundle: Bundle, kernel: string, distro: string | undefined, given = '--kernel'): FoundPick {
  const pick = pickTable(bundle, kernel, distro)
  if (pick.kind === 'found') return pick
  const nearest = pick.nearest.length === 0 ? '' : `nearest ${pick.nearest.join(', ')}; `
  throw new UsageError(`${given} ${kernel}: ${pick.why}`, `${nearest}see "tracenorm reasons list"`)
}

function codeOf(bundle: Bundle, text: string): number {
  const code = parseCode(text)
  if (code !== undefined) return code
  const known =
    text.length > 2 && nearNames(bundle, text).length > 0
      ? `for a name there is "tracenorm reasons show ${text}"`
      : 'it is decimal, or hexadecimal with 0x'
  throw new UsageError(`"${text}" is no number of a drop reason`, known)
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
