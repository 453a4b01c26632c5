// What the house tests look at: the files that people write, their comments, functions and types.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'rolldown/utils'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every file of the repository that git knows, or would add; what is generated is ignored by git and not here. */
export const tracked: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

/** TypeScript files below these folders. */
export function codeIn(...folders: readonly string[]): readonly string[] {
  return tracked.filter((path) => path.endsWith('.ts') && folders.some((folder) => path.startsWith(`${folder}/`)))
}

/** Something in a file, and the line where it begins. */
export interface Found {
  readonly path: string
  readonly line: number
  readonly name: string
  /** How many lines it has. */
  readonly lines: number
}

export interface Comment {
  readonly line: number
  readonly text: string
  /** The whole line, code before the comment included. */
  readonly whole: string
}

/** Every line of every comment. */
export function commentsOf(path: string): readonly Comment[] {
  const text = textOf(path)
  const lines = text.split('\n')
  const lineAt = lineFinder(text)
  return parseSync(path, text).comments.flatMap(({ start, end }) => {
    const first = lineAt(start)
    const pieces = text.slice(start, end).split('\n')
    return pieces.map((piece, index) => ({ line: first + index, text: piece, whole: lines[first + index - 1] ?? '' }))
  })
}

export interface Declarations {
  readonly functions: readonly Found[]
  /** Interfaces, type aliases, classes and enums. */
  readonly types: readonly Found[]
}

/** The functions and types of a file, nested ones included. */
export function declarationsOf(path: string): Declarations {
  const text = textOf(path)
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const lineAt = lineFinder(text)
  const functions: Found[] = []
  const types: Found[] = []
  visit(program, '', (node, name) => {
    const kind = KINDS.get(node.type)
    if (kind === undefined) return
    const line = lineAt(node.start)
    const found = { path, line, name, lines: lineAt(node.end) - line + 1 }
    if (kind === 'function') functions.push(found)
    else types.push(found)
  })
  return { functions, types }
}

const KINDS: ReadonlyMap<string, 'function' | 'type'> = new Map([
  ['FunctionDeclaration', 'function'],
  ['FunctionExpression', 'function'],
  ['ArrowFunctionExpression', 'function'],
  ['TSInterfaceDeclaration', 'type'],
  ['TSTypeAliasDeclaration', 'type'],
  ['TSEnumDeclaration', 'type'],
  ['ClassDeclaration', 'type'],
])

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** Calls `found` for every node, with its name or that of what it is the value of. */
function visit(value: unknown, nameAround: string, found: (node: Node, name: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, nameAround, found)
  } else if (isNode(value)) {
    const name = nameOf(value) ?? nameAround
    found(value, name)
    for (const inner of Object.values(value)) visit(inner, name, found)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function nameOf(node: Node): string | undefined {
  const { id, key } = { id: undefined, key: undefined, ...node }
  return identifier(id) ?? identifier(key)
}

function identifier(value: unknown): string | undefined {
  const { name } = typeof value === 'object' && value !== null && 'name' in value ? value : { name: undefined }
  return typeof name === 'string' ? name : undefined
}

/** The number of the line that an offset is in. */
function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

/** Lines of prose in a Markdown page: no code, no tables, and links without where they lead. */
export function proseOf(path: string): readonly { readonly line: number; readonly text: string }[] {
  let isCode = false
  return textOf(path)
    .split('\n')
    .flatMap((text, index) => {
      if (/^\s*```/.test(text)) isCode = !isCode
      else if (!isCode && !/^\s*\|/.test(text)) return [{ line: index + 1, text: text.replace(/\]\([^)]*\)/g, ']') }]
      return []
    })
}
