import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

/** Files by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** A tar of files, as tar-stream writes it. */
export async function tarOf(files: Files): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content))
  archive.finalize()
  return buffer(archive)
}

/** Writes files below a folder. */
export function spread(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

/** A zip of all that is in a folder, by the program `zip`. */
export function zipOf(folder: string, ...flags: readonly string[]): Buffer {
  const file = `${folder}.zip`
  execFileSync('zip', ['-qrD', ...flags, file, '.'], { cwd: folder })
  const bytes = readFileSync(file)
  rmSync(file)
  return bytes
}
