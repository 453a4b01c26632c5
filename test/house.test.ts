import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeIn, declarationsOf, root, textOf, tracked } from './source-text.ts'

/** Sources of the program that people write. */
const sources = codeIn('src', 'adapters')
/** The same, and the scripts that make the rest of them. */
const withScripts = [...sources, ...codeIn('scripts')]

interface Import {
  readonly file: string
  /** `src/text/scan.ts`, `node:fs`, `commander`. */
  readonly target: string
  readonly isType: boolean
}

const STATEMENT = /^(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'/gm
const ON_DEMAND = /\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm

function importsOf(file: string): readonly Import[] {
  const text = textOf(file)
  const found = [
    ...[...text.matchAll(STATEMENT)].map(([, type, target = '']) => ({ target, isType: type !== undefined })),
    ...[...text.matchAll(ON_DEMAND)].map(([, target, bare = '']) => ({ target: target ?? bare, isType: false })),
  ]
  return found.map(({ target, isType }) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
    isType,
  }))
}

const imports = sources.flatMap(importsOf)
/** `stream-json/core/parser.js` is of the package `stream-json`. */
const packageOf = (target: string): string => (target.startsWith('@') ? target : (target.split('/')[0] ?? ''))
const isOurs = (target: string): boolean => target.startsWith('src/') || target.startsWith('adapters/')

/** The row of a file: `text/`, `contract.ts`, `adapters/x/`; also `adapters/registry.ts`, which is generated. */
function rowOf(path: string): string {
  const [first, second = '', ...rest] = path.split('/')
  if (first === 'adapters') return rest.length > 0 ? 'adapters/x/' : path
  return rest.length > 0 ? `${second}/` : second
}

interface Row {
  readonly may: ReadonlySet<string>
  readonly mayType: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
}

/** The table of docs/architecture.md. */
function readTable(): ReadonlyMap<string, Row> {
  const lines = textOf('docs/architecture.md').split('\n')
  const start = lines.findIndex((line) => line.startsWith('| folder | may import |'))
  const rows = new Map<string, Row>()
  for (const line of lines.slice(start + 2)) {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, name = '', may = '', packages = ''] = cells
    if (cells.length !== 5) break
    const [values = '', types = ''] = may.includes('types of') ? may.split('types of') : [may]
    const inherited = values.includes("all of `run/`'s") ? [...(rows.get('run/')?.may ?? [])] : []
    rows.set(quoted(name)[0] ?? '', {
      may: new Set([...inherited, ...quoted(values).map(asRow)]),
      mayType: new Set(quoted(types).map(asRow)),
      packages: new Set(quoted(packages)),
    })
  }
  return rows
}

function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
}

/** `text` → `text/`. */
function asRow(word: string): string {
  return word.endsWith('.ts') || word.endsWith('/') ? word : `${word}/`
}

const table = readTable()

