// Compares each rendering of perf script in the shared captures with its truth, by version of perf:
//   npx tsx scripts/perf-renderings.ts
// prints the table of adapters/perf/README.md.
import { hasCorpus } from '../test/adapters/perf/corpus.ts'
import { compare, type Outcome, renderings } from '../test/adapters/perf/renderings.ts'

if (!hasCorpus) {
  console.error('no corpus: TRACENORM_CORPUS names the folder that holds corpus/')
  process.exit(1)
}

const VERSIONS = ['5.10', '6.1', '6.12', '7.2']

/** Rendering → version → outcomes with the field list and without. */
const rows = new Map<string, Map<string, { readonly given: Outcome; readonly inferred: Outcome }[]>>()
for (const text of renderings()) {
  const row = rows.get(renderingOf(text.options)) ?? new Map()
  rows.set(renderingOf(text.options), row)
  const cell = row.get(text.version) ?? []
  row.set(text.version, cell)
  cell.push({ given: await compare(text, true), inferred: await compare(text, false) })
}

console.log(`| rendering | ${VERSIONS.join(' | ')} |`)
console.log(`| --- | ${VERSIONS.map(() => '---').join(' | ')} |`)
for (const [name, row] of [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`| ${name} | ${VERSIONS.map((version) => cellOf(row.get(version))).join(' | ')} |`)
console.log('\nTexts that equal their truth, with --perf-fields / without, of how many.')

function renderingOf(options: string): string {
  const shown = options.replaceAll(/--show-\S+/g, '--show-…').replaceAll(/(--show-…)(?: --show-…)+/g, '$1')
  return shown === '' ? 'default' : `\`${shown.replaceAll('|', '\\|')}\``
}

function cellOf(outcomes: readonly { readonly given: Outcome; readonly inferred: Outcome }[] | undefined): string {
  if (outcomes === undefined) return ''
  const good = (of: (one: { readonly given: Outcome; readonly inferred: Outcome }) => Outcome): number =>
    outcomes.filter((one) => of(one).fault === undefined).length
  return `${good(({ given }) => given)} / ${good(({ inferred }) => inferred)} of ${outcomes.length}`
}
