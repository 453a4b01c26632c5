// The drop reason tables of the package.
//   npx tsx scripts/reasons.ts <tables.json> <explanations.json>   the data set → src/kernel/reasons/*.json, for review
//   npx tsx scripts/reasons.ts --emit                              those → src/kernel/reasons/generated/*.ts
// The first refuses what it does not understand, so that a new kernel is one command and one review of the diff.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Explanations } from '../src/kernel/reasons/bundle.ts'
import { bundleOf } from './reasons/bundle-of.ts'
import type { DataSet } from './reasons/data-set.ts'

const DATA = 'src/kernel/reasons'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Writes src/kernel/reasons/generated/{tables,explanations}.ts below `outDir`, from the project's JSON. Part of `npm
 * run generate`.
 */
export function emitReasonTables(outDir: string): void {
  const generated = join(outDir, DATA, 'generated')
  mkdirSync(generated, { recursive: true })
  for (const [file, name, type] of [
    ['tables', 'TABLES', 'Bundle'],
    ['explanations', 'EXPLANATIONS', 'Explanations'],
  ] as const) {
    const { $schema: _, ...data } = JSON.parse(readFileSync(join(ROOT, DATA, `${file}.json`), 'utf8'))
    const text = `// Made by scripts/reasons.ts from ${file}.json.\nimport type { ${type} } from '../bundle.ts'\n\nexport const ${name}: ${type} = ${JSON.stringify(data)}\n`
    writeFileSync(join(generated, `${file}.ts`), text)
  }
}

function takeOver(tablesPath: string, explanationsPath: string): void {
  // Not checked member by member: bundleOf refuses what it cannot use, and a schema checks the result.
  const data = JSON.parse(readFileSync(tablesPath, 'utf8')) as DataSet
  const reasons = JSON.parse(readFileSync(explanationsPath, 'utf8')) as Explanations['reasons']
  const bundle = bundleOf(data)
  const unexplained = new Set(
    Object.values(bundle.lists)
      .flat()
      .filter((name) => name !== null && reasons[name] === undefined),
  )
  if (unexplained.size > 0) throw new Error(`no explanation of ${[...unexplained].join(', ')}`)
  const files = [
    ['tables.json', bundle],
    ['explanations.json', { made: bundle.made, reasons }],
  ] as const
  for (const [file, content] of files) {
    writeFileSync(
      join(ROOT, DATA, file),
      `${JSON.stringify({ $schema: '../../../schemas/reasons.v1.schema.json', ...content }, undefined, 2)}\n`,
    )
  }
  execFileSync('npx', ['biome', 'format', '--write', ...files.map(([file]) => join(DATA, file))], {
    cwd: ROOT,
    stdio: 'ignore',
  })
  process.stdout.write(
    `${bundle.tables.length} tables, ${new Set(bundle.tables.map(({ core }) => core)).size} core lists; review the diff of ${DATA}\n`,
  )
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [tables, explanations] = process.argv.slice(2)
  if (tables === '--emit') emitReasonTables(ROOT)
  else if (tables !== undefined && explanations !== undefined) takeOver(tables, explanations)
  else {
    process.stderr.write('usage: tsx scripts/reasons.ts <tables.json> <explanations.json> | --emit\n')
    process.exitCode = 2
  }
}