describe('imports', () => {
  it('are read from the table of docs/architecture.md', () => {
    expect(table.get('kernel/')?.may).toEqual(new Set(['text/', 'event/']))
    expect(table.get('commands/')?.may).toContain('kernel/')
    expect(imports.length).toBeGreaterThan(100)
  })

  it('go from every folder only where the table lets them', () => {
    const wrong: string[] = []
    for (const { file, target, isType } of imports) {
      const from = rowOf(file)
      if (from === 'adapters/registry.ts') continue
      const row = table.get(from)
      if (row === undefined) {
        wrong.push(`${file}: docs/architecture.md has no row for ${from}`)
      } else if (isOurs(target)) {
        const to = rowOf(target)
        const isAllowed = to === from || to === 'errors.ts' || row.may.has(to) || (isType && row.mayType.has(to))
        if (!isAllowed) wrong.push(`${file} imports ${target}`)
      } else {
        const isAllowed =
          row.packages.has(packageOf(target)) || (target.startsWith('node:') && row.packages.has('node:*'))
        if (!isAllowed) wrong.push(`${file} imports ${target}`)
      }
    }
    expect([...new Set(wrong)]).toEqual([])
  })

  it('stay within an adapter', () => {
    const across = imports.filter(
      ({ file, target }) =>
        file.startsWith('adapters/') &&
        file !== 'adapters/registry.ts' &&
        target.startsWith('adapters/') &&
        target.split('/')[1] !== file.split('/')[1],
    )
    expect(across).toEqual([])
  })

  it('go down the layers of adapters/bpftrace only', () => {
    const base = 'adapters/bpftrace/'
    const rows = textOf(`${base}README.md`).matchAll(/^\| `([a-z]+\/)` \|/gm)
    const layers = [...rows].map(([, folder = '']) => folder)
    // Files beside the folders are the top.
    const levelOf = (path: string): number => {
      const level = layers.findIndex((folder) => path.startsWith(base + folder))
      return level < 0 ? layers.length : level
    }
    const within = imports.filter(({ file, target }) => file.startsWith(base) && target.startsWith(base))
    const up = within.filter(({ file, target }) => levelOf(target) > levelOf(file))
    const folders = sources.flatMap(
      (path) => (path.startsWith(base) ? /[a-z]+\//.exec(path.slice(base.length)) : null) ?? [],
    )
    expect([...new Set(folders)].sort()).toEqual([...layers].sort())
    expect(up).toEqual([])
  })

  it('bring a package in at one place', () => {
    const packages = new Map<string, Set<string>>()
    for (const { file, target } of imports) {
      if (isOurs(target) || target.startsWith('node:') || target === 'commander') continue
      const name = packageOf(target)
      packages.set(name, new Set([...(packages.get(name) ?? []), file]))
    }
    expect([...packages].filter(([, files]) => files.size > 1)).toEqual([])
  })

  it('are of packages that package.json has for the run', () => {
    const { dependencies, peerDependencies } = JSON.parse(textOf('package.json'))
    const packages = imports.filter(({ target }) => !isOurs(target) && !target.startsWith('node:'))
    const used = new Set(packages.map(({ target }) => packageOf(target)))
    const isMissing = ({ target, isType }: Import): boolean =>
      // Types of an optional package are known without it.
      ({ ...dependencies, ...(isType && peerDependencies) })[packageOf(target)] === undefined
    expect(packages.filter(isMissing)).toEqual([])
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([])
  })

  it('are not handed on: no barrels', () => {
    const handing = sources.filter((file) => file !== 'src/index.ts' && /^export\s[^;]*?\sfrom '/m.test(textOf(file)))
    expect(handing).toEqual([])
  })
})

describe('a source file', () => {
  it('is named for what it does, in kebab-case', () => {
    const nothings = /(?:^|[/-])(?:utils?|helpers?|common|managers?|handlers?|processors?|misc|tmp|types)(?:[-./]|$)/
    expect(sources.filter((path) => nothings.test(path))).toEqual([])
    expect(sources.filter((path) => !/^[a-z0-9/-]+\.ts$/.test(path))).toEqual([])
  })

  it('declares nothing with a name that says nothing', () => {
    const declared = /\b(?:class|interface|type)\s+(\w*(?:Manager|Handler|Helper|Utils?|Processor))\b/g
    const named = sources.flatMap((path) => [...textOf(path).matchAll(declared)].map(([, name]) => `${path}: ${name}`))
    expect(named).toEqual([])
  })

  it('has one job: at most 300 lines', () => {
    const lengths = withScripts.map((path) => ({
      path,
      lines: textOf(path).split('\n').length - 1,
    }))
    expect(lengths.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
  })

  it('has functions of at most 50 lines', () => {
    const functions = withScripts.flatMap((path) => declarationsOf(path).functions)
    const long = functions.filter(({ lines }) => lines > 50)
    expect(long.map(({ path, line, name, lines }) => `${path}:${line}: ${name}, ${lines}`)).toEqual([])
  })

  it('declares no type whose name another file has, too', () => {
    const places = new Map<string, Set<string>>()
    for (const { name, path } of sources.flatMap((file) => declarationsOf(file).types)) {
      places.set(name, (places.get(name) ?? new Set()).add(path))
    }
    const twice = [...places].filter(([, files]) => files.size > 1)
    expect(twice.map(([name, files]) => `${name}: ${[...files].join(' ')}`)).toEqual([])
  })

  it('does not silence the compiler', () => {
    // A cast may stand where a comment, on its line or above, says why it is sound.
    const wrong = sources.flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index, lines) => {
          const code = line.replace(/'[^']*'|`[^`]*`/g, "''")
          const isCast =
            /[\w)\]}] as (?!const\b)[A-Za-z{(]/.test(code.replace(/\/\/.*/, '')) &&
            !/^\s*(?:import|export|\*|\/\*|\w+ as \w+,?$)/.test(code)
          const isExplained = line.includes('//') || /^\s*(?:\/\/|\*)/.test(lines[index - 1] ?? '')
          return /@ts-(?:ignore|expect-error|nocheck)/.test(line) || (isCast && !isExplained)
            ? [`${path}:${index + 1}`]
            : []
        }),
    )
    expect(wrong).toEqual([])
  })

  it('reads no environment, clock or locale below commands/', () => {
    const reads =
      /process\.(?:env|argv|cwd|stdin|stdout|stderr|exit)|Date\.now|new Date\(\)|toLocale|resolvedOptions\(\)\.(?:timeZone|locale)|performance\.now|hrtime/
    const wrong = sources.filter(
      (path) => !/^src\/(?:commands\/|main\.ts|launcher\.ts)/.test(path) && reads.test(textOf(path)),
    )
    expect(wrong).toEqual([])
  })

  it('has its process handed in, but for the two that start the program and what has its descriptors', () => {
    const uses = /process\.(?:env|argv|cwd|stdin|stdout|stderr|exit|exitCode|on|off|once|kill)\b/
    const wrong = sources.filter(
      (path) =>
        !['src/main.ts', 'src/launcher.ts', 'src/commands/this-process.ts'].includes(path) && uses.test(textOf(path)),
    )
    expect(wrong).toEqual([])
  })

  it('has its folder on the map of docs/architecture.md', () => {
    const map = textOf('docs/architecture.md')
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? `\`src/${entry.name}/\`` : entry.name,
    )
    expect(folders.filter((folder) => !map.includes(folder))).toEqual([])
  })
})

describe('the repository', () => {
  const written = tracked.filter(
    (path) => /(?:\.(?:ts|mjs|js|json|md|sh)|run)$/.test(path) && path !== 'package-lock.json',
  )

  it('names no path of a machine', () => {
    const machine = /(?:^|[\s"'`(=:])\/(?:work|home|root|Users)\/[\w.-]/m
    expect(written.filter((path) => !path.startsWith('fixtures/') && machine.test(textOf(path)))).toEqual([])
  })

  it('has no broken link in its pages', () => {
    const pages = tracked.filter((path) => path.endsWith('.md') && !path.startsWith('fixtures/'))
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target = '']) => normalize(join(dirname(page), target)))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('checks in CI what the README tells to run', () => {
    const command = 'npm run check'
    expect(textOf('README.md')).toContain(`npm ci && ${command}`)
    expect(textOf('.ci/run')).toContain(command)
  })
})
