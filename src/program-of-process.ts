import type { Ending } from './commands/io.ts'
import { ioOfProcess, leave } from './commands/this-process.ts'
import { typedWords } from './commands/words.ts'
import { main } from './program.ts'

/** The program, on the descriptors and signals of the process that it runs in. */
export interface ProgramOfProcess {
  /** Runs a command line. `home` is the folder of the package. */
  run(words: readonly string[], version: string, home: URL): Promise<Ending>
  leave(ending: Ending): never
}

export const program: ProgramOfProcess = {
  run: (words, version, home) => main(typedWords(words), ioOfProcess(version, home)),
  leave,
}
