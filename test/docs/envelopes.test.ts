// The examples and tables of docs/envelopes.md are what the program makes. TRACENORM_WRITE=1 writes them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ENVELOPES, MAPS, type MapName } from '../../src/envelopes/envelope.ts'
import { CONSTANTS, NAMES } from '../../src/envelopes/names.ts'
import { FIELD_PATHS } from '../../src/event/field-names.ts'
import { KINDS } from '../../src/event/words.ts'
import { root, tracenorm } from '../cli/program.ts'

const PAGE = join(root, 'docs/envelopes.md')

function tableOf(map: MapName): string {
  const rows = FIELD_PATHS.flatMap((path) => {
    const name = NAMES[map][path]
    return name === undefined ? [] : [`| \`${path}\` | \`${name}\` |`]
  })
  const constants = KINDS.flatMap((kind) =>
    CONSTANTS[map][kind].map(([name, value]) => `| every ${kind} | \`${name}\`: \`${JSON.stringify(value)}\` |`),
  )
  return ['| ours | theirs |', '| --- | --- |', ...rows, ...constants].join('\n')
}

/** Indented as people write it; a long list of one line each. */
async function exampleOf(to: string, input: string): Promise<string> {
  const words = ['--to', to, '--clock', 'realtime', '--host', 'web1', '--id', '--id-salt', 'example']
  const { stdout } = await tracenorm(words, { input })
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => wrapped(line))
    .join('\n')
}

/** Lines of at most 118 characters: broken after a comma or a brace that is outside texts of JSON. */
function wrapped(line: string): string {
  const lines: string[] = []
  let rest = line
  while (rest.length > 118) {
    const end = lastBreak(rest.slice(0, 116))
    lines.push(rest.slice(0, end))
    rest = `  ${rest.slice(end)}`
  }
  return [...lines, rest].join('\n')
}

function lastBreak(text: string): number {
  const end = Math.max(text.lastIndexOf(',"'), text.lastIndexOf(',{'), text.lastIndexOf(',\\"'))
  return end < 10 ? text.length : end + 1
}

it('has the examples and tables that the program makes', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const [, input = ''] = /```text\n(.*?)```/s.exec(page) ?? []
  let made = page
  for (const to of ENVELOPES) {
    const example = await exampleOf(to, input)
    made = made.replace(
      new RegExp(`(\`\`\`json ${to}\n).*?(\`\`\`)`, 's'),
      (_, open, close) => `${open}${example}\n${close}`,
    )
  }
  for (const map of MAPS)
    made = made.replace(new RegExp(`(<!-- ${map} -->\n)\n?(?:\\|.*\n)*`), (_, open) => `${open}\n${tableOf(map)}\n`)
  if (process.env.TRACENORM_WRITE !== undefined) writeFileSync(PAGE, made)
  else expect(page).toBe(made)
})

it.each(MAPS)('%s names fields that there are, each once', (map) => {
  const paths = Object.keys(NAMES[map])
  expect(paths.filter((path) => !FIELD_PATHS.includes(path))).toEqual([])
  expect(new Set(Object.values(NAMES[map])).size).toBe(paths.length)
})
