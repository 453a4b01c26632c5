// The answers of `tracenorm reasons`, for people.
import type { Bundle } from './bundle.ts'
import { describeTables } from './candidates.ts'
import type { Comparison, DecodedCode, ListedTable, NamedCode, PickedTable, ShownReason } from './lookup.ts'

export function tablesInWords(tables: readonly ListedTable[]): string {
  const width = Math.max(...tables.map(({ table }) => table.length))
  return tables
    .map(
      ({ table, reasons, covers }) =>
        `${table.padEnd(width)}  ${reasons === 0 ? 'none' : String(reasons).padStart(4)}  ${covers}\n`,
    )
    .join('')
}

export function namesInWords(names: ReadonlyMap<number, string>, picked: PickedTable): string {
  const lines = [...names].map(([code, name]) => `${codeInWords(code).padStart(7)}  ${name}\n`)
  return `${pickedInWords(picked)}\n${lines.length === 0 ? 'this kernel has no drop reasons\n' : lines.join('')}`
}

export function reasonInWords(reason: ShownReason): string {
  const { name, subsystem, meaning, check, since, until, current, releases, others, renames } = reason
  const byCode = new Map<number, string[]>()
  for (const { table, code } of others) byCode.set(code, [...(byCode.get(code) ?? []), table])
  return [
    `${name}${subsystem === undefined ? '' : `  (${subsystem})`}\n`,
    ...(meaning === undefined ? [] : [`  meaning      ${meaning}\n`]),
    ...(check === undefined ? [] : [`  check first  ${check}\n`]),
    since === undefined
      ? '  releases     none\n'
      : `  releases     since ${since}${current === true ? '' : `, until ${until}`}\n`,
    ...releases.map(
      ({ first, last, code }, at) =>
        `  ${at === 0 ? 'number' : '      '}       ${codeInWords(code)} in ${first === last ? first : `${first} to ${last}`}\n`,
    ),
    ...[...byCode].map(
      ([code, tables], at) =>
        `  ${at === 0 ? 'elsewhere' : '         '}    ${codeInWords(code)} in ${tables.join(', ')}\n`,
    ),
    ...renames.map(
      (rename, at) => `  ${at === 0 ? 'renamed' : '       '}      ${rename.old} → ${rename.new}: ${rename.when}\n`,
    ),
  ].join('')
}

export function decodedInWords(bundle: Bundle, decoded: DecodedCode, picked?: PickedTable): string {
  const { code, name, subsystem, meaning, candidates = [] } = decoded
  const head = codeInWords(code)
  if (name !== undefined) return `${head}  ${name}  (${subsystem})\n${meaning === undefined ? '' : `  ${meaning}\n`}`
  const where =
    picked === undefined
      ? ''
      : subsystem === undefined
        ? `is no reason of ${picked.table}`
        : `is a reason of ${subsystem}, its name is not known`
  if (candidates.length === 0) return `${head}  ${where === '' ? '' : `${where}; `}no known kernel has it\n`
  const list = candidates.map(({ name: candidate, tables }) => `  ${candidate}  in ${describeTables(bundle, tables)}\n`)
  return `${head}  ${where === '' ? 'depends on the kernel' : `${where}; elsewhere`}:\n${list.join('')}`
}

export function pickedInWords({ table, sure, why }: PickedTable): string {
  return `table ${table} (${sure}: ${why})`
}

export function comparisonInWords(
  { added, removed, moved, same }: Comparison,
  from: PickedTable,
  to: PickedTable,
): string {
  const named = (title: string, list: readonly NamedCode[]): string =>
    list.length === 0
      ? ''
      : `${title} ${list.length}:\n${list.map(({ name, code }) => `  ${codeInWords(code).padStart(7)}  ${name}\n`).join('')}`
  const shifted = moved.map(
    ({ name, from: before, to: now }) =>
      `  ${codeInWords(before).padStart(7)} → ${codeInWords(now).padEnd(7)}  ${name}\n`,
  )
  return [
    `from ${pickedInWords(from)}\nto   ${pickedInWords(to)}\n`,
    `same number ${same}\n`,
    named('added', added),
    named('gone', removed),
    moved.length === 0 ? '' : `moved ${moved.length}:\n${shifted.join('')}`,
  ].join('')
}

/** Subsystem reasons as the kernel prints them. */
function codeInWords(code: number): string {
  return code > 0xffff ? `0x${code.toString(16)}` : String(code)
}
