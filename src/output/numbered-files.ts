import { mkdirSync, rmdirSync } from 'node:fs'
import { pathOf } from '../text/file-name.ts'
import { attempt } from './fault.ts'
import type { OpenOutput } from './open.ts'
import { Replacement } from './replacement.ts'
import { fileWriter } from './writer.ts'

/** So many digits sort as names up to the last file that anybody has. */
const DIGITS = 8

/**
 * A folder into which each call of `write` puts a file: `00000001.json`. They are written beside their names, and get
 * them all together. The folder is made when it is not there; it must be empty, so that its files are those of one run.
 */
export class NumberedFiles implements OpenOutput {
  private readonly name: string
  private readonly path: string
  private readonly ending: string
  private readonly isOurs: boolean
  private readonly files: Replacement[] = []
  private syncing: Promise<void>[] = []
  private isKept = false

  /** `name` is the path as the user typed it, for messages. Throws InputError. */
  constructor(name: string, path: string, ending: string) {
    this.name = name
    this.path = path
    this.ending = ending
    this.isOurs = attempt(name, () => mkdirSync(pathOf(path), { recursive: true })) !== undefined
  }

  write(text: string): void {
    this.writeBytes(Buffer.from(text, 'latin1'))
  }

  writeBytes(bytes: Uint8Array): void {
    const name = `${String(this.files.length + 1).padStart(DIGITS, '0')}${this.ending}`
    const file = new Replacement(`${this.name}/${name}`, `${this.path}/${name}`, undefined)
    this.files.push(file)
    const writer = fileWriter(file.fd, this.name)
    writer.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    writer.room()
    const synced = file.sync()
    // `flush` reports it: until then it is no unhandled rejection.
    synced.catch(() => {})
    this.syncing.push(synced)
  }

  flush(): Promise<void> | void {
    if (this.syncing.length > 0) return this.end()
  }

  async end(): Promise<void> {
    const { syncing } = this
    this.syncing = []
    await Promise.all(syncing)
  }

  async sync(): Promise<void> {
    await this.end()
  }

  keep(): void {
    for (const file of this.files) file.takePlace()
    this.isKept = true
  }

  async settle(): Promise<void> {
    await this.files.at(-1)?.syncFolder()
  }

  discard(): void {
    for (const file of this.files) file.discard()
    try {
      if (this.isOurs && !this.isKept) rmdirSync(pathOf(this.path))
    } catch {}
  }
}
