import { stdoutOutput } from '../sinks/output.ts'
import { latin1 } from '../text/utf8.ts'

/** Writes what a command answers to stdout. Throws InputError (the disk is full) and BrokenPipe, which `process.stdout` would tell too late. */
export async function answer(text: string): Promise<void> {
  const output = stdoutOutput()
  output.write(latin1(text))
  await output.end()
}
